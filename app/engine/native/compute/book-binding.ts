/** The native price-level book. Arguments are not checked there; see `native/binding/book.cpp`. */
export interface L2BookCore {
  /** Returns the level records applied. */
  apply(records: Uint8Array, from: number, to: number): number;
  /** `columns` holds four columns of `depth`; returns bids * 65536 + asks. */
  top(columns: Float64Array, depth: number): number;
  applyAndTop(
    records: Uint8Array,
    from: number,
    to: number,
    columns: Float64Array,
    depth: number,
  ): number;
  quantityAt(side: number, price: number): number;
  depthBetween(side: number, low: number, high: number): number;
  /** Writes bids, asks, crossed, last update id, dropped bids, dropped asks. */
  state(into: Float64Array): void;
  krakenChecksum(priceZeros: number, quantityZeros: number): number;
  okxChecksum(priceScale: number, quantityScale: number): number;
  /** Writes the values of `BookMeasures`; false when a side is empty. */
  measure(depths: Float64Array, bandsBps: Float64Array, into: Float64Array): boolean;
  watchFlow(on: boolean): void;
  flow(nowMicros: number, steps: number): number;
  clear(): void;
}

/** What the addon offers for price-level books. */
export interface BookBinding {
  readonly L2BookCore: new (maxLevels: number, tickSize: number) => L2BookCore;
}
