import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLeanOptions, openLeanOptions } from './lean-options.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lean-options-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A zip file of stored entries. */
function zipOf(entries: Readonly<Record<string, string>>): string {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [title, text] of Object.entries(entries)) {
    const [name, bytes] = [Buffer.from(title), Buffer.from(text)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(crc32(bytes), 16);
    entry.writeUInt32LE(bytes.length, 20);
    entry.writeUInt32LE(bytes.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, name, bytes);
    list.push(entry, name);
    at += local.length + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(at, 16);
  const path = join(folder, 'options.zip');
  writeFileSync(path, Buffer.concat([...parts, ...list, end]));
  return path;
}

const midnightOf = (day: string): number => Date.parse(day) + 5 * 3_600_000;

async function rowsOf(entries: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  const table = await openLeanOptions(zipOf(entries), midnightOf);
  const rows: unknown[] = [];
  for await (const { line, cells } of table.rows()) rows.push([line, ...cells]);
  return rows;
}

const CALL = '20151224_goog_minute_trade_american_call_7325000_20160115.csv';
const PUT = '20151224_goog_minute_trade_american_put_10_20160115.csv';

test('each entry is a contract; prices are decimals, times since the epoch', async () => {
  const path = zipOf({ [CALL]: '', [PUT]: '' });
  expect(await isLeanOptions(path)).toBe(true);
  expect(await isLeanOptions(zipOf({ 'day.csv': '' }))).toBe(false);
  const rows = await rowsOf({
    [CALL]: '34200000,129000,135000,129000,135000,17\r\n34260000,1,20,1,10,0\n',
    [PUT]: '34200000,100000,100000,100000,100000,1',
  });
  const at = (minute: number): string => String(Date.UTC(2015, 11, 24, 14, 30 + minute));
  expect(rows).toEqual([
    [1, at(0), '160115C00732500', '12.9', '13.5', '12.9', '13.5', '17'],
    [2, at(1), '160115C00732500', '0.0001', '0.002', '0.0001', '0.001', '0'],
    [1, at(0), '160115P00000001', '10', '10', '10', '10', '1'],
  ]);
});

test('quotes have both sides, and a side that is empty stays so', async () => {
  const name = '20210104_spxw_minute_quote_european_call_37000000_20210104.csv';
  expect(await rowsOf({ [name]: '34200000,,,,,0,21500,21500,5000,5000,19\n' })).toEqual([
    [
      ...[1, String(Date.UTC(2021, 0, 4, 14, 30)), '210104C03700000'],
      ...['', '', '', '', '0', '2.15', '2.15', '0.5', '0.5', '19'],
    ],
  ]);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['another name', { [CALL]: '', 'readme.txt': '' }, 'the entry must be named as LEAN names'],
  ['trades and quotes', { [CALL]: '', [CALL.replace('trade', 'quote')]: '' }, 'must have one kind'],
  ['a short line', { [CALL]: '1,2,3\n' }, `${CALL} line 1: the line must have 6 cells, was 3`],
  ['no time', { [CALL]: 'x,1,1,1,1,1\n' }, 'the time must be milliseconds since midnight, was x'],
  ['a fraction', { [CALL]: '1,1.5,1,1,1,1\n' }, 'open must be whole ten-thousandths, was 1.5'],
])('%s is refused by name', async (_, entries, words) => {
  await expect(rowsOf(entries)).rejects.toThrow(words);
});
