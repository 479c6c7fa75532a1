import { Xoshiro128 } from '../../engine/base/rng.ts';
import type { Fault, FaultKind, FaultLine } from './plan.ts';

/** A message or request on its way past. */
export interface Passing {
  readonly on: FaultLine;
  readonly symbol?: string | undefined;
  readonly message?: string | undefined;
  readonly request?: string | undefined;
  readonly execution?: string | undefined;
}

/** A fault, how often it could have struck and how often it has. */
export type FaultState = Fault & { readonly seen: number; readonly struck: number };

/** What `GET /faults` tells. */
export interface FaultReport {
  readonly faults: readonly FaultState[];
  /** Client order ids of new orders that reached the exchange, and those that came more than once. */
  readonly orders: { readonly received: number; readonly repeated: readonly string[] };
}

interface Active {
  readonly fault: Fault;
  readonly rng: Xoshiro128;
  readonly sinceMs: number;
  seen: number;
  struck: number;
  /** While a rate limit or ban lasts, every request is refused. */
  heldUntilMs: number;
}

/** Kinds that are a state of the exchange while they last, not something that strikes a message. */
const STATES: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'halt',
  'tick-size',
  'clock-skew',
  'sequence-reset',
  'restart',
]);

/** The faults that are set, and what they have done. */
export class Faults {
  readonly #nowMs: () => number;
  readonly #clientOrderIds = new Set<string>();
  readonly #repeated: string[] = [];
  #active: Active[] = [];
  #nextId = 1;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The number the next fault's id carries. */
  get nextId(): number {
    return this.#nextId;
  }

  set(faults: readonly Fault[]): void {
    this.#nextId += faults.length;
    const sinceMs = this.#nowMs();
    for (const fault of faults) {
      const rng = new Xoshiro128(fault.seed);
      this.#active.push({ fault, rng, sinceMs, seen: 0, struck: 0, heldUntilMs: 0 });
    }
  }

  clear(): void {
    this.#active = [];
  }

  report(): FaultReport {
    return {
      faults: this.#active.map(({ fault, seen, struck }) => ({ ...fault, seen, struck })),
      orders: { received: this.#clientOrderIds.size, repeated: [...this.#repeated] },
    };
  }

  /** True when messages of a line need no look. */
  idle(on: FaultLine): boolean {
    return !this.#active.some(({ fault }) => fault.on === on);
  }

  /** The first fault of one of the `kinds` that strikes what passes; it counts. */
  strike(passing: Passing, kinds: ReadonlySet<FaultKind>): Fault | undefined {
    const nowMs = this.#nowMs();
    return this.#active.find((active) => {
      const { fault } = active;
      if (!kinds.has(fault.kind) || !this.#lasts(active, nowMs) || !fitsScope(fault, passing)) {
        return false;
      }
      if (nowMs < active.heldUntilMs) {
        active.seen += 1;
        active.struck += 1;
        return true;
      }
      active.seen += 1;
      if (active.seen <= fault.skip || (fault.times > 0 && active.struck >= fault.times)) {
        return false;
      }
      if (fault.probability < 1 && active.rng.nextDouble() >= fault.probability) return false;
      active.struck += 1;
      return true;
    })?.fault;
  }

  /** Ms left of a rate limit or ban that has struck; its full time when this is its first strike. */
  hold(fault: Fault): number {
    const active = this.#active.find((one) => one.fault === fault);
    if (active === undefined) return fault.ms;
    const nowMs = this.#nowMs();
    if (nowMs >= active.heldUntilMs) active.heldUntilMs = nowMs + fault.ms;
    return active.heldUntilMs - nowMs;
  }

  /** The states of the exchange that last now; one that lasts has struck. */
  states(): readonly Fault[] {
    const nowMs = this.#nowMs();
    const lasting = this.#active.filter(
      (active) => STATES.has(active.fault.kind) && this.#lasts(active, nowMs),
    );
    for (const active of lasting) {
      // A clock that is off has struck when a time stamp was refused.
      if (active.fault.kind === 'clock-skew') continue;
      active.seen = 1;
      active.struck = 1;
    }
    return lasting.map(({ fault }) => fault);
  }

  /** Notes that a request was refused for its time stamp. */
  noteTimeRefused(): void {
    for (const active of this.#active) {
      if (active.fault.kind !== 'clock-skew') continue;
      active.seen += 1;
      active.struck += 1;
    }
  }

  /** Notes the client order id of a new order that reached the exchange. */
  noteOrder(clientOrderId: string): void {
    if (this.#clientOrderIds.has(clientOrderId)) this.#repeated.push(clientOrderId);
    this.#clientOrderIds.add(clientOrderId);
  }

  /** The order was refused for sure: its id may come again. */
  forgetOrder(clientOrderId: string): void {
    this.#clientOrderIds.delete(clientOrderId);
  }

  #lasts({ fault, sinceMs }: Active, nowMs: number): boolean {
    const beginMs = sinceMs + fault.afterMs;
    return nowMs >= beginMs && (fault.forMs === undefined || nowMs < beginMs + fault.forMs);
  }
}

function fitsScope(fault: Fault, passing: Passing): boolean {
  return (
    fault.on === passing.on &&
    (fault.symbol === undefined || fault.symbol === passing.symbol) &&
    (fault.message === undefined || fault.message === passing.message) &&
    (fault.request === undefined || fault.request === passing.request) &&
    (fault.execution === undefined || fault.execution === passing.execution)
  );
}
