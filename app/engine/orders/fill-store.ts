import type { AccountId, ClientOrderId, InstrumentId, TradeId } from '../domain/identifiers.ts';
import type { Fill, Order } from '../domain/order.ts';
import { isLater } from './trade-history.ts';

/** What is left of orders that were forgotten. */
export interface Forgotten {
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  /** How many fills they had, and the last of their trades: up to it every trade was counted. */
  readonly fills: number;
  readonly tradeId?: TradeId;
}

/** Whether a fill is new, the same one again, or another one under a known trade id. */
type FillNovelty = 'New' | 'Duplicate' | 'Contradiction';

/** The part of a fill that says which it is. */
type FillKey = Pick<
  Fill,
  'account' | 'instrument' | 'tradeId' | 'side' | 'lastPx' | 'lastQty' | 'clientOrderId'
>;

// An order that trades against another of the same account gives two fills with one trade id: one a side.
function keyOf(fill: FillKey): string {
  return `${fill.instrument} ${fill.tradeId} ${fill.side}`;
}

/** Every fill of the session, once; of orders that were forgotten only up to which trade they were counted. */
export class FillStore {
  #fills: Fill[] = [];
  readonly #byKey = new Map<string, Fill>();
  readonly #byOrder = new Map<ClientOrderId, Fill[]>();
  readonly #forgotten = new Map<string, Forgotten>();

  constructor(forgotten: readonly Forgotten[] = []) {
    for (const one of forgotten) this.#forgotten.set(`${one.account} ${one.instrument}`, one);
  }

  /** What `fill` would be. */
  novelty(fill: FillKey): FillNovelty {
    const known = this.#byKey.get(keyOf(fill));
    if (known === undefined) return this.isForgotten(fill) ? 'Duplicate' : 'New';
    const same =
      known.lastPx === fill.lastPx &&
      known.lastQty === fill.lastQty &&
      known.clientOrderId === fill.clientOrderId;
    return same ? 'Duplicate' : 'Contradiction';
  }

  /** Adds a fill that is New. */
  add(fill: Fill): void {
    this.#fills.push(fill);
    this.#byKey.set(keyOf(fill), fill);
    const known = this.#byOrder.get(fill.clientOrderId);
    if (known === undefined) this.#byOrder.set(fill.clientOrderId, [fill]);
    else known.push(fill);
  }

  /** True of a trade behind those of orders that were forgotten: it was counted. */
  isForgotten({
    account,
    instrument,
    tradeId,
  }: Pick<Fill, 'account' | 'instrument' | 'tradeId'>): boolean {
    const last = this.forgottenOf(account, instrument)?.tradeId;
    return last !== undefined && !isLater(tradeId, last);
  }

  /** What is left of the orders forgotten on an instrument; undefined while none is. */
  forgottenOf(account: AccountId, instrument: InstrumentId): Forgotten | undefined {
    return this.#forgotten.get(`${account} ${instrument}`);
  }

  /** What is left of all that was forgotten, in the order in which it began. */
  get forgotten(): readonly Forgotten[] {
    return [...this.#forgotten.values()];
  }

  /** Forgets the fills of orders that were sent and have ended; every trade up to their last must have been counted. */
  forget(orders: readonly Order[]): void {
    const gone = new Set<ClientOrderId>();
    for (const { account, instrument, clientOrderId } of orders) {
      gone.add(clientOrderId);
      const own = this.of(clientOrderId);
      const before = this.forgottenOf(account, instrument);
      let last = before?.tradeId;
      for (const { tradeId } of own) {
        if (last === undefined || isLater(tradeId, last)) last = tradeId;
      }
      const fills = (before?.fills ?? 0) + own.length;
      const next = { account, instrument, fills, ...(last !== undefined && { tradeId: last }) };
      this.#forgotten.set(`${account} ${instrument}`, next);
      for (const fill of own) this.#byKey.delete(keyOf(fill));
      this.#byOrder.delete(clientOrderId);
    }
    this.#fills = this.#fills.filter(({ clientOrderId }) => !gone.has(clientOrderId));
  }

  /** Fills of one order, in the order counted. */
  of(id: ClientOrderId): readonly Fill[] {
    return this.#byOrder.get(id) ?? [];
  }

  /** Number of fills of the session, those forgotten too. */
  get count(): number {
    return this.forgotten.reduce((sum, { fills }) => sum + fills, this.#fills.length);
  }

  /** The last `limit` fills, oldest first. */
  recent(limit: number): readonly Fill[] {
    return this.#fills.slice(-limit);
  }

  /** Every fill that is kept, in the order counted. */
  all(): readonly Fill[] {
    return this.#fills;
  }
}
