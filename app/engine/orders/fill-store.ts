import type { ClientOrderId } from '../domain/identifiers.ts';
import type { Fill } from '../domain/order.ts';

/** Whether a fill is new, the same one again, or another one under a known trade id. */
type FillNovelty = 'New' | 'Duplicate' | 'Contradiction';

/** The part of a fill that says which it is. */
type FillKey = Pick<
  Fill,
  'instrument' | 'tradeId' | 'side' | 'lastPx' | 'lastQty' | 'clientOrderId'
>;

// An order that trades against another of the same account gives two fills with one trade id: one a side.
function keyOf(fill: FillKey): string {
  return `${fill.instrument} ${fill.tradeId} ${fill.side}`;
}

/** Every fill of the session, once. */
export class FillStore {
  readonly #fills: Fill[] = [];
  readonly #byKey = new Map<string, Fill>();
  readonly #byOrder = new Map<ClientOrderId, Fill[]>();

  /** What `fill` would be. */
  novelty(fill: FillKey): FillNovelty {
    const known = this.#byKey.get(keyOf(fill));
    if (known === undefined) return 'New';
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

  /** Fills of one order, in the order counted. */
  of(id: ClientOrderId): readonly Fill[] {
    return this.#byOrder.get(id) ?? [];
  }

  /** Number of fills of the session. */
  get count(): number {
    return this.#fills.length;
  }

  /** The last `limit` fills, oldest first. */
  recent(limit: number): readonly Fill[] {
    return this.#fills.slice(-limit);
  }

  /** Every fill, in the order counted. */
  all(): readonly Fill[] {
    return this.#fills;
  }
}
