import { formatDecimal } from '../../engine/domain/decimal.ts';
import { fundingAt, fundingRate } from '../exchange/funding.ts';
import type { MarketView } from '../exchange/market-view.ts';
import type { StreamDialect } from './stream-dialect.ts';
import { Texts } from './shapes.ts';

const PUBLIC = /@(?:bookTicker|depth(?:@100ms)?)$/;
const MARKET =
  /@(?:aggTrade|kline_\w+|ticker|miniTicker|markPrice@1s|forceOrder)$|^!miniTicker@arr$/;
/** Ids leave room between them, so that only `pu` tells what follows. */
const ID_STEP = 2;
/** Every so many trades one is somebody's liquidation. */
const LIQUIDATION_EVERY = 40;
/** Decimals of mark and index beyond the tick's. */
const FINER = 4;

/** An id of the market as USD-M numbers it. */
export function usdmId(updateId: number): number {
  return updateId * ID_STEP;
}

/** The average of the last minutes and the last price, halfway: four decimals finer than the tick. */
export function markPrice(market: MarketView): string {
  const twice = BigInt(market.averagePrice() + market.lastPrice);
  return formatDecimal((twice * 10n ** BigInt(FINER)) / 2n, market.listing.priceScale + FINER);
}

/** Best prices and changes of books. */
export const USDM_PUBLIC: StreamDialect = {
  inbound: 10,
  carries: (stream) => PUBLIC.test(stream),
  write: (message, nowMs) => {
    const about = message as Readonly<Record<string, unknown>>;
    const { s, u, U } = about;
    const both = { s, ps: s, st: 1, E: nowMs, T: nowMs, u: usdmId(Number(u)) };
    if (U === undefined) return { e: 'bookTicker', ...about, ...both };
    return { ...about, ...both, U: usdmId(Number(U)), pu: usdmId(Number(U) - 1) };
  },
  eachSecond: () => [],
  ofTrade: () => [],
  saysFarewell: false,
};

/** Trades, bars, and what is told of contracts. */
export const USDM_MARKET: StreamDialect = {
  inbound: 10,
  carries: (stream) => MARKET.test(stream),
  write: (message) => {
    const { M, ...rest } = message as Readonly<Record<string, unknown>>;
    return M === undefined ? message : { ...rest, nq: rest['q'], st: 1 };
  },
  eachSecond: (market, nowMs) => [
    {
      name: 'markPrice@1s',
      message: {
        e: 'markPriceUpdate',
        E: nowMs,
        s: market.listing.symbol,
        p: markPrice(market),
        i: formatDecimal(market.averagePrice(), market.listing.priceScale),
        P: markPrice(market),
        r: fundingRate(market, fundingAt(nowMs)),
        T: fundingAt(nowMs),
        st: 1,
      },
    },
  ],
  ofTrade: (market, { id, price, quantity, timeMs, buyerIsMaker }) => {
    if (id % LIQUIDATION_EVERY !== 0) return [];
    const text = new Texts(market.listing);
    const [p, q] = [text.price(price), text.quantity(quantity)];
    const o = {
      s: market.listing.symbol,
      S: buyerIsMaker ? 'SELL' : 'BUY',
      o: 'LIMIT',
      f: 'IOC',
      q,
      p,
      ap: p,
      X: 'FILLED',
      l: q,
      z: q,
      T: timeMs,
    };
    return [{ name: 'forceOrder', message: { e: 'forceOrder', E: timeMs, o } }];
  },
  saysFarewell: false,
};
