import type { AccountId, AssetCode, InstrumentId } from './identifiers.ts';
import type { Price, SignedQuantity } from './price.ts';
import type { UnixMicros } from './time.ts';

/** Locked at start; Active trades; Reducing takes risk-reducing orders only; Halted takes none that add risk and is left by a deliberate unlock. */
export type TradingState = 'Locked' | 'Active' | 'Reducing' | 'Halted';

/** One asset of an account, as the venue last stated it, at `scale` decimals. */
export interface Balance {
  readonly account: AccountId;
  readonly asset: AssetCode;
  readonly scale: number;
  readonly free: bigint;
  readonly locked: bigint;
}

/** A spot position: what was traded through us since the baseline. Money at the instrument's notional scale (priceScale + quantityScale). */
export interface Position {
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly quantity: SignedQuantity;
  /** Signed cost of the open quantity, fees apart; average price = openCost / quantity. */
  readonly openCost: bigint;
  /** Gross result of what was closed, average cost. */
  readonly realized: bigint;
  /** The UTC day of the last fill, by the venue's time: when it began, and what was realized before it. Absent until a fill is counted by rules that keep it. */
  readonly day?: { readonly start: UnixMicros; readonly realizedBefore: bigint };
  /** Quantity bought and sold in all. */
  readonly boughtQuantity: bigint;
  readonly soldQuantity: bigint;
  /** Price the open result is taken at (bid for long, ask for short); absent while there is none. */
  readonly mark?: Price;
  /** Open result at `mark`; absent while there is no mark. */
  readonly unrealized?: bigint;
  /** Fees paid, one sum an asset, at that asset's scale. */
  readonly fees: readonly {
    readonly asset: AssetCode;
    readonly amount: bigint;
    readonly scale: number;
  }[];
}

/** What one asset of an account should hold: what it held at the baseline plus what our fills moved. */
export interface LedgerLine {
  readonly asset: AssetCode;
  readonly scale: number;
  /** Absent until the venue first stated it. */
  readonly baseline?: bigint;
  readonly flow: bigint;
  /** Fills whose notional has more decimals than the asset: each may differ by the venue's rounding, one unit. */
  readonly roundings: number;
}

/** Where reconciliation with the venue stands. */
export interface Reconciliation {
  readonly state: 'Pending' | 'Agrees' | 'Differs';
  readonly differences: readonly string[];
  readonly at?: number;
}

/** The share of a fill's value that the venue keeps, whole 10^-8 (100000 is 0.1 %), discounts apart. */
export interface FeeRates {
  readonly maker: number;
  readonly taker: number;
}

/** An account as the kernel holds it. */
export interface AccountState {
  readonly account: AccountId;
  readonly tradingState: TradingState;
  readonly connected: boolean;
  readonly reconciliation: Reconciliation;
  /** As the venue stated them, `at` our time of the answer; absent while it has stated none. */
  readonly feeRates?: FeeRates & { readonly at: UnixMicros };
}

/** Limits of pre-trade risk for an account; quantities and notionals are decimal text in settings, exact here. */
export interface RiskLimits {
  /** Largest price x quantity of one order, whole quote units. */
  readonly maxOrderNotional: bigint;
  /** Largest |position| x reference price after the order with all working orders filled, whole quote units. */
  readonly maxPositionNotional: bigint;
  readonly maxOpenOrders: number;
  /** Orders in any `orderRateWindowMicros`. */
  readonly maxOrdersPerWindow: number;
  readonly orderRateWindowMicros: number;
  /** Farthest a limit price may lie through the opposite touch, basis points of the touch. */
  readonly priceCollarBps: number;
  /** Farthest a passive limit price may lie from the touch, basis points. */
  readonly maxDistanceBps: number;
  readonly staleAfterMicros: number;
  readonly duplicateWindowMicros: number;
}
