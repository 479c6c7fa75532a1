import { expect, test } from 'vitest';
import { Xoshiro128, type Rng } from '../base/rng.ts';
import type { Order } from '../domain/order.ts';
import { isPassing } from './passing-refusal.ts';
import { updates } from './testing/desk.ts';
import { simulate } from './testing/simulate.ts';
import type { Step, Trial } from './testing/trial.ts';
import type { Fate } from './testing/request-fates.ts';

const SCRIPTS = 150;
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
  if (turn < 36) return { kind: 'process', fate: fateOf(rng) };
  if (turn === 36) return { kind: 'unwritable' };
  if (turn === 37) return { kind: 'writable' };
  if (turn < 72) return { kind: 'deliver', pick: rng.nextBelow(3), twice: rng.nextBelow(5) === 0 };
  if (turn < 81) return { kind: 'fill', pick, size: 4_000 + rng.nextBelow(2_600) * 10 };
  if (turn < 89) return { kind: 'trigger', pick };
  if (turn < 92) return { kind: 'cancel', pick, size: 0 };
  if (turn < 94) return { kind: 'replace', pick, size: 10_000 + rng.nextBelow(2_000) * 10 };
  if (turn < 96) return { kind: 'wait', micros: 6_000_000 };
  const rare = [
    'cancelAll',
    'flatten',
    'disconnect',
    'reconnect',
    'restart',
    'unwritable',
  ] as const;
  if (turn === 96) return { kind: rare[rng.nextBelow(6)] ?? 'cancelAll' };
  if (turn === 97) return { kind: 'writable' };
  return { kind: 'unlock', size: 0 };
}

/** Entries some of whose exits never left for a reason that passes, and of those the ones without further exits or a word about it. */
function broughtBack(trial: Trial): { readonly entries: number; readonly forgotten: string[] } {
  const { orders } = trial.desk.kernel.view();
  const words = updates(trial.desk.effects).flatMap((one) =>
    one.type === 'Alert' && ['BRACKET_DROPPED', 'BRACKET_TOO_SMALL'].includes(one.code)
      ? [one.message]
      : [],
  );
  const entries = new Set(orders.flatMap((one) => (neverLeft(one) ? (one.parent ?? []) : [])));
  const forgotten = [...entries].filter((entry) => {
    const last = orders.findLast(({ parent }) => parent === entry);
    const told = words.some((message) => message.includes(`${entry} `));
    return last !== undefined && neverLeft(last) && !told;
  });
  return { entries: entries.size, forgotten };
}

function neverLeft({ parent, status, reason }: Order): boolean {
  return parent !== undefined && status === 'Rejected' && isPassing(reason);
}

test('exits trade at most what their entry filled, once, whatever happens on the way', () => {
  const seen = { lists: 0, profits: 0, stops: 0, ended: 0, neverLeft: 0 };
  for (let seed = 1; seed <= SCRIPTS; seed += 1) {
    const rng = new Xoshiro128(seed);
    const script = Array.from({ length: STEPS }, () => stepOf(rng));
    // Soundness after every step, equal bytes and effects through snapshots, the venue's truth at the end.
    const { trial } = simulate(script, seed);
    // What never left leaves once everything works and a person has unlocked.
    trial.step({ kind: 'unlock', size: 0 });
    trial.settle();
    const { entries, forgotten } = broughtBack(trial);
    expect(forgotten).toEqual([]);
    seen.neverLeft += entries;
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
