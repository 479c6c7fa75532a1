import type { MarketView } from '../exchange/market-view.ts';
import type { TapeTrade } from '../exchange/tape.ts';

/** A message of one market on the stream `SYMBOL@name`. */
export interface NamedMessage {
  readonly name: string;
  readonly message: object;
}

/** How the streams behind one door of Binance differ from another's. */
export interface StreamDialect {
  /** Messages that a client may send in a second. */
  readonly inbound: number;
  /** Whether the door has such a stream (`btcusdt@trade`); another is confirmed, and silent. */
  carries(stream: string): boolean;
  /** A message of spot as it is written here. */
  write(message: object, nowMs: number): object;
  /** Told once a second beside the tickers. */
  eachSecond(market: MarketView, nowMs: number): readonly NamedMessage[];
  /** Told of a trade beside the trade. */
  ofTrade(market: MarketView, trade: TapeTrade): readonly NamedMessage[];
  /** Says that a connection is about to be closed. */
  readonly saysFarewell: boolean;
}

/** Binance spot: the words in which the messages are made. */
export const SPOT_DIALECT: StreamDialect = {
  inbound: 5,
  carries: () => true,
  write: (message) => message,
  eachSecond: () => [],
  ofTrade: () => [],
  saysFarewell: true,
};
