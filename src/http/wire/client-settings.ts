import { SetClientSettings, type SettingValue } from '../../domain/client-settings.js';
import { Whole } from '../door/validation.js';
import type { Draft } from './draft.js';
import { IsSettingMap } from './fields/map.js';

@Whole('settings')
export class SettingsBody {
  @IsSettingMap()
  settings!: Record<string, SettingValue | null>;

  toCommand(): Draft<SetClientSettings> {
    const { settings } = this;
    return (account, meta) => new SetClientSettings(account, { settings }, meta);
  }
}
