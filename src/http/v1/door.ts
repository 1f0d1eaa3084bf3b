import { v1 } from './api.js';
import { ClientFactsController } from './client-facts.controller.js';
import { ClientOperationsController } from './client-operations.controller.js';
import { ClientPropertiesController } from './client-properties.controller.js';
import { ClientResourcesController } from './client-resources.controller.js';
import { ClientSettingsController } from './client-settings.controller.js';
import { ClientSharesController } from './client-shares.controller.js';
import { ClientsController } from './clients.controller.js';
import { DefaultTabsController } from './default-tabs.controller.js';
import { GroupUsersController } from './group-users.controller.js';
import { GroupsController } from './groups.controller.js';
import { ProfileController } from './profile.controller.js';
import { RolePermissionsController } from './role-permissions.controller.js';
import { RoleUsersController } from './role-users.controller.js';
import { RolesController } from './roles.controller.js';
import { UserGroupsController } from './user-groups.controller.js';
import { UserOperationsController } from './user-operations.controller.js';
import { UserPropertiesController } from './user-properties.controller.js';
import { UserRolesController } from './user-roles.controller.js';
import { UserTabInstancesController } from './user-tab-instances.controller.js';
import { UsersController } from './users.controller.js';

/** v1 and its routes, in the order of the OpenAPI document. */
export const v1Door = {
  api: v1,
  controllers: [
    ...[UsersController, UserGroupsController, GroupsController, RolesController, RoleUsersController],
    ...[RolePermissionsController, UserRolesController, GroupUsersController, DefaultTabsController],
    ...[ClientsController, ProfileController, UserPropertiesController, UserTabInstancesController],
    ...[ClientFactsController, ClientResourcesController, ClientSettingsController],
    ...[ClientOperationsController, ClientSharesController, ClientPropertiesController],
    UserOperationsController,
  ],
};
