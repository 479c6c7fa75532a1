import { rescale } from '../../engine/domain/decimal.ts';
import type { Position } from '../../engine/domain/account.ts';
import { notionalScale, type Instrument } from '../../engine/domain/instrument.ts';
import type { Price } from '../../engine/domain/price.ts';
import { startOfUtcDay, type UnixMicros } from '../../engine/domain/time.ts';
import type { QuoteMessage } from '../client/feed-client.ts';

/** The price an open position could be left at now: bid for long, ask for short; undefined when there is none. It may be stale. */
export function exitPrice(position: Position, quote: QuoteMessage | undefined): Price | undefined {
  if (quote === undefined || position.quantity === 0) return undefined;
  return position.quantity > 0 ? quote.bid : quote.ask;
}

/** Open result at `exit`, exact, at the instrument's notional scale. */
export function openResult(position: Position, exit: Price): bigint {
  return BigInt(exit) * BigInt(position.quantity) - position.openCost;
}

/** What was realized in the UTC day of `at`, fees apart; undefined when the day of the last fill was not kept. */
export function realizedToday({ realized, day }: Position, at: UnixMicros): bigint | undefined {
  if (day === undefined) return realized === 0n ? 0n : undefined;
  return startOfUtcDay(at) > day.start ? 0n : realized - day.realizedBefore;
}

/** Fees in quote units at the instrument's notional scale. Base-asset fees are valued at `valuation`; other assets are not counted. */
export function feesInQuote(
  position: Position,
  instrument: Instrument,
  valuation: Price | undefined,
): { readonly amount: bigint; readonly uncounted: readonly string[] } {
  const scale = notionalScale(instrument);
  let amount = 0n;
  const uncounted: string[] = [];
  for (const fee of position.fees) {
    if (fee.asset === instrument.quote) {
      amount += rescale(fee.amount, fee.scale, scale);
    } else if (fee.asset === instrument.base && valuation !== undefined) {
      amount += rescale(fee.amount * BigInt(valuation), fee.scale + instrument.priceScale, scale);
    } else if (fee.amount !== 0n) {
      uncounted.push(fee.asset);
    }
  }
  return { amount, uncounted };
}

/** The results of one position in its quote asset, at the instrument's notional scale. */
export interface PositionResult {
  readonly exit: Price | undefined;
  /** Undefined while the position is open and has no exit price. */
  readonly open: bigint | undefined;
  /** The exit price is the last known one, not one of now. */
  readonly stale: boolean;
  readonly realized: bigint;
  readonly fees: bigint;
  readonly uncounted: readonly string[];
  /** realized + open - fees; undefined while the open result is. */
  readonly net: bigint | undefined;
}

/** Values one position by its quote; nothing unknown is counted as zero. */
export function positionResult(
  position: Position,
  instrument: Instrument,
  quote: QuoteMessage | undefined,
): PositionResult {
  const exit = exitPrice(position, quote);
  const flatOpen = position.quantity === 0 ? 0n : undefined;
  const open = exit === undefined ? flatOpen : openResult(position, exit);
  const { amount, uncounted } = feesInQuote(
    position,
    instrument,
    exit ?? quote?.bid ?? quote?.last,
  );
  const net = open === undefined ? undefined : position.realized + open - amount;
  const stale = exit !== undefined && quote?.state !== 'Live';
  return { exit, open, stale, realized: position.realized, fees: amount, uncounted, net };
}

/** Sums of results in one quote asset, at `scale`. */
export interface ResultTotal {
  readonly asset: string;
  readonly scale: number;
  readonly open: bigint;
  readonly realized: bigint;
  readonly fees: bigint;
  readonly net: bigint;
  /** Positions left out because they have no price, and fees in assets without one. */
  readonly uncounted: number;
  /** Positions counted at a price that is not of now. */
  readonly stale: number;
}

/** Scale every sum is kept at. */
const TOTAL_SCALE = 12;

/** Adds results up, one total a quote asset, the largest asset count first. */
export function totals(
  rows: readonly { readonly instrument: Instrument; readonly result: PositionResult }[],
): readonly ResultTotal[] {
  const sums = new Map<string, ResultTotal>();
  for (const { instrument, result } of rows) {
    const asset = instrument.quote;
    const none = { asset, scale: TOTAL_SCALE, open: 0n, realized: 0n, fees: 0n, net: 0n };
    const sum = sums.get(asset) ?? { ...none, uncounted: 0, stale: 0 };
    const raise = (value: bigint): bigint => rescale(value, notionalScale(instrument), TOTAL_SCALE);
    const open = raise(result.open ?? 0n);
    const realized = raise(result.realized);
    const fees = raise(result.fees);
    sums.set(asset, {
      ...sum,
      open: sum.open + open,
      realized: sum.realized + realized,
      fees: sum.fees + fees,
      net: sum.net + realized + open - fees,
      uncounted: sum.uncounted + (result.open === undefined ? 1 : 0) + result.uncounted.length,
      stale: sum.stale + (result.stale ? 1 : 0),
    });
  }
  return [...sums.values()];
}
