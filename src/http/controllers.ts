import { doors } from './doors.js';
import { HealthController } from './operations/health.controller.js';
import { FrontPageController } from './pages/front-page.controller.js';
import { PasswordPageController } from './pages/password-page.controller.js';

/** Everything that answers requests. */
export const controllers = [
  ...doors.flatMap((door) => door.controllers),
  ...[HealthController, PasswordPageController, FrontPageController],
];
