import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unixMicros } from '../../domain/time.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../../native/compute/market-record.ts';
import { JournalFile } from '../../native/io/journal-file.ts';
import { droppedMarket, dropOldMarket } from './market-retention.ts';
import { SessionJournal, streamFolders } from './session-journal.ts';
import { readSession } from './session-reader.ts';
import { checkMarket } from './verify-market.ts';

const DAY_MS = 86_400_000;
const DAYS = 10;
const BATCHES = 100;

let journal = '';
let session = '';
beforeEach(() => {
  journal = mkdtempSync(join(tmpdir(), 'qd-retention-'));
  session = join(journal, 's1');
});
afterEach(() => rmSync(journal, { recursive: true }));

function open(marketCount: number): SessionJournal {
  const opened = SessionJournal.open(session, marketCount, (folder) =>
    JournalFile.open(folder, { segmentBytes: 16_384, blockBytes: 1024 }),
  );
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

/** A session of ten days that was continued every day: what was written the day before is durable. */
function writeDays(): void {
  mkdirSync(session, { recursive: true });
  const records = new MarketRecords(4);
  for (let day = 0; day < DAYS; day += 1) {
    const file = open(day * BATCHES * 4);
    const at = unixMicros(day * DAY_MS * 1000);
    file.appendInput({ type: 'TimerFired', timer: 't', at }, BigInt(at) * 1000n);
    // Before anything of this day is written, so that no sync of it decides what the hash states.
    file.appendStateHash(Uint8Array.of(day), BigInt(at) * 1000n);
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const atMs = day * DAY_MS + (batch * DAY_MS) / BATCHES;
      const nanos = BigInt(atMs) * 1_000_000n;
      for (let row = 0; row < 4; row += 1) {
        records.set(row, KIND_TRADE, FLAG_LAST, 0, nanos, nanos, 1, 1, 0, 0, batch);
      }
      file.appendMarket(records, 4);
    }
    file.close();
  }
}

function statedBlocks(): Map<number, string> {
  const stated = new Map<number, string>();
  const read = readSession(
    session,
    {
      onStateHash: ({ market }) => {
        if (market !== undefined) stated.set(market.sequence, market.chain);
      },
    },
    { ordersOnly: true },
  );
  expect(read).toMatchObject({ ok: true, value: { orders: { damages: [] } } });
  return stated;
}

function marketFiles(): string[] {
  const { market } = streamFolders(session);
  return readdirSync(market)
    .filter((name) => name.endsWith('.qdj'))
    .sort();
}

describe('retention of market data', () => {
  test('drops what is older, says so, and leaves the order stream and the rest verifiable', () => {
    writeDays();
    const before = marketFiles();
    expect(before.length).toBeGreaterThan(5);
    const whole = checkMarket(session, statedBlocks());
    expect(whole).toMatchObject({ summary: { damages: [] } });
    // On the first day nothing is durable yet.
    expect(whole.blocks).toBe(DAYS - 1);
    expect(whole.damage).toBeUndefined();

    expect(dropOldMarket(journal, 7, DAYS * DAY_MS, undefined)).toBeGreaterThan(0);
    expect(marketFiles().length).toBeLessThan(before.length);
    const dropped = droppedMarket(session);
    expect(dropped?.fromNanos).toBe('0');
    expect(Number(dropped?.untilNanos)).toBeLessThan(3 * DAY_MS * 1e6);
    const rest = checkMarket(session, statedBlocks());
    expect(rest).toMatchObject({ summary: { damages: [] } });
    expect(rest.damage).toBeUndefined();
    expect(rest.blocks).toBeGreaterThan(0);
    expect(rest.blocks).toBeLessThan(whole.blocks);
    expect(dropOldMarket(journal, 7, DAYS * DAY_MS, undefined)).toBe(0);
    expect(readSession(session, {})).toMatchObject({ error: { code: 'MARKET_STREAM_MISSING' } });
  });

  test('a running session keeps what its recovery needs', () => {
    writeDays();
    const before = marketFiles();
    expect(dropOldMarket(journal, 1, 100 * DAY_MS, 's1')).toBe(0);
    expect(marketFiles()).toEqual(before);
  });

  test('segments that nobody dropped are missed, and another block than the order stream states is found', () => {
    writeDays();
    const { market } = streamFolders(session);
    const stated = statedBlocks();
    const [first = '', second = ''] = marketFiles();
    const bytes = readFileSync(join(market, first));
    rmSync(join(market, first));
    expect(checkMarket(session, stated).damage).toContain('no retention took them');
    writeFileSync(join(market, first), bytes);
    const [sequence = 0, chain = ''] = [...stated].at(-1) ?? [];
    stated.set(sequence, chain.replace(/^./, chain.startsWith('0') ? '1' : '0'));
    expect(checkMarket(session, stated).damage).toContain('another block');
    expect(second).not.toBe('');
  });
});
