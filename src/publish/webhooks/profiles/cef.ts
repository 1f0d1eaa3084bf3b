import { isIPv4 } from 'node:net';
import { version } from '../../../version.js';
import type { OcsfEvent } from './ocsf.js';
import { SERVICE } from './ocsf-objects.js';
import { wordsOf } from './sentence.js';
import type { ToldEvent } from './told-event.js';

/** The severities of CEF by those of OCSF: 0 to 3 are low, 4 to 6 medium, 7 and 8 high. */
const severities = [0, 1, 3, 5, 8] as const;

/** The most characters of what is longer than its key allows by the standard. */
const lengths = { externalId: 40, msg: 1023, text: 4000, name: 512, user: 1023, act: 63 } as const;

type Extension = readonly (readonly [key: string, value: string | number | undefined])[];

/**
 * An event as one line of the Common Event Format, version 0. Keys and their lengths are those of the ArcSight CEF
 * Implementation Standard. @param ocsf the same event
 */
export function cefOf({ event, data, isThin, cursor }: ToldEvent, ocsf: OcsfEvent): string {
  const header = ['CEF:0', SERVICE, SERVICE, version(), event.type, wordsOf(event.type)];
  const { metadata, actor, user, src_endpoint: source, http_request: request } = ocsf;
  const { id, subject, correlationid, credentialid } = event;
  const ip = source?.ip;
  const extension: Extension = [
    ['rt', ocsf.time],
    ['externalId', cut(idAmongOthers(id), lengths.externalId)],
    ['deviceExternalId', metadata.tenant_uid],
    ['cat', ocsf.class_name],
    ['act', cut(ocsf.activity_name, lengths.act)],
    ['outcome', ocsf.status.toLowerCase()],
    ['reason', ocsf.status_detail ?? ocsf.status_code],
    ['suid', cut(actor.user?.uid, lengths.user)],
    ['suser', cut(actor.user?.name, lengths.user)],
    ['duid', cut(user?.uid, lengths.user)],
    ['duser', cut(user?.name ?? user?.full_name, lengths.user)],
    ['msg', cut(ocsf.message, lengths.msg)],
    ...(ip === undefined || isIPv4(ip)
      ? ([['src', ip]] as const)
      : labelled('c6a2', 'Source IPv6 Address', ip)),
    ['requestMethod', request?.http_method],
    ['requestClientApplication', cut(request?.user_agent, lengths.user)],
    ...labelled('cs1', 'eventId', id),
    ...labelled('cs2', 'subject', subject),
    ...labelled('cs3', 'cursor', cursor),
    ...labelled('cs4', 'data', isThin ? undefined : cut(JSON.stringify(data), lengths.text)),
    ...labelled('cs5', 'commandId', correlationid),
    ...labelled('cs6', 'credentialId', credentialid),
  ];
  const pairs = extension.flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${extensionValue(String(value))}`],
  );
  const severity = severities[ocsf.severity_id] ?? 0;
  return `${header.map(headerField).join('|')}|${severity}|${pairs.join(' ')}`;
}

/** A value and what its custom key stands for. */
function labelled(key: string, label: string, value: string | undefined): Extension {
  return value === undefined
    ? []
    : [
        [key, value],
        [`${key}Label`, label],
      ];
}

/** The last part of an event's id: its revision, or the id of an attempt or a test. */
function idAmongOthers(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function cut(text: string | undefined, most: number): string | undefined {
  if (text === undefined || text.length <= most) return text;
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** `|` and `\` are escaped, and a line ends nowhere. */
function headerField(text: string): string {
  return plain(text.replace(/[\r\n]+/g, ' ')).replace(/[\\|]/g, '\\$&');
}

/** `=` and `\` are escaped, and the ends of lines are written as `\n` and `\r`. */
function extensionValue(text: string): string {
  const escaped = text.replace(/[\\=]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n');
  return plain(escaped);
}

/** Without characters that some readers take for the end of a line. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
