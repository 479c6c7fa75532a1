import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, findNodeAtLocation, modify, parseTree, type ParseError } from 'jsonc-parser';
import { err, ok, type Result } from '../../base/result.ts';
import { settingsSchema, type Settings } from './schema.ts';
import { parseSettings } from './settings-file.ts';

/** Why a setting was not changed. */
export interface SettingRefusal {
  readonly code:
    'SETTING_UNKNOWN' | 'SETTING_INVALID' | 'SETTINGS_NOT_JSON' | 'SETTINGS_UNWRITABLE';
  readonly message: string;
}

const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2, insertFinalNewline: true } };

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{}\n';
  }
}

/** The settings with one key at another value, if that is one of the schema. */
function changed(
  settings: Settings,
  key: string,
  value: unknown,
): Result<Settings, SettingRefusal> {
  const [section = '', name = '', ...more] = key.split('.');
  const before = Object.entries(settings).find(([known]) => known === section)?.[1];
  if (before === undefined || !Object.hasOwn(before, name) || more.length > 0) {
    return err({ code: 'SETTING_UNKNOWN', message: `no setting is called ${key}` });
  }
  const { [name]: _old, ...rest }: Record<string, unknown> = before;
  const candidate = value === undefined ? rest : { ...rest, [name]: value };
  const parsed = settingsSchema.safeParse({ ...settings, [section]: candidate });
  if (parsed.success) return ok(parsed.data);
  const said = parsed.error.issues[0]?.message ?? 'not accepted';
  return err({ code: 'SETTING_INVALID', message: `${key}: ${said}, was ${JSON.stringify(value)}` });
}

/**
 * Writes one key of `settings.json`, or with `undefined` takes it out so that the default holds. Comments and everything else in the
 * file stay. A file that is no JSON is not touched. Gives the settings as they are now.
 */
export function editSetting(
  dataFolder: string,
  settings: Settings,
  key: string,
  value: unknown,
): Result<Settings, SettingRefusal> {
  const wanted = changed(settings, key, value);
  if (!wanted.ok) return wanted;
  const file = join(dataFolder, 'settings.json');
  const text = textOf(file);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root?.type !== 'object') {
    const message = 'settings.json is not JSON: mend it first, nothing was changed';
    return err({ code: 'SETTINGS_NOT_JSON', message });
  }
  const path = key.split('.');
  if (value === undefined && findNodeAtLocation(root, path) === undefined) return wanted;
  const next = applyEdits(text, modify(text, path, value, FORMAT));
  const beside = `${file}.${randomBytes(4).toString('hex')}.new`;
  try {
    writeFileSync(beside, next, { mode: 0o600 });
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    return err({ code: 'SETTINGS_UNWRITABLE', message: `the setting is not saved: ${why}` });
  }
  return ok(parseSettings(next, settings).settings);
}
