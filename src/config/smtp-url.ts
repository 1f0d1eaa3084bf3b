import { textOf } from './setting.js';

/**
 * The options that may follow after `?` in SMTP_URL, and the values that each takes.
 * The client of nodemailer takes any value, and goes on or fails later.
 * It reads any text but `false` as a yes. A time that is no number ends the process.
 */
const smtpOptions: readonly (readonly [name: RegExp, value: { test(text: string): boolean }])[] = [
  [/^(requireTLS|ignoreTLS|opportunisticTLS|tls\.rejectUnauthorized)$/, /^(true|false)$/],
  [/^(connection|greeting|socket|dns)Timeout$/, /^[1-9]\d{0,6}$/],
  [/^max(Connections|Messages)$/, /^[1-9]\d{0,5}$/],
  [/^authMethod$/, /^(PLAIN|LOGIN|CRAM-MD5)$/],
  [/^(name|tls\.servername)$/, /^([a-z\d]([\w.-]{0,250}[a-z\d])?|\[[\w.:]{1,60}\])$/i],
  [/^localAddress$/, { test: isIpAddress }],
];

export const smtpUrl = textOf(
  'be smtp://host:port or smtps://host:port, with user:password@ where the server asks for them (special characters as % and two digits) and options that are known, each once and with a value it takes',
  isSmtpUrl,
);

/** Whether the client of nodemailer reads an address as its author meant it. */
function isSmtpUrl(value: string): boolean {
  if (/[\s\u0000-\u001f]/.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, port, username, password, pathname, hash, searchParams } = new URL(value);
  const isOption = ([name, text]: readonly [string, string]) =>
    smtpOptions.some(([names, values]) => names.test(name) && values.test(text));
  return (
    /^smtps?:$/.test(protocol) &&
    /^([\w.-]+|\[[\da-f:]+\])$/i.test(hostname) &&
    // The client maps names as those of web pages are mapped.
    // It throws where that fails, at 999.1.1.1 for example.
    URL.canParse(`http://${hostname}`) &&
    port !== '0' &&
    (username === '') === (password === '') &&
    isDecodable(username + password) &&
    /^\/?$/.test(pathname) &&
    hash === '' &&
    [...searchParams].every(isOption) &&
    new Set(searchParams.keys()).size === [...searchParams].length
  );
}

function isIpAddress(text: string): boolean {
  const isLike = /^(\d{1,3}(\.\d{1,3}){3}|[\da-f:.]*:[\da-f:.]*)$/i.test(text);
  return isLike && URL.canParse(`http://${text.includes(':') ? `[${text}]` : text}`);
}

/** Whether each `%` starts the two digits of a byte and the bytes are UTF-8. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
