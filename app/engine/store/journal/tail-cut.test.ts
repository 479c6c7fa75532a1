import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Input } from '../../domain/input.ts';
import { unixMicros } from '../../domain/time.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../../native/compute/market-record.ts';
import { JournalFile } from '../../native/io/journal-file.ts';
import { JointDurability } from './joint-durability.ts';
import type { StreamFile } from './resilient-stream.ts';
import { SessionJournal, streamFolders, type SessionOptions } from './session-journal.ts';
import { readSession, type SessionRead } from './session-reader.ts';
import { quarantined, readCutReports } from './tail-cut.ts';

let folder = '';
let session = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-cut-'));
  session = join(folder, 'session');
});
afterEach(() => rmSync(folder, { recursive: true }));

const records = new MarketRecords(8);
const timer = (name: string): Input => ({ type: 'TimerFired', at: unixMicros(1), timer: name });

function open(marketCount = 0, options: SessionOptions = {}): SessionJournal {
  const opened = SessionJournal.open(session, marketCount, undefined, options);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

function market(journal: SessionJournal, count: number, first: number): void {
  for (let row = 0; row < count; row += 1) {
    records.set(row, KIND_TRADE, FLAG_LAST, 0, 1n, 1n, 1, 1, 0, 0, first + row);
  }
  journal.appendMarket(records, count);
}

function read(): { heard: string[]; read: SessionRead } {
  const heard: string[] = [];
  const result = readSession(session, {
    onMarket: (row, index) => heard.push(`market ${row.id(index)}`),
    onInput: (input) => heard.push(input.type === 'TimerFired' ? input.timer : input.type),
    onIntent: (intent) => heard.push(`intent ${intent.type}`),
  });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return { heard, read: result.value };
}

/** Inputs a (before market), b (after two records), c and an intent (after four more). */
function write(): void {
  const journal = open();
  journal.appendInput(timer('a'), 10n);
  market(journal, 2, 0);
  journal.appendInput(timer('b'), 20n);
  market(journal, 4, 2);
  journal.appendInput(timer('c'), 30n);
  journal.appendIntent({ type: 'SetTimer', timer: 'x', dueAt: unixMicros(2) }, 31n);
  // As the death of the process leaves it: nothing is closed.
  cpSync(session, join(folder, 'left'), { recursive: true });
  journal.close();
  rmSync(session, { recursive: true });
  cpSync(join(folder, 'left'), session, { recursive: true });
}

/** Takes the market stream's last batch away, as a loss of power may. */
function loseLastBatch(): void {
  const { market: stream } = streamFolders(session);
  const name = readdirSync(stream).find((one) => one === 'journal-00000001.qdj') ?? '';
  // Header, then the batch of two records; each record of the journal has a header of 32 bytes.
  const batch = 32 + Math.ceil((2 * records.bytes.byteLength) / records.capacity / 8) * 8;
  truncateSync(join(stream, name), 128 + batch);
}

describe('what names market records that a loss of power took', () => {
  test('is not read, is set aside with a report at the next start, and the session goes on', () => {
    write();
    loseLastBatch();
    const torn = read();
    expect(torn.heard).toEqual(['a', 'market 0', 'market 1', 'b']);
    const cut = {
      afterSequence: 2,
      records: 2,
      marketKept: 2,
      marketNamed: 6,
      fromNanos: '30',
      untilNanos: '31',
    };
    expect(torn.read.cut).toEqual(cut);
    expect(readCutReports(session)).toEqual([]);

    const journal = open(torn.read.marketCount, { cut });
    market(journal, 1, 100);
    journal.appendInput(timer('d'), 40n);
    expect(journal.lastSequence).toBe(3);
    journal.close();

    const [file = ''] = quarantined(streamFolders(session).orders);
    expect(readCutReports(session)).toEqual([{ ...cut, files: [file.split('/').at(-1)] }]);
    // Nothing is deleted: the cut input and intent stand in the file.
    const kept = readFileSync(file, 'latin1');
    expect(kept).toContain('"timer":"c"');
    expect(kept).toContain('"timer":"x"');
    const after = read();
    expect(after.heard).toEqual(['a', 'market 0', 'market 1', 'b', 'market 100', 'd']);
    expect(after.read.cut).toBeUndefined();
    expect(after.read.orders.damages).toEqual([]);
    expect(after.read.market.damages).toEqual([]);
  });

  test('may be everything', () => {
    const journal = open();
    market(journal, 2, 0);
    journal.appendInput(timer('a'), 10n);
    cpSync(session, join(folder, 'left'), { recursive: true });
    journal.close();
    rmSync(session, { recursive: true });
    cpSync(join(folder, 'left'), session, { recursive: true });
    truncateSync(join(streamFolders(session).market, 'journal-00000001.qdj'), 128);
    const { read: torn } = read();
    expect(torn.cut).toMatchObject({ afterSequence: 0, records: 1, marketKept: 0 });
    open(0, { ...(torn.cut && { cut: torn.cut }) }).close();
    expect(read().heard).toEqual([]);
    expect(quarantined(streamFolders(session).orders)).toHaveLength(1);
  });

  test('is an error, with file and offset, when a later start has synced it', () => {
    write();
    const { read: whole } = read();
    const journal = open(whole.marketCount);
    journal.appendInput(
      {
        type: 'SessionStarted',
        at: unixMicros(5),
        session: 's',
        idPrefix: 'p',
        accounts: [],
        instruments: [],
        limits: [],
        recovered: true,
      } as unknown as Input,
      50n,
    );
    journal.close();
    const { market: stream } = streamFolders(session);
    rmSync(join(stream, 'journal-00000002.qdj'));
    loseLastBatch();
    expect(() => read()).toThrow(
      /MARKET_STREAM_MISSING: record 3 .* \(.*market\/journal-00000001\.qdj at \d+, record 1\): record 5 is of a later start/,
    );
  });

  test('is an error when the order stream says that it was durable', async () => {
    const journal = open();
    const durable = Promise.withResolvers<void>();
    journal.appendInput(timer('a'), 10n);
    market(journal, 2, 0);
    journal.appendInput(timer('b'), 20n);
    market(journal, 4, 2);
    journal.appendInput(timer('c'), 30n);
    const look = (): void => {
      if (journal.durableSequence === 3) durable.resolve();
    };
    journal.onDurable(look);
    look();
    await durable.promise;
    journal.appendStateHash(new Uint8Array(1), 40n);
    journal.close();
    loseLastBatch();
    expect(() => read()).toThrow(/MARKET_STREAM_MISSING: .*: its record 2 was durable/);
  });

  test('is damage when the market stream goes on behind it, and then nothing is cut', () => {
    write();
    const { market: stream } = streamFolders(session);
    const journal = open(6);
    market(journal, 3, 6);
    journal.appendInput(timer('d'), 60n);
    journal.close();
    loseLastBatch();
    const torn = readSession(session, {});
    const orders = readdirSync(streamFolders(session).orders);
    const opened = SessionJournal.open(session, 2, undefined, {
      ...(torn.ok && torn.value.cut && { cut: torn.value.cut }),
    });
    expect(opened).toMatchObject({
      error: {
        code: 'JOURNAL_DAMAGED',
        detail: expect.stringContaining(`${stream}/journal-0000000`),
      },
    });
    expect(readdirSync(streamFolders(session).orders)).toEqual(orders);
    expect(readCutReports(session)).toEqual([]);
  });
});

/** A stream whose syncs are done when the test says so. */
class Slow implements StreamFile {
  readonly #file: JournalFile;
  readonly #listeners: (() => void)[] = [];
  durableSequence = 0;

  constructor(path: string) {
    const opened = JournalFile.open(path);
    if (!opened.ok) throw new Error(opened.error.detail);
    this.#file = opened.value;
  }

  append(...record: Parameters<StreamFile['append']>): number {
    return this.#file.append(...record);
  }

  onDurable(callback: () => void): void {
    this.#listeners.push(callback);
  }

  sync(until: number): void {
    this.durableSequence = until;
    for (const listener of this.#listeners) listener();
  }

  close(): ReturnType<StreamFile['close']> {
    return this.#file.close();
  }
}

describe('durableSequence', () => {
  test('is told of an order record only once the market records it names are durable too', () => {
    const streams = new Map<string, Slow>();
    const opened = SessionJournal.open(session, 0, (path) => {
      const stream = new Slow(path);
      streams.set(path, stream);
      return { ok: true, value: stream };
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    const journal = opened.value;
    const folders = streamFolders(session);
    const orders = streams.get(folders.orders);
    const quotes = streams.get(folders.market);
    const told: number[] = [];
    journal.onDurable(() => told.push(journal.durableSequence));
    journal.appendInput(timer('a'), 1n);
    market(journal, 1, 0);
    journal.appendInput(timer('b'), 2n);
    market(journal, 1, 1);
    market(journal, 1, 2);
    journal.appendInput(timer('c'), 3n);
    journal.appendInput(timer('d'), 4n);
    orders?.sync(3);
    quotes?.sync(1);
    quotes?.sync(2);
    quotes?.sync(3);
    orders?.sync(4);
    expect(told).toEqual([1, 2, 2, 3, 4]);
    journal.close();
  });

  test('needs what was open before no more', () => {
    const joint = new JointDurability(7);
    joint.append(5, 7);
    expect(joint.durable(5, 7)).toBe(5);
    joint.append(6, 9);
    expect(joint.durable(6, 8)).toBe(5);
    expect(joint.durable(6, 9)).toBe(6);
  });
});
