import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LONG, SEED } from '../../../../build-tools/test/seeds.ts';
import { present } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { quantity } from '../../domain/price.ts';
import { Desk, terms } from '../../kernel/testing/desk.ts';
import { accepted, filled } from '../../kernel/testing/reports.ts';
import { stateHash } from '../../store/journal/session-journal.ts';
import { readSnapshot, snapshotPaths } from '../../store/journal/snapshots.ts';
import { journalledKernel } from '../testing/journalled-kernel.ts';
import { replaySession } from './session-replay.ts';

const EVENTS = LONG ? 10_000_000 : 20_000;
const SNAPSHOTS = 20;
/** Every replay of the long run restores and hashes the whole state: fewer orders leave its time to the events. */
const QUOTES_AN_ORDER = LONG ? 200 : 50;
const MICROS_BETWEEN = 20_000;

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'qd-replay-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a long session replays to one hash from its beginning and from every snapshot', async () => {
  const rng = new Xoshiro128(SEED);
  const { kernel, journal } = journalledKernel(root, {
    hashEvery: Math.floor(EVENTS / (SNAPSHOTS + 1)),
    segmentBytes: 4 << 20,
    snapshotsKept: SNAPSHOTS,
  });
  const desk = new Desk(kernel).open();
  let events = desk.inputs.length;
  let orders = 0;
  for (; events < EVENTS; orders += 1) {
    for (let quotes = 0; quotes < QUOTES_AN_ORDER; quotes += 1) {
      desk.now += MICROS_BETWEEN;
      desk.quote(9_980 + rng.nextBelow(20), 10_001 + rng.nextBelow(20));
    }
    const side = orders % 2 === 0 ? 'Buy' : 'Sell';
    const answer = desk.command({ type: 'SubmitOrder', terms: terms({ side }) });
    expect(answer.ok).toBe(true);
    const id = present(answer.orders[0], 'client order id');
    desk.venue(accepted(id));
    desk.venue(filled(id, `${orders}`, quantity(10_000)));
    // The desk keeps everything; the journal has it.
    events += QUOTES_AN_ORDER + 3;
    desk.inputs.length = 0;
    desk.effects.length = 0;
    await journal.snapshotWritten;
  }
  const hash = stateHash(kernel.encodeState());
  const bytes = kernel.snapshot().byteLength;
  journal.close();
  const paths = snapshotPaths(root);
  expect(paths).toHaveLength(SNAPSHOTS);
  for (const path of [undefined, ...paths]) {
    const from = path === undefined ? undefined : readSnapshot(path);
    if (from?.ok === false) throw new Error(from.error.message);
    const replay = replaySession(root, from === undefined ? {} : { from: from.value });
    if (!replay.ok) throw new Error(replay.error.message);
    expect(replay.value.firstDifference).toBeUndefined();
    expect(stateHash(replay.value.kernel.encodeState())).toBe(hash);
  }
  const counts = `${events} journal events with ${orders} orders from empty and from ${paths.length} snapshots`;
  console.log(`reached ${counts}, ${bytes} bytes of state, seed ${SEED}`);
});
