import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Effect, Input } from '../../domain/input.ts';
import { unixMicros } from '../../domain/time.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../../native/compute/market-record.ts';
import { JournalFile } from '../../native/io/journal-file.ts';
import { encodeInput, ORDER_STREAM_SCHEMA } from './input-codec.ts';
import {
  RECORD_INPUT,
  RECORD_STATE_HASH,
  SessionJournal,
  stateHash,
  streamFolders,
} from './session-journal.ts';
import { readSession, type SessionVisitor } from './session-reader.ts';

let folder = '';
let session = '';
let sessions = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-session-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fresh(): string {
  sessions += 1;
  session = join(folder, `s${sessions}`);
  return session;
}

function open(marketCount = 0): SessionJournal {
  const opened = SessionJournal.open(session, marketCount);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

const timer = (name: string): Input => ({ type: 'TimerFired', at: unixMicros(1), timer: name });
const effect = (name: string): Effect => ({ type: 'SetTimer', timer: name, dueAt: unixMicros(2) });

/** What happened in a session, in order. */
type Step =
  | { readonly kind: 'market'; readonly count: number }
  | { readonly kind: 'input' | 'intent' | 'hash' | 'reopen' };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('market' as const), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constantFrom('input' as const, 'intent' as const, 'hash' as const) }),
  fc.record({ kind: fc.constant('reopen' as const) }),
);

/** Writes the steps; gives what a reading must hear. Times are the place of the step. */
function write(steps: readonly Step[]): string[] {
  const heard: string[] = [];
  let market = 0;
  let journal = open();
  const records = new MarketRecords(300);
  for (const [index, one] of steps.entries()) {
    const at = BigInt(index + 1);
    const name = `${one.kind} ${index}`;
    switch (one.kind) {
      case 'market':
        for (let row = 0; row < one.count; row += 1) {
          records.set(row, KIND_TRADE, FLAG_LAST, 0, at, at, 1, 1, 0, 0, market);
          heard.push(`market ${market}`);
          market += 1;
        }
        journal.appendMarket(records, one.count);
        break;
      case 'input':
        journal.appendInput(timer(name), at);
        heard.push(name);
        break;
      case 'intent':
        journal.appendIntent(effect(name), at);
        heard.push(name);
        break;
      case 'hash':
        journal.appendStateHash(new TextEncoder().encode(name), at);
        heard.push(stateHash(new TextEncoder().encode(name)));
        break;
      case 'reopen':
        journal.close();
        journal = open(market);
    }
  }
  journal.close();
  return heard;
}

function listener(): { heard: string[]; visitor: SessionVisitor } {
  const heard: string[] = [];
  const visitor: SessionVisitor = {
    onMarket: (records, row) => heard.push(`market ${records.id(row)}`),
    onInput: (input) => heard.push(input.type === 'TimerFired' ? input.timer : input.type),
    onIntent: (intent) => heard.push(intent.type === 'SetTimer' ? intent.timer : intent.type),
    onStateHash: ({ hash }) => heard.push(hash),
  };
  return { heard, visitor };
}

/** Intents are heard with the input that caused them: market records that came between are heard before the next input. */
const withoutIntents = (heard: readonly string[]): string[] =>
  heard.filter((name) => !name.startsWith('intent'));

describe('readSession', () => {
  test('hears what was written, in the order it happened, over any number of restarts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        fresh();
        const written = write(steps);
        const { heard, visitor } = listener();
        const read = readSession(session, visitor);
        expect(read.ok && read.value.marketCount).toBe(
          written.filter((name) => name.startsWith('market')).length,
        );
        expect(withoutIntents(heard)).toEqual(withoutIntents(written));
        const intents = written.filter((name) => name.startsWith('intent'));
        expect(heard.filter((name) => name.startsWith('intent'))).toEqual(intents);
      }),
      { numRuns: 40 },
    );
  });

  test('ends before the first order record after the time asked for', () => {
    fresh();
    write([{ kind: 'input' }, { kind: 'market', count: 2 }, { kind: 'input' }, { kind: 'input' }]);
    const { heard, visitor } = listener();
    expect(readSession(session, visitor, { untilNanos: 3n }).ok).toBe(true);
    expect(heard).toEqual(['input 0', 'market 0', 'market 1', 'input 2']);
  });

  test('names the record whose market was dropped, having heard all before it', () => {
    fresh();
    write([{ kind: 'input' }, { kind: 'market', count: 2 }, { kind: 'input' }]);
    rmSync(streamFolders(session).market, { recursive: true });
    const { heard, visitor } = listener();
    expect(readSession(session, visitor)).toMatchObject({
      error: { code: expect.stringMatching(/MARKET_STREAM_MISSING|SESSION_UNREADABLE/) },
    });
    expect(heard.length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['an input that is none', RECORD_INPUT, ORDER_STREAM_SCHEMA, '{"marketCount":0}'],
    ['text that is no JSON', RECORD_INPUT, ORDER_STREAM_SCHEMA, '{'],
    ['a hash that is none', RECORD_STATE_HASH, ORDER_STREAM_SCHEMA, '{"marketCount":0}'],
    ['a kind from later', 9, ORDER_STREAM_SCHEMA, '{}'],
    ['a schema from later', RECORD_INPUT, ORDER_STREAM_SCHEMA + 1, '{}'],
  ])('refuses %s by its sequence', (_, kind, schema, text) => {
    fresh();
    open().close();
    const file = JournalFile.open(streamFolders(session).orders);
    if (!file.ok) throw new Error(file.error.detail);
    const good = encodeInput({ marketCount: 0, input: timer('good') });
    file.value.append(RECORD_INPUT, ORDER_STREAM_SCHEMA, 1n, good);
    file.value.append(kind, schema, 2n, new TextEncoder().encode(text));
    file.value.close();
    const { heard, visitor } = listener();
    expect(readSession(session, visitor)).toMatchObject({ error: { code: 'RECORD_MALFORMED' } });
    expect(heard).toEqual(['good']);
  });

  test('says so when there is no session, and a session is its owner’s alone', () => {
    expect(readSession(fresh(), {})).toMatchObject({ error: { code: 'SESSION_UNKNOWN' } });
    open().close();
    for (const path of [session, ...Object.values(streamFolders(session))]) {
      expect(statSync(path).mode & 0o777).toBe(0o700);
    }
    const { orders } = streamFolders(session);
    const modes = readdirSync(orders).map((name) => statSync(join(orders, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });
});
