import type { Rng } from '../../base/rng.ts';
import { FORMS, type Step } from './trial.ts';
import { MOTIFS, type FaultKind } from './venue-faults.ts';
import type { Fate } from './request-fates.ts';

type Kind = Step['kind'];

/** How often each kind happens in a script where nothing is left out. */
const WEIGHTS: Readonly<Record<Kind, number>> = {
  submit: 12,
  cancel: 3,
  replace: 3,
  cancelAll: 1,
  flatten: 1,
  kill: 1,
  disconnect: 1,
  reconnect: 1,
  restart: 1,
  unlock: 7,
  elsewhere: 1,
  process: 16,
  fill: 12,
  deliver: 18,
  expire: 1,
  trigger: 1,
  rejectLate: 1,
  lose: 1,
  repeat: 1,
  page: 1,
  reset: 1,
  hold: 1,
  release: 1,
  silence: 1,
  drain: 2,
  work: 1,
  halt: 1,
  resume: 3,
  rules: 1,
  tell: 3,
  crossed: 1,
  quote: 2,
  lapped: 1,
  leave: 1,
  clock: 1,
  wait: 4,
  unwritable: 1,
  writable: 3,
};
const KINDS = Object.keys(WEIGHTS) as readonly Kind[];
const ALWAYS: ReadonlySet<Kind> = new Set<Kind>(['submit', 'unlock', 'process', 'deliver', 'fill']);
const WAITS = [1_000, 500_000, 2_000_000, 6_000_000, 31_000_000] as const;
const CLOCK_STEPS = [1_000_000, 3_600_000_000, -1_000_000, -3_600_000_000] as const;

/** What goes wrong in one script: some kinds of steps never happen, messages are lost and repeated to its own degree. */
interface Swarm {
  readonly kinds: readonly Kind[];
  /** Of 100 requests. */
  readonly lost: number;
  /** Of 100 reports. */
  readonly repeated: number;
  /** How far behind the oldest a report may be taken. */
  readonly reordered: number;
}

function swarmOf(rng: Rng): Swarm {
  const kinds = KINDS.flatMap((kind) => {
    const times = ALWAYS.has(kind) ? 1 : rng.nextBelow(3);
    return Array.from({ length: WEIGHTS[kind] * times }, () => kind);
  });
  return {
    kinds,
    lost: rng.nextBelow(31),
    repeated: rng.nextBelow(51),
    reordered: 1 + rng.nextBelow(8),
  };
}

function oneOf<Item>(rng: Rng, items: readonly Item[], otherwise: Item): Item {
  return items[rng.nextBelow(items.length)] ?? otherwise;
}

const FAILURES: readonly Fate[] = [
  'Lost',
  'AnswerLost',
  'ServerError',
  'NotSent',
  'Banned',
  'ClockOff',
];

function fateOf(rng: Rng, lost: number): Fate {
  if (rng.nextBelow(100) >= lost) return 'Arrives';
  return oneOf<Fate>(rng, FAILURES, 'Lost');
}

function stepOf(rng: Rng, { kinds, lost, repeated, reordered }: Swarm): Step {
  const kind = oneOf(rng, kinds, 'process');
  const size = (100 + rng.nextBelow(2_900)) * 10;
  switch (kind) {
    case 'submit':
      return {
        kind,
        form: rng.nextBelow(2) === 0 ? 'Limit' : oneOf(rng, FORMS, 'Limit'),
        sell: rng.nextBelow(2) === 1,
        size,
        px: 9_500 + rng.nextBelow(1_001),
      };
    case 'cancel':
    case 'replace':
    case 'fill':
      return { kind, pick: rng.nextBelow(8), size };
    case 'unlock':
    case 'elsewhere':
      return { kind, size };
    case 'process':
      return { kind, fate: fateOf(rng, lost) };
    case 'deliver':
      return { kind, pick: rng.nextBelow(reordered), twice: rng.nextBelow(100) < repeated };
    case 'expire':
    case 'quote':
    case 'trigger':
    case 'rejectLate':
    case 'lose':
    case 'repeat':
    case 'page':
      return { kind, pick: rng.nextBelow(8) };
    case 'wait':
      return { kind, micros: oneOf(rng, WAITS, 1_000) };
    case 'clock':
      return { kind, micros: oneOf(rng, CLOCK_STEPS, 1_000_000) };
    default:
      return { kind };
  }
}

/** A script of up to `most` steps; equal streams of numbers give equal scripts. */
export function randomScript(rng: Rng, most: number): readonly Step[] {
  const swarm = swarmOf(rng);
  const length = 1 + rng.nextBelow(most);
  return Array.from({ length }, () => stepOf(rng, swarm));
}

/** A script of up to `most` steps in which the steps of one kind of fault stand, once to three times, at places of their own. */
export function faultyScript(rng: Rng, most: number, kind: FaultKind): readonly Step[] {
  let script = randomScript(rng, most);
  for (let times = 1 + rng.nextBelow(3); times > 0; times -= 1) {
    const at = rng.nextBelow(script.length + 1);
    script = [...script.slice(0, at), ...MOTIFS[kind], ...script.slice(at)];
  }
  return script;
}
