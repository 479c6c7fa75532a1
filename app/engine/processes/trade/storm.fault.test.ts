import { afterEach, expect, test } from 'vitest';
import { LONG, runSeeds } from '../../../../build-tools/test/seeds.ts';
import { StormRig } from '../testing/storm-rig.int.ts';

const NIGHTLY = { of: 'kills', count: 200, seconds: 3600 };
const GATE_SECONDS = 60;
/** Orders a second below which a storm proves nothing. */
const STORM = 500;
const KNOWN_WITHIN_MS = 3000;
/** After a death some seconds pass until the account agrees: the others storm meanwhile, one at a time. */
const RIGS = 4;

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
}, 60_000);

test(
  'trade is killed in storms of orders: none that was acknowledged is lost, none goes twice',
  async ({ skip }) => {
    const rigs: StormRig[] = [];
    let ready = new Map<StormRig, Promise<StormRig>>();
    const prepare = (rig: StormRig): void => {
      ready.set(
        rig,
        rig.ready().then(() => rig),
      );
    };
    for (let seed = 3; rigs.length < RIGS; seed += 1) {
      const rig = await StormRig.open(cleanup, seed);
      rigs.push(rig);
      prepare(rig);
    }
    const rates: number[] = [];
    const knownMs: number[] = [];
    const { kills = 0 } = await runSeeds(
      'trade in storms of orders',
      GATE_SECONDS,
      async () => {
        const rig = await Promise.race(ready.values());
        ready.delete(rig);
        const rate = await rig.storm();
        if (rate < STORM) {
          // The same again: it has warmed up, and nothing is to be waited for.
          ready = new Map([[rig, Promise.resolve(rig)], ...ready]);
          return { voids: 1 };
        }
        rates.push(rate);
        const back = await rig.dieAndReturn();
        expect(back.lost).toEqual([]);
        knownMs.push(back.knownMs);
        prepare(rig);
        return { kills: 1 };
      },
      NIGHTLY,
    );
    await Promise.all(ready.values());
    const orders = rigs.reduce((sum, { asked }) => sum + asked, 0);
    const acknowledged = rigs.reduce((sum, one) => sum + one.acknowledged.size, 0);
    const differences = await Promise.all(rigs.map((rig) => rig.settle()));
    expect(differences.flat()).toEqual([]);
    // A journal is read at one go: nothing else may wait for this process meanwhile.
    for (const rig of rigs) expect(await rig.audit()).toEqual([]);
    if (kills === 0) skip(`void: no storm of ${STORM} orders/s; all else held`);
    const slowest = Math.min(...rates).toFixed(0);
    const longest = Math.max(...knownMs);
    console.log(
      `reached ${kills} kills of trade, ${orders} orders, ${acknowledged} acknowledged, slowest storm ${slowest} orders/s; ` +
        `open orders known after at most ${longest.toFixed(0)} ms: ${knownMs.map((ms) => ms.toFixed(0)).join(' ')}`,
    );
    if (LONG) expect(longest).toBeLessThan(KNOWN_WITHIN_MS);
  },
  (NIGHTLY.seconds + 300) * 1000,
);
