import { requireText } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { byName, type Shape } from './shape.js';
import { freeTextRule, nameRule } from './text.js';

export type SettingValue = string | number | boolean;

const settingOrNull: Shape<SettingValue | null> = { type: ['string', 'number', 'boolean', 'null'] };

/** Sets settings of a client account, by name; names that are not sent stay. null and "" remove. */
export class SetClientSettings extends AccountCommand<{
  readonly settings: Readonly<Record<string, SettingValue | null>>;
}> {
  readonly type = 'SetClientSettings';
}

export type ClientSettingsCommand = SetClientSettings;

/** Only settings that changed, by name; null for one that is no more. */
export type ClientSettingsSet = Event<
  'ClientSettingsSet',
  { settings: Readonly<Record<string, SettingValue | null>> }
>;

export type ClientSettingsEvent = ClientSettingsSet;

/** The settings of a client account by name. */
export type ClientSettings = JournaledMap<SettingValue>;

function admitSetting(name: string, value: SettingValue | null, before: SettingValue | undefined): void {
  if (value === null || value === '') return;
  if (before === undefined) requireText(nameRule, 'each name in settings', name);
  if (typeof value === 'string' && value !== before)
    requireText(freeTextRule, 'each text in settings', value);
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    throw new Rejection('bad_request', 'each number in settings must be one that JSON has');
}

/** @throws Rejection client_not_found for a company; quota_exceeded for more settings than a client may have */
function decide(
  { data }: ClientSettingsCommand,
  self: ClientSettings,
  questions: Questions,
): ClientSettingsEvent[] {
  if (questions.isCompany) throw new Rejection('client_not_found');
  const changed = Object.entries(data.settings)
    .map(([name, value]) => [name, value === '' ? null : value] as const)
    .filter(([name, value]) => value !== (self.get(name) ?? null));
  if (changed.length === 0) return [];
  const added = changed.filter(([name]) => !self.has(name)).length;
  const removed = changed.filter(([, value]) => value === null).length;
  questions.requireRoom('settings', self.size, added - removed);
  // Object.fromEntries makes a property of its own of every name, __proto__ too.
  return [{ type: 'ClientSettingsSet', data: { settings: Object.fromEntries(changed) } }];
}

/** Applies an event in place. */
function evolve(self: ClientSettings, { data }: ClientSettingsEvent): void {
  for (const [name, value] of Object.entries(data.settings)) {
    if (value === null) self.delete(name);
    else self.set(name, value);
  }
}

export const clientSettings = aggregate<ClientSettingsCommand, ClientSettingsEvent>()({
  state: (journal) => ({ clientSettings: new JournaledMap<SettingValue>(journal) }),
  commands: {
    SetClientSettings: {
      ...({ class: SetClientSettings, needs: 'client.edit', aboutClient: true } as const),
      admit: ({ data: { settings } }, { clientSettings }) => {
        for (const [name, value] of Object.entries(settings))
          admitSetting(name, value, clientSettings.get(name));
      },
    },
  },
  events: {
    ClientSettingsSet: told('settings', 'set settings of {client}', { settings: byName(settingOrNull) }),
  },
  decide: (command, { clientSettings }, questions) => decide(command, clientSettings, questions),
  evolve: ({ clientSettings }, { event }) => evolve(clientSettings, event),
});
