import { Semaphore } from '../../event-store/semaphore.js';

/** The most requests of one kind at once. */
const MOST = 256;

/**
 * Bounds how many requests are on their way over all webhooks. Those to receivers that have failed or were slow
 * last have places of their own: they hold them for up to 15 seconds, and take none from the others.
 */
export class RequestSlots {
  private readonly sound: Semaphore;
  private readonly doubtful: Semaphore;

  constructor(most = MOST) {
    this.sound = new Semaphore(most);
    this.doubtful = new Semaphore(most);
  }

  /** Runs what sends a request, in its turn. */
  async run(isDoubtful: boolean, send: () => Promise<void>): Promise<void> {
    const { acquired, release } = (isDoubtful ? this.doubtful : this.sound).acquire();
    await acquired;
    await send().finally(release);
  }
}
