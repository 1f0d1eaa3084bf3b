import { describe, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { SetClientSettings, type SettingValue } from '../../src/domain/client-settings.js';
import { defaultLimits } from '../../src/domain/limits.js';
import { client, company, given, system } from '../support/domain.js';

type Settings = Readonly<Record<string, SettingValue | null>>;

const set = (settings: Settings, account = 'globex') => new SetClientSettings(account, { settings }, system);
const recorded = (settings: Settings): DomainEvent => ({ type: 'ClientSettingsSet', data: { settings } });
const many = (count: number, word = 's'): Settings =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${word}${index}`, index]));

describe('SetClientSettings', () => {
  it('T408: records what is new', () => {
    const settings = { locale: 'de', week: 1, dark: true, ratio: 0.5, off: false, none: 0 };
    given(client()).when(set(settings)).then(recorded(settings));
  });
  it('T408: leaves settings that are not sent, and records only what changes', () =>
    given(client(), recorded({ locale: 'de', week: 1, dark: true }))
      .when(set({ locale: 'fr', week: 1 }))
      .then(recorded({ locale: 'fr' })));
  it.each([null, ''])('T408: removes by %j what is there', (nothing) =>
    given(client(), recorded({ locale: 'de', dark: false }))
      .when(set({ locale: nothing, dark: nothing, week: nothing }))
      .then(recorded({ locale: null, dark: null })),
  );
  it('sets again what was removed', () =>
    given(client(), recorded({ locale: 'de' }), recorded({ locale: null }))
      .when(set({ locale: 'de' }))
      .then(recorded({ locale: 'de' })));
  it('tells texts, numbers and booleans apart', () =>
    given(client(), recorded({ one: 1, yes: true, no: false }))
      .when(set({ one: '1', yes: 1, no: 0 }))
      .then(recorded({ one: '1', yes: 1, no: 0 })));
  it('changes nothing when all are so already', () => {
    given(client(), recorded({ dark: false, none: 0 }))
      .when(set({ dark: false, none: 0, week: null, locale: '' }))
      .nothing();
    given(client()).when(set({})).nothing();
  });
  it('takes __proto__ and constructor as names like others', () => {
    const settings = Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    given(client()).when(set(settings)).then(recorded(settings));
    given(client(), recorded(settings)).when(set(settings)).nothing();
  });
  it('has a most that a client can have', () => {
    given(client())
      .when(set(many(defaultLimits.settings)))
      .then(recorded(many(defaultLimits.settings)));
    const full = [client(), recorded(many(defaultLimits.settings))];
    given(full)
      .when(set({ more: 1 }))
      .rejects('quota_exceeded');
    given(full)
      .when(set({ s0: 'x' }))
      .then(recorded({ s0: 'x' }));
    given(full)
      .when(set({ more: 1, s0: null }))
      .then(recorded({ more: 1, s0: null }));
    given(client())
      .when(set(many(defaultLimits.settings + 1)))
      .rejects('quota_exceeded');
  });
  it('is refused for a company', () =>
    given(company)
      .when(set({ locale: 'de' }, 'acme'))
      .rejects('client_not_found'));
});
