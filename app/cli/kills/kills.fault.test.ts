import { afterEach, expect, test } from 'vitest';
import { LONG, runSeeds } from '../../../build-tools/test/seeds.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import { KillRig } from './testing/kill-rig.ts';
import { LEAST_RATE, Storm } from './testing/storm.ts';

type Victim = 'feed' | 'trade' | 'main';

/** `trade` alone dies in storms of its own more often. */
const TIMES: Readonly<Record<Victim, number>> = LONG
  ? { feed: 50, trade: 10, main: 50 }
  : { feed: 1, trade: 1, main: 1 };
const NIGHTLY = { of: 'kills', count: TIMES.feed + TIMES.trade + TIMES.main, seconds: 5400 };
const GATE_SECONDS = 90;
const KNOWN_WITHIN_MS = 3000;
const BACK_WITHIN_MS = 5000;

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
}, 60_000);

/** Whose turn it is: of whom most are left. */
function nextVictim(left: Readonly<Record<Victim, number>>): Victim | undefined {
  const order = (['feed', 'trade', 'main'] as const).filter((name) => left[name] > 0);
  return order.toSorted((one, other) => left[other] - left[one])[0];
}

test.skipIf(process.platform !== 'linux')(
  'feed, trade and main are killed in storms of orders: none is lost, none goes twice',
  async ({ skip }) => {
    const rig = cleanup.use(await KillRig.start(5));
    const left = { ...TIMES };
    const rates: number[] = [];
    /** From the death, or from when a new engine was begun, until windows and all of the market are back. */
    const backMs: Record<string, number[]> = {};
    /** From the death, or from when a new engine said that it was ready, until every open order was known. */
    const knownMs: number[] = [];
    const acknowledged = new Set<string>();
    let sessions = 1;
    const { kills = 0 } = await runSeeds(
      'feed, trade and main in storms of orders',
      GATE_SECONDS,
      async (seed) => {
        const victim = nextVictim(left);
        if (victim === undefined) return undefined;
        const rng = new Xoshiro128(seed);
        await rig.ready();
        using storm = new Storm(rig.engineFile, rig.instrument, rng);
        const rate = await storm.rate(600 + rng.nextBelow(800));
        for (const id of storm.acknowledged) acknowledged.add(id);
        if (rate < LEAST_RATE) return { voids: 1 };
        rates.push(rate);
        let restarted = performance.now();
        const begun = restarted;
        process.kill(rig.pid(victim), 'SIGKILL');
        if (victim !== 'main') {
          await storm.until('it is gone', () => !storm.connected || !storm.live);
        }
        if (victim !== 'feed') storm.calm();
        using back =
          victim === 'main' ? new Storm(await rig.startEngine(), rig.instrument, rng) : storm;
        if (victim === 'main') {
          sessions += 1;
          restarted = performance.now();
        }
        const open = victim === 'feed' ? [] : await rig.openAtExchange();
        await back.until(
          `what the exchange has open is known after the death of ${victim}`,
          () => back.connected && back.live && back.unknownOf(open).length === 0,
        );
        knownMs.push(performance.now() - restarted);
        (backMs[victim] ??= []).push(performance.now() - begun);
        storm.calm();
        for (const id of storm.acknowledged) acknowledged.add(id);
        left[victim] -= 1;
        return { kills: 1, [victim]: 1 };
      },
      NIGHTLY,
    );
    const sent = await rig.agrees(acknowledged, sessions);
    if (kills === 0) skip(`void: no storm of ${LEAST_RATE} orders/s; all else held`);
    const back = Object.entries(backMs).map(
      ([name, all]) => `${name} ${Math.max(...all).toFixed(0)}`,
    );
    console.log(
      `reached ${kills} kills, ${sent} orders sent, ${acknowledged.size} acknowledged, slowest storm ${Math.min(...rates).toFixed(0)} orders/s; ` +
        `open orders known after at most ${Math.max(...knownMs).toFixed(0)} ms, back after at most ms: ${back.join(', ')}`,
    );
    if (!LONG) return;
    expect(Math.max(...knownMs)).toBeLessThan(KNOWN_WITHIN_MS);
    expect(Math.max(...Object.values(backMs).flat())).toBeLessThan(BACK_WITHIN_MS);
  },
  (NIGHTLY.seconds + 600) * 1000,
);
