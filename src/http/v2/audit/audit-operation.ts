import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { statistics } from '../../../audit/audit-query.js';
import { outcomes } from '../../../audit/trail-question.js';
import { categories } from '../../../domain/category.js';
import { readers } from '../../../domain/permissions.js';

/** Who reads the log. */
export const forReaders = { permissions: readers, past: 'log', large: 'always' } as const;

const texts = {
  actor: 'Id of who did it, or operator or system',
  subject: 'Id of something it is about, of whatever type',
  user: 'Id of a user it is about',
  group: 'Id of a group it is about',
  role: 'Id of a role it is about',
  type: 'Names of events, separated by commas; `*` at the end of one stands for any rest, as in `User*`',
  category: categories.join(', '),
  privileged: 'true or false',
  via: 'v1, v2, scim, operator or system',
  credential: 'Id of an API key, or a kind of credential',
  command_id: 'Id of the command',
  request_id: 'Id of the request',
  q: 'Words, or beginnings of words, of the summary, the names of then and the reason',
} as const;

const choices = {
  order: { description: 'Newest or oldest first', words: ['desc', 'asc'], example: 'desc' },
  fold: { description: 'One row a command', words: ['command'], example: 'command' },
  outcome: { description: 'What was done, or what was tried', words: outcomes, example: 'any' },
  by: { description: 'What to count by', words: statistics, example: 'event' },
} as const;

/** Describes the filters of the log, and some parameters besides. */
export function AuditFilters(...more: readonly (keyof typeof choices)[]): MethodDecorator {
  const range = { required: false, type: String, description: 'A revision or an RFC 3339 time, inclusive' };
  return applyDecorators(
    ...Object.entries(texts).flatMap(([name, description]) =>
      [name, `${name}!`].map((one) => {
        const meaning = one === name ? description : `None of these: ${name}`;
        return ApiQuery({ name: one, required: false, type: [String], description: meaning });
      }),
    ),
    ...['from', 'to'].map((name) => ApiQuery({ name, ...range })),
    ...more.map((name) => {
      const { description, words, example } = choices[name];
      const schema = { type: 'string', enum: [...words], example };
      return ApiQuery({ name, required: name === 'by', description, schema });
    }),
  );
}

/** Describes how to ask for the next page. */
export function AuditPages(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      type: Number,
      description: 'Entries a page, 1 to 1000; 100 if absent',
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      type: String,
      description: 'The next_cursor of the page before',
    }),
  );
}
