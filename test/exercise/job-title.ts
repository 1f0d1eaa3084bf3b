import { before, type Edit } from './source-copy.js';

// The exercise of the README: users get a job title. Each text below is what one would type there.

const DOMAIN = 'domain/user.ts';
const TABLE = 'read/tables/users.ts';
const QUESTION = 'read/job-title.ts';
const QUESTIONS = 'read/questions.ts';
const CONTROLLER = 'http/v1/user-operations.controller.ts';

export const command: readonly Edit[] = [
  before(
    DOMAIN,
    'type UserCommand = ',
    `export class ChangeJobTitle extends AccountCommand<{ readonly user_id: string; readonly job_title: string }> {
  readonly type = 'ChangeJobTitle';
}

`,
  ),
  { file: DOMAIN, replace: 'type UserCommand = ', with: 'type UserCommand = ChangeJobTitle | ' },
  before(
    DOMAIN,
    'export type UserEvent =',
    `export type UserJobTitleChanged = Event<'UserJobTitleChanged', { user_id: string; job_title: string }>;

`,
  ),
  {
    file: DOMAIN,
    replace: '  UserCreated | UserRenamed',
    with: '  UserJobTitleChanged | UserCreated | UserRenamed',
  },
  {
    file: DOMAIN,
    replace: 'export interface User {\n',
    with: 'export interface User {\n  readonly job_title?: string;\n',
  },
  before(
    DOMAIN,
    '  const { user_id, permissions } = command.data;',
    `  if (command.type === 'ChangeJobTitle') {
    if (command.data.job_title === self.job_title) return [];
    return [{ type: 'UserJobTitleChanged', data: command.data }];
  }
`,
  ),
  before(
    DOMAIN,
    "    case 'UserPermissionsReplaced':",
    `    case 'UserJobTitleChanged':
      return { ...self, job_title: event.data.job_title };
`,
  ),
  before(
    DOMAIN,
    '    CreateUser: {',
    `    ChangeJobTitle: {
      class: ChangeJobTitle,
      needs: 'user.manage',
      admit: ({ data }, { users }) =>
        requireText(nameRule, 'job_title', data.job_title, users.get(data.user_id)?.job_title),
    },
`,
  ),
  before(
    DOMAIN,
    '    UserCreated: {',
    `    UserJobTitleChanged: {
      ...told('update', 'changed the job title of {user} to {job_title}', { user_id: id, job_title: text }),
      personal: ['job_title'],
    },
`,
  ),
  { file: DOMAIN, replace: 'import { requireTexts, ', with: 'import { requireText, requireTexts, ' },

  before(TABLE, '    last_login: optionalText,', '    job_title: optionalText,\n'),
  { file: TABLE, replace: 'const none = {', with: 'const none = { job_title: null,' },
  before(
    TABLE,
    '    UserDeleted: (',
    `    UserJobTitleChanged: ({ user_id, job_title }, at) => rows.change(at, key(user_id), { job_title }),
`,
  ),

  before(
    CONTROLLER,
    'const refuses =',
    `class JobTitleBody extends ClientChoice {
  @IsName()
  job_title!: string;

  toCommand({ user_id }: { readonly user_id: string }): Draft<ChangeJobTitle> {
    return (account, meta) => new ChangeJobTitle(account, { user_id, job_title: this.job_title }, meta);
  }
}

`,
  ),
  before(
    CONTROLLER,
    "  @Post('resend-invite')",
    `  @Post('change-job-title')
  @v1Operation({
    summary: 'Change the job title of a user',
    permissions: ['user.manage'],
    example: requested('change-job-title'),
    refuses,
  })
  async changeJobTitle(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Body() body: JobTitleBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ user_id }));
    return requested('change-job-title');
  }

`,
  ),
  before(
    CONTROLLER,
    'import { OperationBody }',
    `import { ChangeJobTitle } from '../../domain/user.js';
import { ClientChoice } from '../wire/client-choice.js';
import type { Draft } from '../wire/draft.js';
import { IsName } from '../wire/fields/name.js';
`,
  ),
];

export const question: readonly Edit[] = [
  {
    file: QUESTION,
    create: `import { Rejection } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface JobTitleView {
  readonly job_title: string | null;
}

/** The job title of a user. @throws Rejection user_not_found */
export class GetJobTitle extends Question<JobTitleView> {
  readonly type = 'GetJobTitle';

  constructor(
    at: Moment,
    readonly userId: string,
  ) {
    super(at);
  }
}

export const getJobTitle = (database: ViewsDatabase) => {
  const one = new MomentStatement<JobTitleView>(
    database,
    (at) =>
      \`SELECT job_title FROM entities JOIN users ON user = number
       WHERE id = ?3 AND users.account = \${ACCOUNT} AND \${at('users')}\`,
  );
  return ({ at, userId }: GetJobTitle): JobTitleView => {
    const row = one.get(at, userId);
    if (!row) throw new Rejection('user_not_found');
    return row;
  };
};
`,
  },
  before(
    QUESTIONS,
    'import type { PresentQuestion',
    "import { getJobTitle, GetJobTitle } from './job-title.js';\n",
  ),
  before(QUESTIONS, '  question(GetUser, getUser),\n', '  question(GetJobTitle, getJobTitle),\n'),
  before(
    CONTROLLER,
    "  @Post('resend-invite')",
    `  @Get('job-title')
  @v1Operation({
    summary: 'Get the job title of a user',
    permissions: ['user.manage'],
    example: answer({ job_title: 'Engineer' }),
    refuses,
  })
  async jobTitle(@Req() request: ApiRequest, @Param('userId', PathId) userId: string): Promise<Success> {
    const { job_title } = await this.door.read(request, (at) => new GetJobTitle(at, userId));
    return answer({ job_title });
  }

`,
  ),
  before(CONTROLLER, 'import { OperationBody }', "import { GetJobTitle } from '../../read/job-title.js';\n"),
  {
    file: CONTROLLER,
    replace: 'import { requested, type Success }',
    with: 'import { answer, requested, type Success }',
  },
  { file: CONTROLLER, replace: 'import { Body, ', with: 'import { Body, Get, ' },
];
