import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Xoshiro128 } from '../../base/rng.ts';
import { STATE_FORMAT } from '../../domain/state-format.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { randomScript } from '../../kernel/testing/scripts.ts';
import { Trial } from '../../kernel/testing/trial.ts';
import { journalSegments } from '../../native/io/journal-reader.ts';
import { stateHash, streamFolders } from '../../store/journal/session-journal.ts';
import { journalledKernel } from './journalled-kernel.ts';

/** One session of each release. */
export const CORPUS: string = join(import.meta.dirname, '../../store/journal/corpus');

const SEED = 475;
const MOST_STEPS = 160;

/** What a session of the corpus must come to. */
export interface Expected {
  readonly stateFormat: number;
  readonly hash: string;
  readonly inputs: number;
  readonly intents: number;
  readonly marketRecords: number;
  readonly ends: readonly string[];
}

/** How a session ended, in words that do not depend on the encoding. */
export function endsOf(kernel: Kernel): readonly string[] {
  const { orders, positions, balances, accounts, fillCount } = kernel.view();
  return [
    ...orders.map((order) => `${order.clientOrderId} ${order.status} ${order.cumQty}`),
    ...positions.map(({ instrument, quantity }) => `${instrument} ${quantity}`),
    ...balances.map(({ asset, free, locked }) => `${asset} ${free} ${locked}`),
    ...accounts.map(({ account, tradingState }) => `${account} ${tradingState}`),
    `${fillCount} fills`,
  ];
}

/** What is recorded of a session of the corpus. */
export function expectedOf(folder: string): Expected {
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
}

/** Writes the session of a release: a script with always the same inputs, so the same hash; only the name inside its segments is drawn. */
export async function writeCorpus(folder: string): Promise<Expected> {
  rmSync(folder, { recursive: true, force: true });
  const session = join(folder, 'session');
  mkdirSync(session, { recursive: true });
  const options = { hashEvery: 60, segmentBytes: 16_384, snapshotsKept: 1 };
  const { kernel, journal } = journalledKernel(session, options);
  const trial = new Trial(kernel);
  for (const step of randomScript(new Xoshiro128(SEED), MOST_STEPS)) {
    trial.step(step);
    await journal.snapshotWritten;
  }
  journal.close();
  for (const stream of Object.values(streamFolders(session))) {
    const segments = journalSegments(stream);
    if (!segments.ok) throw new Error(segments.error.detail);
    for (const { path, begun } of segments.value) if (!begun) rmSync(path);
    rmSync(join(stream, 'writer.lock'), { force: true });
  }
  const { inputs, effects } = trial.desk;
  const expected: Expected = {
    stateFormat: STATE_FORMAT,
    hash: stateHash(kernel.encodeState()),
    inputs: inputs.filter(({ type }) => type !== 'Market').length,
    intents: effects.filter(({ type }) => type !== 'Publish' && type !== 'SetTimer').length,
    marketRecords: inputs.filter(({ type }) => type === 'Market').length,
    ends: endsOf(kernel),
  };
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, undefined, 2)}\n`);
  return expected;
}
