import type { Rng } from '../engine/base/rng.ts';

/** What people and somebody else with the same account do. */
type Act =
  | {
      readonly kind: 'submit';
      readonly side: 'Buy' | 'Sell';
      readonly type: 'Limit' | 'Market';
      readonly size: number;
      /** Distance behind the touch in whole quote units; below 0 it takes. */
      readonly behind: number;
      readonly post: boolean;
      readonly ioc: boolean;
    }
  | { readonly kind: 'cancel'; readonly pick: number }
  | {
      readonly kind: 'replace';
      readonly pick: number;
      readonly size: number;
      readonly behind: number;
    }
  | {
      readonly kind:
        | 'cancelAll'
        | 'flatten'
        | 'kill'
        | 'lock'
        | 'open'
        | 'disarm'
        | 'part'
        | 'lapped'
        | 'stale'
        | 'live';
    }
  | {
      readonly kind: 'elsewhere';
      readonly side: 'Buy' | 'Sell';
      readonly size: number;
      readonly behind: number;
    }
  | { readonly kind: 'cancelElsewhere'; readonly pick: number };

/** What the machine, its disk and its network do to the engine. */
export type Fault =
  | { readonly kind: 'cut' | 'silence' | 'feedDies' | 'die' | 'dieSoon' | 'losePower' | 'stop' }
  | { readonly kind: 'refuse' | 'mute' | 'freeze' | 'sleep'; readonly ms: number }
  /** The machine's clock is set. */
  | { readonly kind: 'clock'; readonly micros: number };

/** One thing that happens in a simulated world, and the time that goes by after it. */
export type Step = { readonly afterMs: number } & (Act | Fault);

type Kind = Step['kind'];
/** A step of one kind. */
export type StepOf<K extends Kind> = Extract<Step, { readonly kind: K }>;

/** How often each kind comes, by weight. */
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ['submit', 34],
  ['cancel', 12],
  ['replace', 8],
  ['open', 14],
  ['cancelAll', 2],
  ['flatten', 2],
  ['kill', 1],
  ['lock', 1],
  ['disarm', 1],
  ['part', 1],
  ['lapped', 1],
  ['stale', 1],
  ['live', 2],
  ['elsewhere', 4],
  ['cancelElsewhere', 2],
];

/** What only a world with faults knows. */
const FAULT_WEIGHTS: readonly (readonly [Fault['kind'], number])[] = [
  ['cut', 3],
  ['silence', 1],
  ['refuse', 1],
  ['die', 1],
  ['dieSoon', 2],
  ['losePower', 1],
  ['stop', 1],
  ['clock', 2],
  ['sleep', 1],
  ['freeze', 1],
  ['mute', 1],
  ['feedDies', 1],
];

const CLOCK_STEPS = [1_000_000, 3_600_000_000, 86_400_000_000];
/** Longest sleeps: a lid closed for a moment, a break, a night. */
const SLEEPS_MS = [2000, 60_000, 60_000, 60_000, 1_800_000, 8 * 3_600_000];

/** A script of `length` steps; equal seeds give equal scripts. */
export function randomScript(rng: Rng, length: number, faults: boolean): readonly Step[] {
  const weights = faults ? [...WEIGHTS, ...FAULT_WEIGHTS] : WEIGHTS;
  const open: Step = { kind: 'open', afterMs: 1000 };
  return [{ ...open, afterMs: 5000 }, open, ...Array.from({ length }, () => draw(rng, weights))];
}

function draw(rng: Rng, weights: readonly (readonly [Kind, number])[]): Step {
  const kind = pick(rng, weights);
  const afterMs = waiting(rng);
  const side = rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
  const size = 10 * (10 + rng.nextBelow(2000));
  const behind = rng.nextBelow(12) - 4;
  switch (kind) {
    case 'submit': {
      const type = rng.nextBelow(6) === 0 ? 'Market' : 'Limit';
      const post = type === 'Limit' && rng.nextBelow(6) === 0;
      const ioc = type === 'Limit' && !post && rng.nextBelow(8) === 0;
      return { kind, afterMs, side, type, size, behind, post, ioc };
    }
    case 'cancel':
    case 'cancelElsewhere':
      return { kind, afterMs, pick: rng.nextBelow(100) };
    case 'replace':
      return { kind, afterMs, pick: rng.nextBelow(100), size, behind };
    case 'elsewhere':
      return { kind, afterMs, side, size, behind };
    case 'refuse':
    case 'mute':
      return { kind, afterMs, ms: rng.nextBelow(30_000) };
    case 'freeze':
      return { kind, afterMs, ms: rng.nextBelow(60_000) };
    case 'sleep': {
      const longest = SLEEPS_MS[rng.nextBelow(SLEEPS_MS.length)] ?? 0;
      return { kind, afterMs, ms: Math.ceil(longest / 2) + rng.nextBelow(longest / 2) };
    }
    case 'clock': {
      const step = CLOCK_STEPS[rng.nextBelow(CLOCK_STEPS.length)] ?? 0;
      return { kind, afterMs, micros: rng.nextBelow(2) === 0 ? step : -step };
    }
    default:
      return { kind, afterMs };
  }
}

function pick(rng: Rng, weights: readonly (readonly [Kind, number])[]): Kind {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  let left = rng.nextBelow(sum);
  for (const [kind, weight] of weights) {
    if (left < weight) return kind;
    left -= weight;
  }
  return 'submit';
}

/** Mostly a breath, sometimes long enough for everything to time out. */
function waiting(rng: Rng): number {
  const how = rng.nextBelow(20);
  if (how < 6) return rng.nextBelow(100);
  if (how < 17) return rng.nextBelow(5000);
  return rng.nextBelow(60_000);
}
