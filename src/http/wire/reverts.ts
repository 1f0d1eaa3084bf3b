import { ClientChoice } from './client-choice.js';

/** What a command is reverted with: nothing but, perhaps, the account. */
export class RevertBody extends ClientChoice {}
