import type { InstrumentId } from './identifiers.ts';
import type { Price, Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';

/** Best bid and offer; a side that is empty is absent. */
export interface Quote {
  readonly instrument: InstrumentId;
  readonly bid?: Price;
  readonly bidQuantity?: Quantity;
  readonly ask?: Price;
  readonly askQuantity?: Quantity;
  readonly tsEvent: UnixMicros;
}

/** A public trade. */
export interface PublicTrade {
  readonly instrument: InstrumentId;
  readonly tradeId: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly aggressor: 'Buy' | 'Sell';
  readonly tsEvent: UnixMicros;
}

/** Decimals of rates of funding. Finer ones, and numbers beyond 15 digits, are rounded half to even. */
export const RATE_SCALE = 12;

/** How far an instrument's data can be trusted now. */
export type DataState = 'Live' | 'Stale' | 'Resyncing';

/**
 * Why a venue's book is no part of a consolidated one. `Stale`, `Resyncing`, `Crossed`: it cannot be trusted now; `Empty`: it has no
 * level; `OtherUnit`: its quantities count contracts; `NoConversion`: no instrument that is watched converts its currency;
 * `ConversionDoubted`: that instrument's price cannot be trusted now.
 */
export const LEFT_OUT = [
  'Stale',
  'Resyncing',
  'Crossed',
  'Empty',
  'OtherUnit',
  'NoConversion',
  'ConversionDoubted',
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

/**
 * Why a price is not to be leaned on. `Stale`: nothing comes any more; `Gap`: the book misses something and is taken anew;
 * `Crossed`: its best bid is not below its best ask; `Divergent`: the same is priced elsewhere beyond the limit.
 */
export type DataDoubt = 'Stale' | 'Gap' | 'Crossed' | 'Divergent';

/** How far an instrument's price lies from that of the same elsewhere, in basis points, and how far it may. */
export interface Divergence {
  readonly bps: number;
  readonly limitBps: number;
}

/** A market input of the kernel. */
export type MarketEvent =
  | (Quote & { readonly type: 'QuoteChanged' })
  | (PublicTrade & { readonly type: 'TradePrinted' })
  | {
      readonly type: 'DataStateChanged';
      readonly instrument: InstrumentId;
      readonly state: DataState;
      readonly reason: string;
    }
  /** The instrument went beyond the limit, or (without a divergence) is back within it. */
  | {
      readonly type: 'DivergenceChanged';
      readonly instrument: InstrumentId;
      readonly divergence?: Divergence;
    };

/** Bars of other lengths than a minute, as files have them. */
export const OTHER_BAR_KINDS = [
  'bars-1s',
  'bars-5m',
  'bars-15m',
  'bars-1h',
  'bars-4h',
  'bars-1d',
] as const;

/** The kinds of stored ticks, each in a file of its own; `bars` are minutes, `funding` is what was settled, while `derivatives` has the rates as they were told on the way. A file holds a UTC day, of daily bars a year from its first day on. */
export const TICK_KINDS = [
  'trades',
  'diffs',
  'snapshots',
  'bbo',
  'bars',
  'derivatives',
  'funding',
  ...OTHER_BAR_KINDS,
] as const;
export type TickKind = (typeof TICK_KINDS)[number];

/** True of bars of any length. */
export function isBarKind(kind: TickKind): boolean {
  return kind === 'bars' || OTHER_BAR_KINDS.some((one) => one === kind);
}

/** Intervals of bars the engine aggregates and the venues serve. */
export const INTERVALS = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Length of an interval in microseconds. */
export const INTERVAL_MICROS: Readonly<Record<Interval, number>> = {
  '1m': 60_000_000,
  '5m': 300_000_000,
  '15m': 900_000_000,
  '1h': 3_600_000_000,
  '4h': 14_400_000_000,
  '1d': 86_400_000_000,
};

/** One bar. `openTime` is its first instant; volume in base quantity. */
export interface Bar {
  readonly openTime: UnixMicros;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
  readonly closed: boolean;
}
