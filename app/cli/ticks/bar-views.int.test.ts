import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseInstrumentId } from '../../engine/domain/identifiers.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { INSTRUMENT } from '../../engine/kernel/testing/desk.ts';
import {
  FLAG_LAST,
  KIND_OPEN_INTEREST,
  MarketRecords,
} from '../../engine/native/compute/market-record.ts';
import { TickRecorder } from '../../engine/store/ticks/tick-recorder.ts';
import { qd } from '../testing/running-command.ts';

const SHARED = join(import.meta.dirname, '../../../../shared/data');
const there = existsSync(SHARED);
const DAILY = join(SHARED, 'ohlcv/equity_1d');

let data = '';
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'qd-views-'));
});
afterAll(() => rmSync(data, { recursive: true }));

interface ViewedBar {
  readonly session?: string;
  readonly opened: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly contract?: string;
  readonly filled?: string;
}

async function done(...words: string[]): Promise<string> {
  const ended = await qd('ticks', ...words, '--data', data);
  expect(ended.stderr).toBe('');
  expect(ended.status).toBe(0);
  return ended.stdout;
}

async function view(...words: string[]): Promise<readonly ViewedBar[]> {
  const { bars } = JSON.parse(await done('view', ...words, '--json')) as {
    readonly bars: readonly ViewedBar[];
  };
  return bars;
}

/** Cells of a file of `data/`, by row. */
function cells(path: string): readonly (readonly string[])[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
}

/** Open interest of a contract of gold, told at noon of 7 October 2013 and the days after. */
function keepInterest(contract: string, days: readonly number[]): void {
  const id = parseInstrumentId(`GC-${contract}.COMEX`);
  if (!id.ok) throw new Error(id.error.expected);
  const { venue, symbol } = id.value;
  const scales = { priceScale: 1, quantityScale: 0, tickSize: price(1), stepSize: quantity(1) };
  const gold = { ...INSTRUMENT, id: id.value.id, venue, symbol, ...scales };
  const origin = { source: 'a test', writtenBy: 'a test' };
  using recorder = new TickRecorder(join(data, 'ticks'), [gold], origin);
  const records = new MarketRecords(1);
  for (const [index, contracts] of days.entries()) {
    const at = BigInt(Date.UTC(2013, 9, 7 + index, 12)) * 1_000_000n;
    records.set(0, KIND_OPEN_INTEREST, FLAG_LAST, 0, at, at, 0, contracts, 0, 0, 0);
    recorder.append(records.bytes, 1);
  }
}

const day = (compact: string): string => compact.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

describe.skipIf(!there)('recorded stocks (need ../shared/data)', () => {
  test('minutes of the market’s own hours are, session by session, the bars that the day’s file has', async () => {
    const minutes = join(SHARED, 'ohlcv/equity_1m/spy_1m_trade.csv.gz');
    const of = ['--instrument', 'SPY.US'];
    await done('import', minutes, '--kind', 'bars', '--interval', '1m', ...of);
    const daily = new Map(
      cells(join(DAILY, 'spy.csv.gz')).map(([date = '', ...rest]) => [date, rest]),
    );
    const sessions = await view(...of, '--calendar', 'XNYS', '--sessions');
    expect(sessions.map(({ session }) => session)).toEqual([
      ...['2013-10-04', '2013-10-07', '2013-10-08', '2013-10-09', '2013-10-10'],
    ]);
    for (const { session = '', open, high, low, close, volume } of sessions) {
      const [ownOpen, ownHigh, ownLow, ownClose, ownVolume] = daily.get(session) ?? [];
      const own = [ownOpen, ownHigh, ownClose, ownVolume];
      expect([open, high, close, volume].map(Number)).toEqual(own.map(Number));
      // A cent apart on the eighth, in the files themselves.
      expect(Math.abs(Number(low) - Number(ownLow))).toBeLessThan(0.011);
    }
    const extended = await view(...of, '--calendar', 'XNYS', '--sessions', '--extended');
    expect(Number(extended[0]?.volume)).toBeGreaterThan(Number(sessions[0]?.volume));
    const filled = await view(...of, '--calendar', 'XNYS', '--fill', '--extended');
    const stored = await view(...of);
    expect(filled.filter((bar) => bar.filled === '')).toHaveLength(stored.length);
    // From 04:06 on the first day to 19:59 on the last, 16 hours each but for the first six minutes.
    expect(filled).toHaveLength(5 * 16 * 60 - 6);
  });

  test('adjusted for splits and dividends a price is the stored one times the factors of LEAN’s file', async () => {
    for (const name of ['spy', 'aapl']) {
      const of = ['--instrument', `${name.toUpperCase()}.DAILY`];
      const bars = join(DAILY, `${name}.csv.gz`);
      const factors = join(DAILY, `factor_files/${name}.csv`);
      await done('import', bars, '--kind', 'bars', '--interval', '1d', ...of);
      await done('import', factors, '--kind', 'actions', ...of);
      const lines = cells(factors).map(([date = '', price, split]) => ({
        date: day(date),
        price: Number(price),
        split: Number(split),
      }));
      const shown = await view(...of, '--kind', 'bars-1d', '--adjust', 'all');
      const stored = await view(...of, '--kind', 'bars-1d');
      expect(shown).toHaveLength(stored.length);
      for (const [index, { opened, close, volume }] of shown.entries()) {
        const date = opened.slice(0, 10);
        const line = lines.find((one) => date <= one.date);
        const raw = stored[index];
        if (line === undefined || raw === undefined) throw new Error(`no factors of ${date}`);
        const own = Number(raw.close) * line.price * line.split;
        expect(Math.abs(Number(close) - own)).toBeLessThan(2e-6 * Math.max(1, own));
        const shares = Number(raw.volume) / line.split;
        expect(Math.abs(Number(volume) / Math.max(1, shares) - 1)).toBeLessThan(2e-6);
      }
    }
    // What was paid over 23 years, as somebody else reckoned it.
    const other = new Map(
      cells(join(DAILY, 'spy_adjclose.csv.gz')).map(([date = '', close]) => [date, Number(close)]),
    );
    const shown = await view('--instrument', 'SPY.DAILY', '--kind', 'bars-1d', '--adjust', 'all');
    const [first, last] = [shown[0], shown.at(-1)];
    if (first === undefined || last === undefined) throw new Error('no bars');
    const own = Number(last.close) / Number(first.close);
    const told =
      (other.get(last.opened.slice(0, 10)) ?? 0) / (other.get(first.opened.slice(0, 10)) ?? 1);
    expect(Math.abs(own / told - 1)).toBeLessThan(0.01);
  });

  test('contracts of gold are one line of bars, rolled to where the volume is; a day of its sessions begins the evening before', async () => {
    const of = ['--instrument', 'GC.COMEX'];
    const chain = join(SHARED, 'futures/comex_gc_1m_trade.csv.gz');
    await done('import', chain, '--kind', 'bars', '--interval', '1m', ...of);
    const hours = join(SHARED, 'reference/market-hours-database.json.gz');
    const words = [...of, '--roll', 'volume', '--hours', hours, '--market', 'Future-comex-GC'];
    const sessions = await view(...words, '--sessions', '--extended');
    expect(sessions.map(({ session, contract }) => `${session} ${contract}`)).toEqual([
      ...['2013-10-07 201310', '2013-10-08 201312', '2013-10-09 201312'],
      ...['2013-10-10 201312', '2013-10-11 201312'],
    ]);
    const volumes = new Map<string, number>();
    for (const [ms, contract, , , , , volume] of cells(chain).slice(1)) {
      const at = new Date(Number(ms));
      // The hours know of a break from 17:00 on in New York; in 2013 it began at 17:15.
      if (at.getUTCHours() === 21) continue;
      const session = new Date(at.getTime() + 2 * 3_600_000).toISOString().slice(0, 10);
      const key = `${session} ${contract}`;
      volumes.set(key, (volumes.get(key) ?? 0) + Number(volume));
    }
    for (const { session, contract, volume } of sessions) {
      expect(Number(volume)).toBe(volumes.get(`${session} ${contract}`));
    }
    const text = await done(
      'view',
      ...words,
      '--sessions',
      '--extended',
      '--back-adjust',
      'difference',
    );
    expect(text).toContain('roll on 2013-10-08 from 201310 to 201312: 1322.3 and 1322.4');
    expect(text).toMatch(/^2013-10-07 .* 1323\.1 /m);

    const none = await qd('ticks', 'view', ...of, '--roll', 'open-interest', '--data', data);
    expect(none.stderr).toContain('no open interest is stored of these contracts');
    keepInterest('201310', [3, 1, 1]);
    keepInterest('201312', [2, 2, 2]);
    const byInterest = await view(...of, '--roll', 'open-interest', '--from', '2013-10-07');
    const rolled = byInterest.find(({ contract }) => contract === '201312');
    expect(rolled?.opened.slice(0, 10)).toBe('2013-10-09');
  });
});

test('what a person writes of splits and dividends is read; a wrong line is named and nothing is kept', async () => {
  const bars = join(data, 'bars.csv');
  const actions = join(data, 'actions.csv');
  writeFileSync(
    bars,
    'timestamp,open,high,low,close,volume\n2026-01-05,100,100,100,100,10\n2026-01-06,49.5,49.5,49.5,49.5,20\n',
  );
  const of = ['--instrument', 'ABC.US'];
  await done('import', bars, '--kind', 'bars', '--interval', '1d', ...of);
  writeFileSync(actions, 'ex_date,kind,value\n2026-01-06,split,2:1\n2026-01-06,dividend,1.00\n');
  expect(await done('import', actions, '--kind', 'actions', ...of)).toContain(
    '1 splits and 1 dividends',
  );
  const [before] = await view(...of, '--kind', 'bars-1d', '--adjust', 'all');
  expect(before).toMatchObject({ close: '49.50000', volume: '20.0000' });
  for (const [line, words] of [
    ['2026-13-06,split,2', 'line 2: ex_date must be a day as YYYY-MM-DD, was 2026-13-06'],
    ['2026-01-06,split,0', 'value must be such as 7, 7:1 or 1:10, was 0'],
    ['2026-01-06,gift,2', 'kind must be split or dividend, was gift'],
  ] as const) {
    writeFileSync(actions, `ex_date,kind,value\n${line}\n`);
    const refused = await qd(
      'ticks',
      'import',
      actions,
      '--kind',
      'actions',
      ...of,
      '--data',
      data,
    );
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(words);
  }
  const kept = await view(...of, '--kind', 'bars-1d', '--adjust', 'splits');
  expect(kept[0]).toMatchObject({ close: '50.00000' });
  const refused = await qd(
    'ticks',
    'view',
    ...of,
    '--kind',
    'bars-1d',
    '--calendar',
    'XNYS',
    '--data',
    data,
  );
  expect(refused.stderr).toContain('daily bars, which have no hours');
});
