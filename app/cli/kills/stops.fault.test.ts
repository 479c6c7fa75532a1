import { afterEach, expect, test } from 'vitest';
import { LONG, runSeeds } from '../../../build-tools/test/seeds.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import { KillRig } from './testing/kill-rig.ts';
import { LEAST_RATE, Storm } from './testing/storm.ts';

const VICTIMS = ['feed', 'main', 'trade'] as const;
const EACH = LONG ? 20 : 1;
const NIGHTLY = { of: 'stops', count: EACH * VICTIMS.length, seconds: 5400 };
const GATE_SECONDS = 90;
const SHORTEST_STOP_MS = 1000;
const LONGEST_STOP_MS = LONG ? 60_000 : 6_000;

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
}, 60_000);

test.skipIf(process.platform !== 'linux')(
  `feed, trade and main are stopped and go on ${EACH} times each in a storm of orders: none is lost, none goes twice, none leaves on old prices`,
  async ({ skip }) => {
    const rig = cleanup.use(await KillRig.start(6));
    const left = Array.from({ length: EACH }, () => VICTIMS).flat();
    const rates: number[] = [];
    const knownMs: number[] = [];
    const stoppedMs: number[] = [];
    const acknowledged = new Set<string>();
    const { stops = 0 } = await runSeeds(
      'feed, main and trade stopped in storms of orders',
      GATE_SECONDS,
      async (seed) => {
        const [victim] = left;
        if (victim === undefined) return undefined;
        const rng = new Xoshiro128(seed);
        await rig.ready();
        using storm = new Storm(rig.engineFile, rig.instrument, rng);
        const rate = await storm.rate(600);
        for (const id of storm.acknowledged) acknowledged.add(id);
        if (rate < LEAST_RATE) return { voids: 1 };
        rates.push(rate);
        const pid = rig.pid(victim);
        // As many between one second and two as between 30 and 60.
        const stopMs =
          SHORTEST_STOP_MS * (LONGEST_STOP_MS / SHORTEST_STOP_MS) ** (rng.nextBelow(1000) / 999);
        const stopped = performance.now();
        rig.suspend(victim);
        if (victim === 'feed') await withoutPrices(rig, storm);
        if (victim === 'main') await withoutMain(storm);
        // The rest of a long stop is no other than its beginning.
        storm.calm();
        await rig.passed(Math.max(0, stopMs - (performance.now() - stopped)));
        storm.blow();
        const resumed = performance.now();
        rig.resume();
        stoppedMs.push(resumed - stopped);
        const open = await rig.openAtExchange();
        await storm.until(
          `what the exchange has open is known after the stop of ${victim}`,
          () => storm.connected && storm.live && storm.unknownOf(open).length === 0,
        );
        knownMs.push(performance.now() - resumed);
        // It was left to go on: a process that is only slow is no dead one.
        expect(rig.pid(victim)).toBe(pid);
        if (victim !== 'trade') {
          const goal = storm.taken.size + 300;
          await storm.until('the storm goes on by itself', () => storm.taken.size >= goal);
        }
        storm.calm();
        for (const id of storm.acknowledged) acknowledged.add(id);
        left.shift();
        return { stops: 1, [victim]: 1 };
      },
      NIGHTLY,
    );
    const sent = await rig.agrees(acknowledged, 1);
    if (stops === 0) skip(`void: no storm of ${LEAST_RATE} orders/s; all else held`);
    console.log(
      `reached ${stops} stops of ${Math.min(...stoppedMs).toFixed(0)} to ${Math.max(...stoppedMs).toFixed(0)} ms, ${sent} orders sent, ${acknowledged.size} acknowledged, ` +
        `slowest storm ${Math.min(...rates).toFixed(0)} orders/s; open orders known after at most ${Math.max(...knownMs).toFixed(0)} ms`,
    );
  },
  (NIGHTLY.seconds + 600) * 1000,
);

/** Without news of the feed nothing that adds risk leaves once the last prices are too old. */
async function withoutPrices(rig: KillRig, storm: Storm): Promise<void> {
  const stale = (): number => storm.refusals.get('STALE_DATA') ?? 0;
  await storm.until('the last prices are too old', () => stale() > 0);
  const refused = stale();
  const before = new Set(storm.acknowledged);
  const held = [await rig.held()];
  await storm.until('orders are refused', () => stale() >= refused + 500);
  held.push(await rig.held());
  const left = [...storm.acknowledged].filter((id) => !before.has(id));
  const sides = new Set(left.map((id) => storm.orders.get(id)?.side));
  const reducing = new Set(held.map((net) => (net > 0 ? 'Sell' : 'Buy')));
  expect([...sides].filter((side) => side === undefined || !reducing.has(side))).toEqual([]);
}

/** Windows and exchange are connected to feed and trade themselves: what there is of main stands still, orders do not. */
async function withoutMain(storm: Storm): Promise<void> {
  const goal = storm.taken.size + 1000;
  await storm.until('orders go on without main', () => storm.taken.size >= goal);
}
