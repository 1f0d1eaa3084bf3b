import { openLog } from '../../src/event-store/opened-log.js';
import { MailRequests } from './mailing.js';

/** Works with the log in a data directory while no service does, in an account that is opened when it is not there. */
export async function withLogIn<Result>(
  directory: string,
  work: (acme: MailRequests) => Promise<Result>,
): Promise<Result> {
  const store = openLog({ type: 'sqlite', directory }, '', false);
  try {
    const acme = new MailRequests(store, 'acme');
    await acme.run(acme.commands.open()).catch(() => undefined);
    return await work(acme);
  } finally {
    await store.close();
  }
}
