import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_BID_LEVEL,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { findSegments } from './tick-folders.ts';
import { TickRecorder } from './tick-recorder.ts';
import { readStoredBook } from './stored-book.ts';

/** 2023-11-14T23:59:59Z */
const AT = 1_700_006_399_000_000_000n;
const SECOND = 1_000_000_000n;

const ORIGIN = { source: 'a test', writtenBy: 'a test' };

let ticks = '';
beforeEach(() => {
  ticks = join(mkdtempSync(join(tmpdir(), 'qd-book-')), 'ticks');
});
afterEach(() => rmSync(join(ticks, '..'), { recursive: true }));

/** A message of a book with one bid. */
function message(kind: number, id: number, at: bigint, price: number, quantity: number) {
  const records = new MarketRecords(2);
  const flags = kind === KIND_SNAPSHOT_HEADER ? FLAG_SNAPSHOT : 0;
  records.set(0, kind, flags, 0, 0n, at, 0, 1, -1, 0, id);
  records.set(1, KIND_BID_LEVEL, flags | FLAG_LAST, 0, 0n, at, price, quantity, 0, 0, id);
  return records.bytes;
}

const snapshot = (id: number, at: bigint) => message(KIND_SNAPSHOT_HEADER, id, at, 100, 1);
const change = (id: number, at: bigint) => message(KIND_DIFF_HEADER, id, at, 101, 2);

function ids(): string[] {
  return [...readStoredBook(ticks, INSTRUMENT.id)].map(
    ({ records, from, to }) =>
      `${records.kind(from) === KIND_SNAPSHOT_HEADER ? 'S' : 'c'}${records.id(from)}:${to - from}`,
  );
}

test('messages come back in the order in which they counted, whatever their times of receipt, over days', () => {
  using recorder = new TickRecorder(ticks, [INSTRUMENT], ORIGIN);
  // Changes that waited for their snapshot came before it.
  recorder.append(snapshot(10, AT + 2n), 2);
  recorder.append(change(11, AT), 2);
  recorder.append(change(12, AT + 1n), 2);
  recorder.append(snapshot(20, AT + 2n), 2);
  recorder.append(change(21, AT + 3n), 2);
  recorder.append(change(22, AT + SECOND), 2);
  recorder.append(snapshot(30, AT + SECOND), 2);
  recorder.flush();
  expect(ids()).toEqual(['S10:2', 'c11:2', 'c12:2', 'S20:2', 'c21:2', 'c22:2', 'S30:2']);
});

test('without its snapshot a change says nothing: it is left out until the next', () => {
  {
    using recorder = new TickRecorder(ticks, [INSTRUMENT], ORIGIN);
    recorder.append(change(9, AT), 2);
    recorder.append(snapshot(10, AT), 2);
    recorder.append(change(11, AT), 2);
    recorder.append(snapshot(20, AT + 1n), 2);
    recorder.append(change(21, AT + 1n), 2);
  }
  expect(ids()).toEqual(['S10:2', 'c11:2', 'S20:2', 'c21:2']);
  const found = findSegments(ticks, INSTRUMENT.id);
  if (!found.ok) throw new Error(found.error.message);
  for (const { kind, path } of found.value) if (kind === 'snapshots') rmSync(path);
  expect(ids()).toEqual([]);
});

test('an instrument of which nothing is stored is named', () => {
  expect(() => [...readStoredBook(ticks, INSTRUMENT.id)]).toThrow(
    `the tick store has nothing of ${INSTRUMENT.id}`,
  );
});
