import { FrontPageController } from './front-page.controller.js';
import { HealthController } from './health.controller.js';
import { PasswordPageController } from './password-page.controller.js';
import { ClientFactsController } from './v1/client-facts.controller.js';
import { ClientOperationsController } from './v1/client-operations.controller.js';
import { ClientResourcesController } from './v1/client-resources.controller.js';
import { ClientSettingsController } from './v1/client-settings.controller.js';
import { ClientPropertiesController } from './v1/client-properties.controller.js';
import { ClientSharesController } from './v1/client-shares.controller.js';
import { ClientsController } from './v1/clients.controller.js';
import { DefaultTabsController } from './v1/default-tabs.controller.js';
import { GroupUsersController as V1GroupUsersController } from './v1/group-users.controller.js';
import { GroupsController as V1GroupsController } from './v1/groups.controller.js';
import { ProfileController } from './v1/profile.controller.js';
import { RolePermissionsController } from './v1/role-permissions.controller.js';
import { RoleUsersController } from './v1/role-users.controller.js';
import { RolesController } from './v1/roles.controller.js';
import { UserGroupsController } from './v1/user-groups.controller.js';
import { UserOperationsController } from './v1/user-operations.controller.js';
import { UserPropertiesController } from './v1/user-properties.controller.js';
import { UserTabInstancesController } from './v1/user-tab-instances.controller.js';
import { UserRolesController } from './v1/user-roles.controller.js';
import { UsersController } from './v1/users.controller.js';
import { AccountController } from './v2/account.controller.js';
import { CompaniesController } from './v2/companies.controller.js';
import { GroupUsersController as V2GroupUsersController } from './v2/group-users.controller.js';
import { GroupsController as V2GroupsController } from './v2/groups.controller.js';
import { KeysController } from './v2/keys.controller.js';
import { LocksController } from './v2/locks.controller.js';
import { PasswordController } from './v2/password.controller.js';
import { PermissionsController } from './v2/permissions.controller.js';

/** All doors of the service; the OpenAPI document lists their routes in this order. */
export const controllers = [
  ...[UsersController, UserGroupsController, V1GroupsController, RolesController, RoleUsersController],
  ...[RolePermissionsController, UserRolesController, V1GroupUsersController, DefaultTabsController],
  ...[ClientsController, ProfileController, UserPropertiesController, UserTabInstancesController],
  ...[ClientFactsController, ClientResourcesController, ClientSettingsController, ClientOperationsController],
  ...[ClientSharesController, ClientPropertiesController],
  ...[V2GroupsController, V2GroupUsersController, CompaniesController, AccountController],
  ...[KeysController, LocksController, PermissionsController, HealthController],
  ...[UserOperationsController, PasswordController, PasswordPageController, FrontPageController],
];
