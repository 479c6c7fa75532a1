import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeSettings } from './describe-settings.ts';
import { settingsSchema } from './schema.ts';
import { editSetting } from './settings-edit.ts';
import { readSettings } from './settings-file.ts';

const DEFAULTS = settingsSchema.parse({});
let folder: string;
const file = (): string => join(folder, 'settings.json');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a key is written and read back; everything else in the file stays as it was typed', () => {
  writeFileSync(file(), '{\n  // mine\n  "risk": { "maxOpenOrders": 3 }, // few\n}\n');
  const settings = readSettings(folder).settings;
  const edited = editSetting(folder, settings, 'risk.priceCollarBps', 20);
  expect(edited).toMatchObject({ ok: true, value: { risk: { priceCollarBps: 20 } } });
  const text = readFileSync(file(), 'utf8');
  expect(text).toContain('// mine');
  expect(text).toContain('// few');
  expect(readSettings(folder)).toMatchObject({
    problems: [],
    settings: { risk: { maxOpenOrders: 3, priceCollarBps: 20 } },
  });
});

test('without a value the key goes, and its default holds', () => {
  writeFileSync(file(), '{ "appearance": { "theme": "light" } }');
  const { settings } = readSettings(folder);
  const edited = editSetting(folder, settings, 'appearance.theme', undefined);
  expect(edited).toEqual({ ok: true, value: DEFAULTS });
  expect(readSettings(folder)).toEqual({ settings: DEFAULTS, problems: [] });
});

test.each([
  ['risk.maxOpenOrders', 0, 'SETTING_INVALID'],
  ['risk.maxOpenOrders', 1e300, 'SETTING_INVALID'],
  ['risk.maxOrderNotional', '-5', 'SETTING_INVALID'],
  ['appearance.theme', 'pink', 'SETTING_INVALID'],
  ['appearance.colour', 'dark', 'SETTING_UNKNOWN'],
  ['risk', {}, 'SETTING_UNKNOWN'],
  ['risk.maxOpenOrders.more', 1, 'SETTING_UNKNOWN'],
  ['__proto__.polluted', 1, 'SETTING_UNKNOWN'],
  ['risk.constructor', 1, 'SETTING_UNKNOWN'],
])('%s = %j is refused as %s, and nothing is written', (key, value, code) => {
  expect(editSetting(folder, DEFAULTS, key, value)).toMatchObject({ ok: false, error: { code } });
  expect(readdirSync(folder)).toEqual([]);
});

test('a file that is no JSON is not touched', () => {
  writeFileSync(file(), '{ "risk": ');
  const edited = editSetting(folder, DEFAULTS, 'appearance.theme', 'dark');
  expect(edited).toMatchObject({ ok: false, error: { code: 'SETTINGS_NOT_JSON' } });
  expect(readFileSync(file(), 'utf8')).toBe('{ "risk": ');
});

test('a folder that cannot be written is named, and nothing is left behind', () => {
  const nowhere = join(folder, 'gone');
  const edited = editSetting(nowhere, DEFAULTS, 'appearance.theme', 'dark');
  expect(edited).toMatchObject({ ok: false, error: { code: 'SETTINGS_UNWRITABLE' } });
});

test('every setting is described in words, with a default that the schema takes', () => {
  const described = describeSettings(DEFAULTS);
  const keys = Object.entries(DEFAULTS).flatMap(([section, values]) =>
    Object.keys(values).map((name) => `${section}.${name}`),
  );
  expect(described.map(({ key }) => key)).toEqual(keys);
  for (const setting of described) {
    expect(setting.value).toEqual(setting.default);
    expect(setting.title).not.toBe('');
    expect(editSetting(folder, DEFAULTS, setting.key, setting.default)).toMatchObject({ ok: true });
  }
});

test('whatever is asked, the file keeps full settings and an edit changes one key alone', () => {
  const keys = describeSettings(DEFAULTS).map(({ key }) => key);
  const edits = fc.array(
    fc.tuple(fc.constantFrom(...keys, 'x.y'), fc.option(fc.jsonValue(), { nil: undefined })),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(edits, (list) => {
      rmSync(file(), { force: true });
      let settings = DEFAULTS;
      for (const [key, value] of list) {
        const edited = editSetting(folder, settings, key, value);
        const before = describeSettings(settings);
        if (edited.ok) settings = edited.value;
        const after = describeSettings(settings);
        const different = after.filter((one, at) => {
          return JSON.stringify(one.value) !== JSON.stringify(before[at]?.value);
        });
        expect(different.every((one) => one.key === key)).toBe(true);
      }
      expect(readSettings(folder)).toEqual({ settings, problems: [] });
    }),
    { numRuns: 50 },
  );
});
