import type { Rng } from '../engine/base/rng.ts';
import type { OrderType } from '../engine/domain/order.ts';

/** What people and somebody else with the same account do. */
type Act =
  | {
      readonly kind: 'submit';
      /** Which of the instruments, by its place; 0 when absent. */
      readonly on?: number;
      readonly side: 'Buy' | 'Sell';
      readonly type: OrderType;
      readonly size: number;
      /** Levels behind the touch; below 0 it takes. */
      readonly behind: number;
      readonly post: boolean;
      readonly ioc: boolean;
      /** Of a stop: levels from the touch to its trigger, away from where it could take. */
      readonly trigger?: number;
      /** Levels from the entry to its exits. */
      readonly profit?: number;
      readonly loss?: number;
    }
  | { readonly kind: 'cancel'; readonly pick: number }
  | {
      readonly kind: 'replace';
      readonly pick: number;
      readonly size: number;
      readonly behind: number;
    }
  /** One of the instruments, or the whole account when absent. */
  | { readonly kind: 'cancelAll' | 'flatten'; readonly on?: number }
  | {
      readonly kind: 'kill' | 'lock' | 'open' | 'disarm' | 'part' | 'lapped' | 'stale' | 'live';
    }
  | {
      readonly kind: 'elsewhere';
      readonly on?: number;
      readonly side: 'Buy' | 'Sell';
      readonly size: number;
      readonly behind: number;
    }
  | { readonly kind: 'cancelElsewhere'; readonly pick: number };

/** What the machine, its disk and its network do to the engine. */
export type Fault =
  | { readonly kind: 'cut' | 'silence' | 'feedDies' | 'die' | 'dieSoon' | 'losePower' | 'stop' }
  | { readonly kind: 'refuse' | 'mute' | 'freeze' | 'sleep'; readonly ms: number }
  /** Somebody else at the same address uses up what the venue allows. */
  | { readonly kind: 'spend'; readonly weight: number; readonly orders: number }
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
  ['spend', 2],
];

const TYPES: readonly OrderType[] = [
  ...Array.from({ length: 8 }, () => 'Limit' as const),
  'Market',
  'Market',
  'Stop',
  'StopLimit',
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
  const on = rng.nextBelow(6);
  const side = rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
  const size = 10 * (10 + rng.nextBelow(2000));
  const behind = rng.nextBelow(12) - 4;
  switch (kind) {
    case 'submit': {
      const type = TYPES[rng.nextBelow(TYPES.length)] ?? 'Limit';
      const post = type === 'Limit' && rng.nextBelow(6) === 0;
      const ioc = type === 'Limit' && !post && rng.nextBelow(8) === 0;
      const stopped = type === 'Stop' || type === 'StopLimit';
      const trigger = stopped ? { trigger: rng.nextBelow(16) - 1 } : {};
      const order: StepOf<'submit'> = {
        kind,
        afterMs,
        on,
        side,
        type,
        size,
        behind,
        post,
        ioc,
        ...trigger,
      };
      const exits = rng.nextBelow(12);
      const [profit, loss] = [1 + rng.nextBelow(25), 1 + rng.nextBelow(25)];
      if (exits === 0) return { ...order, profit };
      if (exits === 1) return { ...order, loss };
      return exits < 4 ? { ...order, profit, loss } : order;
    }
    case 'cancelAll':
    case 'flatten':
      return rng.nextBelow(2) === 0 ? { kind, afterMs } : { kind, afterMs, on };
    case 'cancel':
    case 'cancelElsewhere':
      return { kind, afterMs, pick: rng.nextBelow(100) };
    case 'replace':
      return { kind, afterMs, pick: rng.nextBelow(100), size, behind };
    case 'elsewhere':
      return { kind, afterMs, on, side, size, behind };
    case 'refuse':
    case 'mute':
      return { kind, afterMs, ms: rng.nextBelow(30_000) };
    case 'freeze':
      return { kind, afterMs, ms: rng.nextBelow(60_000) };
    case 'sleep': {
      const longest = SLEEPS_MS[rng.nextBelow(SLEEPS_MS.length)] ?? 0;
      return { kind, afterMs, ms: Math.ceil(longest / 2) + rng.nextBelow(longest / 2) };
    }
    case 'spend': {
      // Some of the minute's weight, all of it, or so much more that the address is banned.
      const weight = [0, 3000, 6000, 14_000][rng.nextBelow(4)] ?? 0;
      return { kind, afterMs, weight, orders: weight === 0 ? 50 : rng.nextBelow(50) };
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
