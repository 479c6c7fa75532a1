import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../../engine/base/result.ts';
import { describeSettings } from '../../engine/store/settings/describe-settings.ts';
import type { Settings } from '../../engine/store/settings/schema.ts';
import { editSetting, type SettingRefusal } from '../../engine/store/settings/settings-edit.ts';
import {
  readSettings,
  type SettingsProblem,
  type SettingsRead,
} from '../../engine/store/settings/settings-file.ts';
import type { SettingsState } from '../../engine/api/settings.ts';

/** How often the file is looked at. */
const LOOK_MS = 500;

/** Called with the settings of now and of before. */
export type SettingsListener = (now: Settings, before: Settings) => void;

/** The settings of a data folder while an engine runs: changed from the desk or in the file, which is read again when it changes. */
export class SettingsBook implements Disposable {
  readonly #dataFolder: string;
  readonly #listeners = new Set<SettingsListener>();
  readonly #timer: NodeJS.Timeout;
  #stamp: string;
  #settings: Settings;
  #problems: readonly SettingsProblem[];

  constructor(dataFolder: string, settings: Settings) {
    this.#dataFolder = dataFolder;
    // Before it is read: what changes in between is seen at the next look.
    this.#stamp = this.#stampNow();
    this.#settings = settings;
    this.#problems = readSettings(dataFolder, settings).problems;
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  #look(): void {
    const stamp = this.#stampNow();
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#take(readSettings(this.#dataFolder, this.#settings));
  }

  /** What differs when the file was written or replaced; empty while there is none. */
  #stampNow(): string {
    const file = join(this.#dataFolder, 'settings.json');
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.mtimeNs} ${stat.size} ${stat.ino}`;
  }

  /** As they are now. */
  get settings(): Settings {
    return this.#settings;
  }

  /** What a window shows of them. */
  get state(): SettingsState {
    return { settings: [...describeSettings(this.#settings)], problems: [...this.#problems] };
  }

  /** Calls back when a setting, or what is wrong in the file, has changed. */
  onChange(listener: SettingsListener): void {
    this.#listeners.add(listener);
  }

  /** Writes one setting to the file; `undefined` takes it out, so that its default holds. */
  change(key: string, value: unknown): Result<Settings, SettingRefusal> {
    const edited = editSetting(this.#dataFolder, this.#settings, key, value);
    if (edited.ok) this.#take(readSettings(this.#dataFolder, edited.value));
    return edited;
  }

  #take({ settings, problems }: SettingsRead): void {
    const before = this.#settings;
    const same = isDeepStrictEqual(settings, before) && isDeepStrictEqual(problems, this.#problems);
    this.#settings = settings;
    this.#problems = problems;
    if (same) return;
    for (const listener of this.#listeners) listener(settings, before);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
