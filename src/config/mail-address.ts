import { nameRule } from '../domain/text.js';
import type { Kind } from './setting.js';

export interface MailAddress {
  /** Empty when there is no name. */
  readonly name: string;
  readonly address: string;
}

/** An address, alone or in angle brackets after a name. */
export const mailAddress: Kind<MailAddress> = {
  must: 'be like Muster <muster@example.com>',
  parse: (text) => {
    const [, name = '', inBrackets, alone] = /^(?:([^<>]*)<([^<>]*)>|([^<>]*))$/.exec(text.trim()) ?? [];
    const address = inBrackets ?? alone ?? '';
    const isAddress = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d]([a-z\d.-]{0,180}[a-z\d])?$/i.test(address);
    if (!isAddress || !(name.trim() === '' || nameRule.isKeptBy(name))) return undefined;
    return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
  },
};
