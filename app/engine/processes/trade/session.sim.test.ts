import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScript, runSeeds, SEED } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import type { Effect, Input } from '../../domain/input.ts';
import { createKernel, type Kernel } from '../../kernel/kernel.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { PassingKernel } from '../../kernel/testing/passing-kernel.ts';
import { randomScript } from '../../kernel/testing/scripts.ts';
import { Trial, type Step } from '../../kernel/testing/trial.ts';
import {
  FLAG_LAST,
  KIND_BBO,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { SessionJournal, streamFolders } from '../../store/journal/session-journal.ts';
import { marketEventOf } from './market-input.ts';
import { replaySession, type SessionReplay } from './session-replay.ts';

const MOST_STEPS = 250;
const KILL_EVERY = 60;
const HASH_EVERY = 25;
const CHUNK = 1 << 16;
const NOTHING_WRITTEN = Buffer.alloc(CHUNK);

let root = '';
let sessions = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'qd-session-sim-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Copies a segment as far as it is written, with some of the zeros allocated behind it: reading all of them takes most of the time. */
function copySegment(from: string, to: string): void {
  const source = openSync(from, 'r');
  const target = openSync(to, 'w');
  const chunk = Buffer.alloc(CHUNK);
  for (let at = 0; ; at += CHUNK) {
    const size = readSync(source, chunk, 0, CHUNK, at);
    writeSync(target, chunk, 0, size, at);
    if (size < CHUNK || chunk.equals(NOTHING_WRITTEN)) break;
  }
  closeSync(source);
  closeSync(target);
}

/** What the death of a process leaves: every byte written, nothing closed. */
function copySession(from: string, to: string): void {
  const source = streamFolders(from);
  const target = streamFolders(to);
  for (const stream of ['orders', 'market'] as const) {
    if (!existsSync(source[stream])) continue;
    mkdirSync(target[stream], { recursive: true });
    for (const name of readdirSync(source[stream])) {
      if (!name.endsWith('.qdj')) continue;
      copySegment(join(source[stream], name), join(target[stream], name));
    }
  }
}

const SEGMENT_HEADER = 128;

/** Cuts the last `lost` bytes that were written to a stream. */
function cutTail(stream: string, lost: number): void {
  const segments = readdirSync(stream).filter((name) => name.endsWith('.qdj'));
  for (const name of segments.sort().reverse()) {
    const path = join(stream, name);
    const bytes = readFileSync(path);
    let used = bytes.length;
    while (used > 0 && bytes[used - 1] === 0) used -= 1;
    if (used > SEGMENT_HEADER) {
      writeFileSync(path, bytes.subarray(0, Math.max(SEGMENT_HEADER, used - lost)));
      return;
    }
    // Made ahead and still empty.
    rmSync(path);
  }
}

function opened(folder: string, marketCount: number): SessionJournal {
  mkdirSync(folder, { recursive: true });
  const journal = SessionJournal.open(folder, marketCount);
  if (!journal.ok) throw new Error(`${journal.error.code} ${journal.error.detail}`);
  return journal.value;
}

function replayed(folder: string): SessionReplay {
  const replay = replaySession(folder);
  if (!replay.ok) throw new Error(`${replay.error.code}: ${replay.error.message}`);
  return replay.value;
}

/** A kernel whose every input is journalled before it is applied, as the trading process does it, and that can be killed. */
class JournalledKernel extends PassingKernel {
  readonly #rng: Rng;
  readonly #folder: string;
  readonly #records = new MarketRecords(4);
  #start: string;
  #journal: SessionJournal;
  kills = 0;
  tears = 0;
  hashes = 0;
  marketRecords = 0;

  constructor(rng: Rng, folder: string) {
    super();
    this.#rng = rng;
    this.#folder = folder;
    this.#start = join(folder, '0');
    this.#journal = opened(this.#start, 0);
  }

  override apply(input: Input): readonly Effect[] {
    const effects = input.type === 'Market' ? this.#applyMarket(input) : this.#applyInput(input);
    const nanos = BigInt(input.at) * 1000n;
    for (const effect of effects) {
      if (effect.type === 'Publish' || effect.type === 'SetTimer') continue;
      this.#journal.appendIntent(effect, nanos);
    }
    if (this.#rng.nextBelow(HASH_EVERY) === 0) {
      this.#journal.appendStateHash(this.kernel.encodeState(), nanos);
      this.hashes += 1;
    }
    if (this.#rng.nextBelow(KILL_EVERY) === 0) this.kill();
    return effects;
  }

  /** The process dies; what goes on is what its journal replays to, which must be what it was. */
  kill(): void {
    this.losePower();
    this.kills += 1;
    const next = join(this.#folder, String(this.kills));
    copySession(this.#start, next);
    this.#journal.close();
    rmSync(this.#start, { recursive: true });
    this.#start = next;
    const replay = replayed(next);
    assertSame(replay, this.kernel);
    const { marketCount } = replay.read;
    invariant(
      marketCount === this.marketRecords,
      `market records must be ${this.marketRecords}, were ${marketCount}`,
    );
    this.kernel = replay.kernel;
    this.#journal = opened(next, marketCount);
  }

  /** Power fails: the last bytes of one stream never reached the disk. What is left replays, or says what it lacks. */
  losePower(): void {
    const folder = join(this.#folder, 'torn');
    copySession(this.#start, folder);
    const stream = this.#rng.nextBelow(2) === 0 ? 'orders' : 'market';
    cutTail(streamFolders(folder)[stream], this.#rng.nextBelow(2_000));
    const replay = replaySession(folder);
    rmSync(folder, { recursive: true });
    this.tears += 1;
    if (replay.ok) assertHashes(replay.value);
    else invariant(replay.error.code === 'MARKET_STREAM_MISSING', replay.error.message);
  }

  /** The session ends in order. */
  close(): void {
    this.#journal.close();
    assertSame(replayed(this.#start), this.kernel);
  }

  #applyInput(input: Input): readonly Effect[] {
    this.#journal.appendInput(input, BigInt(input.at) * 1000n);
    return this.kernel.apply(input);
  }

  /** A quote among trades, in one batch. */
  #applyMarket(input: Extract<Input, { readonly type: 'Market' }>): readonly Effect[] {
    const { event } = input;
    invariant(event.type === 'QuoteChanged', `the desk quotes only, was ${event.type}`);
    const nanos = BigInt(input.at) * 1000n;
    const records = this.#records;
    const count = 1 + this.#rng.nextBelow(records.capacity);
    for (let row = 0; row < count; row += 1) {
      const kind = row === 0 ? KIND_BBO : KIND_TRADE;
      const { bid = 0, ask = 0 } = event;
      records.set(row, kind, FLAG_LAST, 0, nanos, nanos, bid, 10, ask, 20, row);
    }
    this.#journal.appendMarket(records, count);
    this.marketRecords += count;
    const effects: Effect[] = [];
    for (let row = 0; row < count; row += 1) {
      const taken = marketEventOf(records, row, [INSTRUMENT]);
      if (taken === undefined) continue;
      const at = records.tsInitMicros(row);
      effects.push(...this.kernel.apply({ type: 'Market', at, event: taken }));
    }
    return effects;
  }
}

function assertHashes({ firstDifference }: SessionReplay): void {
  invariant(
    firstDifference === undefined,
    `every recorded hash must be reproduced, differs at ${firstDifference?.sequence}`,
  );
}

function assertSame(replay: SessionReplay, live: Kernel): void {
  assertHashes(replay);
  const same = Buffer.compare(replay.kernel.encodeState(), live.encodeState()) === 0;
  invariant(same, 'a replay must end in the bytes of the live kernel');
}

interface Session {
  readonly kills: number;
  readonly 'torn tails': number;
  readonly hashes: number;
  readonly inputs: number;
  readonly 'market records': number;
}

function runSession(script: readonly Step[], seed: number): Session {
  sessions += 1;
  const folder = join(root, String(sessions));
  const kernel = new JournalledKernel(new Xoshiro128(seed), folder);
  try {
    const trial = new Trial(kernel);
    for (const step of script) trial.step(step);
    kernel.kill();
    kernel.close();
    const { kills, tears, hashes, marketRecords } = kernel;
    return {
      kills,
      'torn tails': tears,
      hashes,
      inputs: trial.desk.inputs.length,
      'market records': marketRecords,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('wherever a process dies, its journal replays to the state it had and goes on from there', async () => {
  const reached = await runSeeds('sessions journalled, killed and replayed', 20, (seed) => {
    const script = randomScript(new Xoshiro128(seed), MOST_STEPS);
    let session: Session | undefined;
    runScript(script, (some) => {
      session = runSession(some, seed);
    });
    return { ...session };
  });
  expect(reached['kills']).toBeGreaterThan(0);
});

test('a replay that ends elsewhere is found', () => {
  const folder = join(root, 'other');
  const kernel = new JournalledKernel(new Xoshiro128(SEED), folder);
  const trial = new Trial(kernel);
  const other = createKernel();
  for (const input of trial.desk.inputs.slice(0, -1)) other.apply(input);
  kernel.close();
  const session = readdirSync(folder).map((name) => join(folder, name))[0] ?? '';
  expect(() => assertSame(replayed(session), other)).toThrow('must end in the bytes');
});
