import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../engine/ports/contract/until.ts';
import { settingsSchema, type Settings } from '../../engine/store/settings/schema.ts';
import { SettingsBook } from './settings-book.ts';

const DEFAULTS = settingsSchema.parse({});
let folder: string;
let book: SettingsBook;
let heard: Settings[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-settings-'));
  book = new SettingsBook(folder, DEFAULTS);
  heard = [];
  book.onChange((now) => heard.push(now));
});
afterEach(() => {
  book[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function write(text: string): void {
  writeFileSync(join(folder, 'settings.json'), text);
}

test('a change made here is told once and is in the file', () => {
  expect(book.change('appearance.theme', 'light')).toMatchObject({ ok: true });
  expect(heard.map(({ appearance }) => appearance.theme)).toEqual(['light']);
  const theme = book.state.settings.find(({ key }) => key === 'appearance.theme');
  expect(theme).toMatchObject({ value: 'light', default: 'system', section: 'Appearance' });
  expect(book.change('appearance.theme', 'light')).toMatchObject({ ok: true });
  expect(heard).toHaveLength(1);
});

test('a refused change tells nobody', () => {
  expect(book.change('appearance.theme', 'pink')).toMatchObject({ ok: false });
  expect(heard).toEqual([]);
});

test('a file changed by hand is taken, its wrong keys named; one that is gone means defaults', async () => {
  write('{ "risk": { "maxOpenOrders": 7, "priceCollarBps": "x" } }');
  await until('the file to be read again', () => heard.length === 1);
  expect(heard[0]?.risk).toMatchObject({ maxOpenOrders: 7, priceCollarBps: 50 });
  expect(book.state.problems).toMatchObject([{ line: 1, key: 'risk.priceCollarBps' }]);
  write('{ "risk": ');
  await until('the file to be read again', () => heard.length === 2);
  expect(heard[1]?.risk.maxOpenOrders).toBe(7);
  expect(book.state.problems).toMatchObject([{ key: '(file)' }]);
  unlinkSync(join(folder, 'settings.json'));
  await until('the file to be read again', () => heard.length === 3);
  expect(heard[2]).toEqual(DEFAULTS);
  expect(book.state.problems).toEqual([]);
});
