import { adminKey, type Answer, operatorKey, pick } from './api-client.js';
import { type RunningApp } from './app.js';

interface Step {
  readonly title: string;
  readonly expectedStatus: number;
  readonly name: string | undefined;
  readonly text: string;
}

/** The requests of a `.http` file (the form that editors replay); each title ends in the status to expect. */
export function stepsOf(file: string): { variables: Map<string, string>; steps: Step[] } {
  const [head = '', ...parts] = file.split(/^### /m);
  const variables = new Map(
    [...head.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const steps = parts.map((part) => {
    const [, title = '', status] = /^(.*) \((\d+)\)$/m.exec(part) ?? [];
    const [, name] = /^# @name (\w+)$/m.exec(part) ?? [];
    const text = part
      .split('\n')
      .slice(1)
      .filter((line) => !line.startsWith('#'))
      .join('\n')
      .trim();
    return { title, expectedStatus: Number(status), name, text };
  });
  return { variables, steps };
}

/** What the editor's own environment holds. */
const environment: Readonly<Record<string, string>> = {
  MUSTER_ADMIN_API_KEY: adminKey,
  MUSTER_OPERATOR_KEY: operatorKey,
};

function valueOf(name: string, variables: ReadonlyMap<string, string>): string {
  const value = variables.get(name) ?? '';
  return value.replace(/\{\{\$processEnv (\w+)\}\}/, (_, of: string) => environment[of] ?? '');
}

/** Sends one step; what it refers to of earlier answers is put in first. */
export async function play(
  app: RunningApp,
  step: Step,
  variables: ReadonlyMap<string, string>,
  answers: Map<string, Answer>,
): Promise<Answer> {
  const text = step.text.replace(/\{\{(.+?)\}\}/g, (_, expression: string) => {
    const [, name = '', path = ''] = /^(\w+)\.response\.body\.\$\.(.+)$/.exec(expression) ?? [];
    const answer = answers.get(name);
    if (!answer) return valueOf(expression, variables);
    return String(pick(answer, ...path.split(/[.[\]]+/).filter((part) => part !== '')));
  });
  const [head = '', ...body] = text.split('\n\n');
  const [request = '', ...headerLines] = head.split('\n');
  const [method = '', url = ''] = request.split(' ');
  const headers = Object.fromEntries(
    headerLines.map((line): [string, string] => {
      const [name = '', value = ''] = line.split(': ', 2);
      return [name, value];
    }),
  );
  const { pathname, search } = new URL(url);
  const rawBody = body.length > 0 ? body.join('\n\n') : undefined;
  const answer = await app.request(method, pathname + search, { headers, ...(rawBody ? { rawBody } : {}) });
  if (step.name) answers.set(step.name, answer);
  return answer;
}
