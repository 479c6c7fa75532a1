/** The native order book: one instrument. Codes and layouts are those of `native/binding/matching.cpp`; arguments are not checked there. */
export interface MatchingCore {
  /** Where events go; `numbers` holds seven columns as long as `kinds`. Copies the events of the last batch. */
  bind(kinds: Uint8Array, reasons: Uint8Array, sides: Uint8Array, numbers: Float64Array): void;
  /** Runs `count` command rows; returns the number of events, which are copied when they fit. */
  apply(commands: Float64Array, count: number): number;
  setState(state: number): void;
  /** Rows of price, total, orders; returns how many. */
  top(side: number, depth: number, rows: Float64Array): number;
  levelTotal(side: number, price: number): number;
  /** Writes quantity and orders ahead; false when the order does not rest. */
  queuePosition(orderId: number, into: Float64Array): boolean;
  leaves(orderId: number): number;
  liveOrders(): number;
  /** Rows of side, price, total, written only when they fit; returns how many. */
  drainLevelChanges(rows: Float64Array): number;
  /** The changes of the last drain again. */
  copyLevelChanges(rows: Float64Array): number;
}

/** What the addon offers for matching. */
export interface MatchingBinding {
  readonly MatchingCore: new (
    tickSize: number,
    stepSize: number,
    windowTicks: number,
    firstTradeId: number,
    expectedOrders: number,
  ) => MatchingCore;
}
