import { afterEach, expect, test } from 'vitest';
import { LONG, SEED } from '../../../build-tools/test/seeds.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import { qd } from '../testing/running-command.ts';
import { KillRig } from './testing/kill-rig.ts';
import { Storm } from './testing/storm.ts';

const EACH = LONG ? 50 : 1;
/** Under this a storm proves nothing. */
const LEAST_ORDERS_A_SECOND = 500;

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
});

/** Ids that were open at the exchange and that the client does not know the fate of. */
function unknownHere(storm: Storm, open: readonly string[]): string[] {
  return open.filter((id) => {
    const order = storm.orders.get(id);
    return order === undefined || order.unknownSince !== undefined;
  });
}

test.skipIf(process.platform !== 'linux')(
  `feed, trade and main are killed ${EACH} times each in a storm of orders: none is lost, none goes twice`,
  async (context) => {
    const rng = new Xoshiro128(SEED);
    const rig = cleanup.use(await KillRig.start(5));
    const victims = Array.from({ length: EACH }, () => ['feed', 'trade', 'main'] as const).flat();
    const rates: number[] = [];
    const backMs: Record<string, number[]> = { feed: [], trade: [], main: [] };
    const taken = new Set<string>();
    const acknowledged = new Set<string>();
    for (const victim of victims) {
      await rig.ready();
      using storm = new Storm(rig.engineFile, rig.instrument, rng);
      await storm.until('a price and an account', () => storm.live && storm.connected);
      const warm = storm.taken.size + 200;
      storm.blow();
      await storm.until('the storm blows', () => storm.taken.size >= warm);
      const before = storm.taken.size;
      const begun = performance.now();
      const goal = before + 600 + rng.nextBelow(800);
      await storm.until('the storm has blown', () => storm.taken.size >= goal);
      rates.push(((storm.taken.size - before) / (performance.now() - begun)) * 1000);
      const died = performance.now();
      process.kill(rig.pid(victim), 'SIGKILL');
      if (victim !== 'main') await storm.until('it is gone', () => !storm.connected || !storm.live);
      if (victim !== 'feed') storm.calm();
      let back = storm;
      if (victim === 'main') {
        await rig.startEngine();
        back = cleanup.use(new Storm(rig.engineFile, rig.instrument, rng));
      }
      const open = victim === 'feed' ? [] : await rig.openAtExchange();
      await back.until(
        `what the exchange has open is known after the death of ${victim}`,
        () => back.connected && back.live && unknownHere(back, open).length === 0,
      );
      backMs[victim]?.push(performance.now() - died);
      storm.calm();
      for (const id of storm.taken) taken.add(id);
      for (const id of storm.acknowledged) acknowledged.add(id);
      back[Symbol.dispose]();
    }
    await rig.ready();
    expect(await rig.line('cancel all')).toMatchObject({ ok: true });
    await expect.poll(() => rig.openAtExchange(), { timeout: 30_000 }).toEqual([]);
    await expect.poll(() => rig.differences(), { timeout: 60_000 }).toEqual([]);
    const { sent } = rig.intents();
    // What the engine said it took is in a journal, whichever process died since.
    expect([...acknowledged].filter((id) => !sent.has(id))).toEqual([]);
    expect(await rig.stopEngine()).toMatchObject({ status: 0 });
    const replay = await qd('--data', rig.folder.path, 'journal', 'replay', '--json');
    const { sessions } = JSON.parse(replay.stdout) as { sessions: { agrees: boolean }[] };
    expect(sessions.map(({ agrees }) => agrees)).toEqual(Array(EACH + 1).fill(true));
    const slowest = Math.min(...rates);
    const most = Object.entries(backMs).map(
      ([name, all]) => `${name} ${Math.max(...all).toFixed(0)}`,
    );
    console.log(
      `reached ${victims.length} kills, ${sent.size} orders sent, ${acknowledged.size} acknowledged, ${taken.size} taken by the exchange, ` +
        `storms ${rates.map((rate) => rate.toFixed(0)).join(' ')} orders/s; back after at most ms: ${most.join(', ')}; seed ${SEED}`,
    );
    if (slowest < LEAST_ORDERS_A_SECOND) {
      context.skip(`void: the slowest storm was ${slowest.toFixed(0)} orders/s, not 500`);
    }
  },
  EACH * 120_000 + 60_000,
);
