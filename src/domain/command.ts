import type { AccountCommand } from './account.js';
import type { ClientPropertyCommand } from './client-properties.js';
import type { ClientSettingsCommand } from './client-settings.js';
import type { ClientShareCommand } from './client-shares.js';
import type { ClientCommand } from './client.js';
import type { GroupCommand } from './group.js';
import type { MailCommand } from './mail.js';
import type { ResetPassword } from './password-tokens.js';
import type { RoleCommand } from './role.js';
import type { SignInCommand } from './sign-in.js';
import type { TabInstanceCommand } from './tab-instances.js';
import type { UserPropertyCommand } from './user-properties.js';
import type { UserCommand } from './user.js';

/** Whatever can be asked of an account. */
export type Command =
  | AccountCommand
  | ClientCommand
  | ClientSettingsCommand
  | UserCommand
  | SignInCommand
  | MailCommand
  | ResetPassword
  | UserPropertyCommand
  | TabInstanceCommand
  | GroupCommand
  | RoleCommand
  | ClientShareCommand
  | ClientPropertyCommand;
