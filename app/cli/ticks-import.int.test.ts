import { createHash, type Hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatDecimal } from '../engine/domain/decimal.ts';
import type { Instrument } from '../engine/domain/instrument.ts';
import { INSTRUMENT } from '../engine/kernel/testing/desk.ts';
import { isRecorded, recordedLines } from '../engine/market-data/testing/recorded.ts';
import { ReplayClient } from '../engine/market-data/replay-client.ts';
import { StoredReplay } from '../engine/market-data/stored-replay.ts';
import { readWireRecording } from '../engine/market-data/wire-recording.ts';
import { BookTop, L2Book } from '../engine/native/compute/book.ts';
import {
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  FLAG_LAST,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../engine/native/compute/market-record.ts';
import { until } from '../engine/ports/contract/until.ts';
import { playedInstrument } from '../engine/processes/feed/played-instrument.ts';
import { SystemTime } from '../engine/processes/system-time.ts';
import { TickStoreMarket } from '../engine/store/ticks/stored-market.ts';
import { TickRecorder } from '../engine/store/ticks/tick-recorder.ts';
import { readStoredBook } from '../engine/store/ticks/stored-book.ts';
import { importRecording, verifierOf } from './recorded-venues.ts';
import { STREAMS } from './testing/recorded-streams.ts';
import { qd } from './testing/running-command.ts';
import { holdTickStore } from './ticks/tick-store.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/ws');
const DEPTH = 10;
const BOOK = new Set([KIND_SNAPSHOT_HEADER, KIND_DIFF_HEADER, KIND_BID_LEVEL, KIND_ASK_LEVEL]);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is read back of a book: the messages' hash, and the best levels as they stand after the last. */
function storedBook(ticks: string, { id, priceScale, quantityScale }: Instrument) {
  const book = new L2Book();
  const hash = createHash('sha256');
  let messages = 0;
  for (const { records, from, to } of readStoredBook(ticks, id)) {
    if (records.kind(from) === KIND_BOOK_STATUS) continue;
    book.apply(records, from, to);
    hash.update(records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES));
    messages += 1;
  }
  const top = new BookTop(DEPTH);
  book.top(top);
  const side = (prices: Float64Array, quantities: Float64Array, count: number) =>
    Array.from({ length: count }, (_, row) => [
      formatDecimal(prices[row] ?? 0, priceScale),
      formatDecimal(quantities[row] ?? 0, quantityScale),
    ]);
  const bids = side(top.bidPrices, top.bidQuantities, top.bids);
  const asks = side(top.askPrices, top.askQuantities, top.asks);
  return { bids, asks, messages, hash: hash.digest('hex'), crossed: book.crossed };
}

/** A message's records as they can be compared: a replay gives them its own times of receipt and numbers. */
function comparable(records: MarketRecords, from: number, to: number): Uint8Array {
  const own = new MarketRecords(to - from);
  own.bytes.set(records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES));
  own.moveTsInit(to - from, () => 0n);
  own.setInstrument(to - from, 0);
  return own.bytes;
}

/** What a replay of all that is stored of some instruments tells of their books. */
async function replayedBooks(ticks: string, instruments: readonly Instrument[]) {
  const told = instruments.map(() => ({ book: new L2Book(), hash: createHash('sha256') }));
  await using client = new ReplayClient({
    clock: new SystemTime(),
    speed: Infinity,
    source: new StoredReplay({
      open: () => TickStoreMarket.open(ticks, { instruments: instruments.map(({ id }) => id) }),
      played: playedInstrument,
    }),
    sink: {
      onRecords(bytes, count) {
        const records = MarketRecords.over(bytes, count);
        for (let row = 0; row < count; row += 1) {
          if (!BOOK.has(records.kind(row))) continue;
          const one = told[records.instrument(row)];
          one?.book.apply(records, row, row + 1);
          one?.hash.update(comparable(records, row, row + 1));
        }
      },
      onHealth: () => undefined,
      onUnknownMessage: () => undefined,
    },
  });
  const listed = await client.loadInstruments();
  if (!listed.ok) throw new Error(listed.error.message);
  client.subscribe(listed.value.map((instrument, index) => ({ instrument, index })));
  await until('the end of the replay', () => client.state.ended, 100_000);
  return told;
}

/** Every level of a book. */
function levelsOf(book: L2Book): readonly (readonly number[])[] {
  const top = new BookTop(Math.max(1, book.levels('Bid'), book.levels('Ask')));
  book.top(top);
  return [
    [...top.bidPrices.subarray(0, top.bids)],
    [...top.bidQuantities.subarray(0, top.bids)],
    [...top.askPrices.subarray(0, top.asks)],
    [...top.askQuantities.subarray(0, top.asks)],
  ];
}

/** Keeps records, and a hash of the messages of each book as they came. */
class Heard extends TickRecorder {
  readonly #hashes: readonly Hash[];
  readonly #instruments: readonly Instrument[];
  /** The books of the messages themselves, and what of them can be compared with a replay. */
  readonly straight: readonly { readonly book: L2Book; readonly hash: Hash }[];

  constructor(ticks: string, instruments: readonly Instrument[]) {
    super(ticks, instruments, { source: 'a test', writtenBy: 'a test' });
    this.#instruments = instruments;
    this.#hashes = instruments.map(() => createHash('sha256'));
    this.straight = instruments.map(() => ({ book: new L2Book(), hash: createHash('sha256') }));
  }

  override append(bytes: Uint8Array, count: number): void {
    super.append(bytes, count);
    const records = MarketRecords.over(bytes, count);
    for (let row = 0; row < count; row += 1) {
      if (!BOOK.has(records.kind(row))) continue;
      const from = row * MARKET_RECORD_BYTES;
      this.#hashes[records.instrument(row)]?.update(
        bytes.subarray(from, from + MARKET_RECORD_BYTES),
      );
      const straight = this.straight[records.instrument(row)];
      straight?.book.apply(records, row, row + 1);
      straight?.hash.update(comparable(records, row, row + 1));
    }
  }

  hashOf(instrument: Instrument): string | undefined {
    return this.#hashes[this.#instruments.indexOf(instrument)]?.digest('hex');
  }
}

const number = (text: string): number => Number(text);

/** Recordings of a hundred thousand messages: in the long run, the small ones of the same wires are in each. */
const LARGE = /^binance_(?:spot|usdm|coinm)\/btc/;
const TAKEN = STREAMS.filter(
  ([, [first = '']]) => process.env['QD_LONG'] === '1' || !LARGE.test(first),
);

describe.each(TAKEN)('%s %j', (venue, files) => {
  const there = files.every((file) => isRecorded(file));

  test.runIf(there)(
    'imported, kept, read back and replayed it is the book of the messages themselves',
    async () => {
      const ticks = join(folder, 'ticks');
      const open = async function* () {
        for (const file of files) yield* readWireRecording(join(FOLDER, file));
      };
      let heard = new Heard(ticks, []);
      const kept = await importRecording(venue, open, (instruments) => {
        heard = new Heard(ticks, instruments);
        return heard;
      });
      expect(kept).toMatchObject({ lost: 0 });
      const verifier = verifierOf(venue);
      for (const line of await recordedLines(...files)) verifier.add(line);
      const { books } = verifier.finish();
      expect(books.length).toBeGreaterThan(0);
      for (const told of books) {
        const symbol = told.instrument.slice(0, told.instrument.lastIndexOf('.'));
        const instrument = kept.instruments.find((one) => one.symbol === symbol);
        if (instrument === undefined) throw new Error(`${symbol} was not imported`);
        const stored = storedBook(ticks, instrument);
        const plain = (side: readonly (readonly string[])[]) => side.map((row) => row.map(number));
        expect(plain(stored.bids)).toEqual(plain(told.bids));
        expect(plain(stored.asks)).toEqual(plain(told.asks));
        // What is read back are the messages that made it, each of them, in their order.
        expect(stored.hash).toBe(heard.hashOf(instrument));
      }
      const replayed = await replayedBooks(ticks, kept.instruments);
      for (const [index, { book, hash }] of replayed.entries()) {
        expect(levelsOf(book)).toEqual(levelsOf(heard.straight[index]?.book ?? new L2Book()));
        expect(hash.digest('hex')).toBe(heard.straight[index]?.hash.digest('hex'));
      }
    },
    120_000,
  );
});

const KRAKEN = 'derived/kraken_v2_book1000.tsv.gz';

test.runIf(isRecorded(KRAKEN))('by the command line, with what it found', async () => {
  const file = join(FOLDER, KRAKEN);
  const run = await qd('ticks', 'import', '--venue', 'kraken', '--json', file, '--data', folder);
  expect(run.status).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({
    lost: 0,
    parseErrors: 0,
    gaps: 0,
    checksumsFailed: 0,
    instruments: expect.arrayContaining(['XMR-USD.KRAKEN@replay']) as unknown,
  });
  const { dataVersion } = JSON.parse(run.stdout) as { dataVersion: string };
  expect(dataVersion).toMatch(/^[0-9a-f]{64}$/);
  const listed = await qd('ticks', 'ls', '--json', '--data', folder);
  const { segments } = JSON.parse(listed.stdout) as {
    segments: readonly Record<string, unknown>[];
  };
  expect(segments).toContainEqual(
    expect.objectContaining({
      instrument: 'XMR-USD.KRAKEN@replay',
      kind: 'diffs',
      state: 'intact',
      gaps: [],
      writings: [
        expect.objectContaining({ source: 'recording of kraken: kraken_v2_book1000.tsv.gz' }),
      ],
    }),
  );
  const none = await qd(
    'ticks',
    'import',
    '--venue',
    'kraken',
    join(folder, 'none'),
    '--data',
    folder,
  );
  expect(none.status).toBe(2);
  expect(none.stderr).toContain('there is no file');
});

test('what changed behind the catalogue is found, and nobody else writes while an engine has the folder', async () => {
  const ticks = join(folder, 'ticks');
  {
    using held = holdTickStore({ data: folder });
    expect(held.catalogue.entries()).toEqual([]);
    expect(() => holdTickStore({ data: folder })).toThrow('is in use by the engine with pid');
  }
  const keep = (price: number): void => {
    const origin = { source: 'a test', writtenBy: 'a test' };
    using recorder = new TickRecorder(ticks, [INSTRUMENT], origin);
    const at = 1_700_000_000_000_000_000n;
    const records = new MarketRecords(1);
    records.set(0, KIND_TRADE, FLAG_LAST, 0, at, at, price, 1, 0, 0, 1);
    recorder.append(records.bytes, 1);
  };
  keep(10_050);
  const listed = await qd('ticks', 'list', '--data', folder);
  expect(listed.stdout).toMatch(/trades +2023-11-14 +1 .* intact/);
  // A row more is no change of what was there; a row that was there and is another one is.
  keep(10_051);
  const good = await qd('ticks', 'verify', '--json', '--data', folder);
  expect(good.status).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({
    segments: [{ dataVersion: 'agrees' }],
    lost: [],
  });
  rmSync(ticks, { recursive: true });
  keep(10_051);
  const changed = await qd('ticks', 'verify', '--data', folder);
  expect(changed.status).toBe(1);
  expect(changed.stdout).toContain('1 segments, 0 damaged, 1 changed, 0 lost');
});
