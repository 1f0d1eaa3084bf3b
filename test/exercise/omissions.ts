import type { Edit } from './source-copy.js';

/** What somebody forgot, with the file and the words of the compiler's complaint. */
export interface Omission {
  readonly what: string;
  readonly edits: readonly Edit[];
  readonly file: string;
  readonly complaint: RegExp;
}

const without = (file: string, replace: string): Edit => ({ file, replace, with: '' });

/** Each is in files of its own, so that one run of the compiler tells of all. */
export const omissions: readonly Omission[] = [
  {
    what: 'a command without an entry in the manifest',
    edits: [
      without(
        'domain/role.ts',
        "    DeleteRole: { class: DeleteRole, needs: 'user.manage', admit: noTexts },\n",
      ),
    ],
    file: 'src/domain/role.ts',
    complaint: /'DeleteRole' is missing/,
  },
  {
    what: 'a command that does not say which rules its texts keep',
    edits: [
      {
        file: 'domain/assignment.ts',
        replace: "{ class: AddUserToRole, needs: 'user.manage', admit: noTexts }",
        with: "{ class: AddUserToRole, needs: 'user.manage' }",
      },
    ],
    file: 'src/domain/assignment.ts',
    complaint: /'admit' is missing/,
  },
  {
    what: 'a command that nothing decides',
    edits: [
      without(
        'domain/mail.ts',
        "    case 'RecordMailSent':\n      return [{ type: 'MailSent', data: { user_id, mail_id } }];\n",
      ),
    ],
    file: 'src/domain/mail.ts',
    complaint: /lacks ending return/,
  },
  {
    what: 'an event without an entry in the manifest',
    edits: [
      without(
        'domain/client.ts',
        "    ClientThemeChanged: told('settings', 'set the theme of {client} to {custom_theme}', {\n      custom_theme: textOrNull,\n    }),\n",
      ),
    ],
    file: 'src/domain/client.ts',
    complaint: /'ClientThemeChanged' is missing/,
  },
  {
    what: 'a field of an event that subscribers are not told of',
    edits: [without('domain/sign-in.ts', ', until: moment')],
    file: 'src/domain/sign-in.ts',
    complaint: /'until' is missing/,
  },
  {
    what: 'an event that changes no state',
    edits: [
      without(
        'domain/sign-in.ts',
        "    case 'UserUnlocked':\n      return { ...self, locked_until: null };\n",
      ),
    ],
    file: 'src/domain/sign-in.ts',
    complaint: /lacks ending return/,
  },
  {
    what: 'an event that is handled by no table and not listed as such',
    edits: [
      without(
        'read/tables/roles.ts',
        '    RoleDescriptionChanged: ({ role_id, description }, at) => rows.change(at, key(role_id), { description }),\n',
      ),
    ],
    file: 'src/read/tables/tables.ts',
    complaint: /"RoleDescriptionChanged"/,
  },
  {
    what: 'a question that is not registered',
    edits: [
      without('read/questions.ts', '  question(ListGroups, listGroups),\n'),
      without('read/questions.ts', "import { listGroups, ListGroups } from './groups.js';\n"),
    ],
    file: 'src/http/v1/groups.controller.ts',
    complaint: /'ListGroups' is not assignable/,
  },
];
