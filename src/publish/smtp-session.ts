import { createHmac } from 'node:crypto';
import type { SMTPConnectionCustomAuthContext } from 'nodemailer/lib/smtp-connection';
import { NotOffered } from './mail-failure.js';

/** What a server has said of itself (EHLO), and the means to send it commands. */
type Server = Pick<SMTPConnectionCustomAuthContext, 'extensions' | 'authMethods' | 'sendCommand'>;

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What a session must have before it carries a message. */
export interface Needs {
  /** An extension that the messages need. */
  readonly extension: 'SMTPUTF8' | undefined;
  readonly credentials: Credentials | undefined;
  /** The only mechanism to sign in by; without it the first that the server offers. */
  readonly mechanism: string | undefined;
}

type Reply = (challenge: string) => string;
interface Mechanism {
  /** The text that follows the name of the mechanism in the command. */
  readonly initial?: string;
  /** The answers to what the server asks, in that order. */
  readonly replies: readonly Reply[];
}

/** From RFC 4616, draft-murchison-sasl-login and RFC 2195, in the order of preference. */
const mechanisms: Readonly<Record<string, (credentials: Credentials) => Mechanism>> = {
  PLAIN: ({ user, password }) => ({ initial: base64(`\0${user}\0${password}`), replies: [] }),
  LOGIN: ({ user, password }) => ({ replies: [() => base64(user), () => base64(password)] }),
  'CRAM-MD5': ({ user, password }) => ({
    replies: [
      (challenge) => {
        const digest = createHmac('md5', password).update(Buffer.from(challenge, 'base64')).digest('hex');
        return base64(`${user} ${digest}`);
      },
    ],
  }),
};

/**
 * Begins a session with what the server offers and nothing else.
 * The client alone would go on without an extension that the server lacks. It would also send a password by a
 * mechanism that the server has not named.
 * A server that names no mechanism gets no sign-in. If it insists on one, it says so when the message comes.
 * @throws NotOffered, or an error after an answer that refuses
 */
export async function beginSession(server: Server, needs: Needs): Promise<void> {
  const { extension, credentials, mechanism } = needs;
  if (extension && !server.extensions.includes(extension)) throw new NotOffered('no_smtputf8');
  if (!credentials || server.authMethods.length === 0) return;
  const name = Object.keys(mechanisms).find(
    (one) => server.authMethods.includes(one) && (mechanism ?? one) === one,
  );
  const chosen = name === undefined ? undefined : mechanisms[name];
  if (!chosen) throw new NotOffered('no_auth_method');
  const { initial, replies } = chosen(credentials);
  let { response } = await server.sendCommand(['AUTH', name, initial].filter(Boolean).join(' '));
  for (const reply of replies) {
    if (!response.startsWith('334')) break;
    ({ response } = await server.sendCommand(reply(response.slice('334 '.length))));
  }
  if (!response.startsWith('2')) throw new Error('The server does not let us sign in');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
