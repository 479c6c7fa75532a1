/** The native pre-trade gate. Layouts are those of `native/binding/risk.cpp`; arguments are not checked there. */
export interface RiskGateCore {
  configure(staleAfterMicros: number, duplicateWindowMicros: number): void;
  /** The smallest notional in the first wide; false when the id is too large. */
  defineInstrument(instrument: number, terms: Float64Array): boolean;
  /** The largest order and working notional in the two wides; false when the id is too large. */
  defineScope(kind: number, id: number, limits: Float64Array): boolean;
  setTradingState(account: number, state: number): void;
  setArmed(client: number, armed: number): void;
  /** The amount in the first wide. */
  setBalance(account: number, asset: number): void;
  onQuote(instrument: number, bid: number, ask: number, tsMicros: number): void;
  /** Reason + 256 x scope for the order in the block; limit and value seen in the two wides. */
  check(): number;
  onSubmitted(): boolean;
  onWorkingChanged(orderId: number, leaves: number, price: number): boolean;
  /** The fill in the order block, the fee in the first wide; fee asset 0: none. */
  onFill(feeAsset: number): boolean;
  onDone(orderId: number): boolean;
  /** Writes position, working buy and working sell quantity. */
  exposure(kind: number, id: number, instrument: number, into: Float64Array): void;
  /** Open orders; working notional in the first wide. */
  working(kind: number, id: number): number;
  /** Into the first wide. */
  available(account: number, asset: number): void;
  tallies(): BigInt64Array;
  restore(tallies: BigInt64Array): boolean;
}

/** What the addon offers for pre-trade risk. */
export interface RiskBinding {
  /** The order block (12 numbers) and the wide block (two 128-bit integers, high half first); both must never be transferred. */
  readonly RiskGateCore: new (order: Float64Array, wides: BigInt64Array) => RiskGateCore;
}
