import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import MailComposer from 'nodemailer/lib/mail-composer';
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from '../event-store/data-directory.js';
import type { MailMessage } from './mail-message.js';
import type { MailTransport } from './mail-transport.js';

/** Writes mails as files to a directory, `<id>.eml` each. Only the owner may read them: they hold tokens. */
export class Outbox implements MailTransport {
  readonly purpose: string;

  constructor(private readonly directory: string) {
    this.purpose = `Mails are not sent, but written to ${directory}: SMTP_URL is not set`;
  }

  /** The file is whole and on disk when it resolves. A file of the same mail is replaced. */
  async send({ id, options }: MailMessage): Promise<void> {
    const message = await new MailComposer({ ...options, newline: 'windows' }).compile().build();
    await mkdir(this.directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    const path = join(this.directory, `${id}.eml`);
    const draft = `${path}.new`;
    const file = await open(draft, 'w', PRIVATE_FILE);
    try {
      await file.writeFile(message);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await synced(this.directory);
  }

  close(): void {
    // There is nothing open between two mails.
  }
}

/** Makes sure that the names in a directory survive a loss of power, as its files do. */
async function synced(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
