import { expect, test } from 'vitest';
import { Xoshiro128, type Rng } from '../base/rng.ts';
import { simulate } from './testing/simulate.ts';
import type { Step } from './testing/trial.ts';
import type { Fate } from './testing/request-fates.ts';

const SCRIPTS = 120;
const STEPS = 90;

function fateOf(rng: Rng): Fate {
  const fates: readonly Fate[] = ['Lost', 'AnswerLost', 'NotSent'];
  return rng.nextBelow(10) < 8 ? 'Arrives' : (fates[rng.nextBelow(3)] ?? 'Arrives');
}

/** Steps about entries with exits: most requests arrive, much fills, stops trigger, some legs are canceled. */
function stepOf(rng: Rng): Step {
  const turn = rng.nextBelow(100);
  const pick = rng.nextBelow(8);
  if (turn < 12) {
    const form = (['Bracket', 'Bracket', 'Profit', 'Loss'] as const)[rng.nextBelow(4)] ?? 'Bracket';
    const px = 9_900 + rng.nextBelow(200);
    const size = 10_000 + rng.nextBelow(2_000) * 10;
    return { kind: 'submit', form, sell: rng.nextBelow(3) === 0, size, px };
  }
  if (turn < 38) return { kind: 'process', fate: fateOf(rng) };
  if (turn < 72) return { kind: 'deliver', pick: rng.nextBelow(3), twice: rng.nextBelow(5) === 0 };
  if (turn < 81) return { kind: 'fill', pick, size: 4_000 + rng.nextBelow(2_600) * 10 };
  if (turn < 89) return { kind: 'trigger', pick };
  if (turn < 92) return { kind: 'cancel', pick, size: 0 };
  if (turn < 94) return { kind: 'replace', pick, size: 10_000 + rng.nextBelow(2_000) * 10 };
  if (turn < 96) return { kind: 'wait', micros: 6_000_000 };
  const rare = ['cancelAll', 'flatten', 'disconnect', 'reconnect', 'restart'] as const;
  if (turn === 96) return { kind: rare[rng.nextBelow(5)] ?? 'cancelAll' };
  return { kind: 'unlock', size: 0 };
}

test('exits trade at most what their entry filled, once, whatever happens on the way', () => {
  const seen = { lists: 0, profits: 0, stops: 0, ended: 0 };
  for (let seed = 1; seed <= SCRIPTS; seed += 1) {
    const rng = new Xoshiro128(seed);
    const script = Array.from({ length: STEPS }, () => stepOf(rng));
    // Soundness after every step, equal bytes and effects through snapshots, the venue's truth at the end.
    const { trial } = simulate(script, seed);
    seen.lists += trial.desk.effects.filter(({ type }) => type === 'SendOrderList').length;
    for (const { contingency, type, cumQty, status } of trial.desk.kernel.view().orders) {
      if (contingency === undefined) continue;
      if (cumQty > 0) seen[type === 'Stop' ? 'stops' : 'profits'] += 1;
      if (status === 'Expired' || status === 'Canceled') seen.ended += 1;
    }
  }
  // Fewer would prove little.
  expect(seen).toSatisfy((counts: typeof seen) => Math.min(...Object.values(counts)) > 10);
});
