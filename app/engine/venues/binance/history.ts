import { ok, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type {
  HistorySpan,
  MarketHistory,
  PagedHistory,
  PastFunding,
  PastTrade,
} from '../../ports/market-history.ts';
import {
  allOf,
  pageOf,
  placeOfFunding,
  placeOfTrade,
  readPastFunding,
  readPastTrade,
} from '../../ports/past-rows.ts';
import { FieldReader } from '../../ports/wire-fields.ts';
import type { BinanceMarket } from './market.ts';
import type { RestApi } from './rest.ts';

const MOST_TRADES = 1_000;
const MOST_FUNDING = 1_000;
/** It has a budget of its own, 500 in five minutes, which this keeps below. */
const FUNDING_WEIGHT = 30;

/** Binance tells the trades of all time by number, and which number was the first at a time. */
export function historyOf(
  market: BinanceMarket,
  rest: RestApi,
  instrument: Instrument,
): MarketHistory {
  const trades: PagedHistory<PastTrade> = {
    order: 'OldestFirst',
    page: async (span) => {
      const first =
        span.after === undefined
          ? await firstId(market, rest, instrument, span)
          : ok(span.after.tradeId + 1);
      if (!first.ok) return first;
      if (first.value === undefined) return ok({ rows: [], last: true });
      const rows = await tradesFrom(market, rest, instrument, first.value);
      if (!rows.ok) return rows;
      const full = rows.value.length >= MOST_TRADES;
      return ok(pageOf({ rows: rows.value, full }, span, 'OldestFirst', placeOfTrade));
    },
  };
  if (!market.tellsFunding || instrument.derivative !== 'Perpetual') return { trades };
  return { trades, funding: fundingPages(market, rest, instrument) };
}

/** The number of the first trade of a span; undefined when there is none. */
async function firstId(
  { root, weights, pastTrades }: BinanceMarket,
  rest: RestApi,
  { symbol }: Instrument,
  { from }: HistorySpan<PastTrade>,
): Promise<Result<number | undefined, VenueError>> {
  const answer = await rest.json({
    path: `${root}/aggTrades`,
    params: { symbol, startTime: Math.ceil(from / 1000), limit: 1 },
    priority: 'data',
    weight: weights.aggregateTrades,
  });
  if (!answer.ok) return answer;
  const reader = new FieldReader({ trades: answer.value }, 'aggTrades');
  const [row] = reader.list('trades');
  if (row === undefined) return reader.finish(undefined);
  const fields = new FieldReader(row, 'aggregate trade');
  return fields.finish(fields.integer(pastTrades === 'Each' ? 'f' : 'a'));
}

async function tradesFrom(
  { root, weights, pastTrades }: BinanceMarket,
  rest: RestApi,
  instrument: Instrument,
  fromId: number,
): Promise<Result<readonly PastTrade[], VenueError>> {
  const each = pastTrades === 'Each';
  const answer = await rest.json({
    path: `${root}/${each ? 'historicalTrades' : 'aggTrades'}`,
    params: { symbol: instrument.symbol, fromId, limit: MOST_TRADES },
    priority: 'data',
    weight: each ? weights.historicalTrades : weights.aggregateTrades,
  });
  if (!answer.ok) return answer;
  const reader = new FieldReader({ trades: answer.value }, 'trades');
  const listed = reader.finish(reader.list('trades'));
  if (!listed.ok) return listed;
  const names = each
    ? { id: 'id', price: 'price', quantity: 'qty', time: 'time', maker: 'isBuyerMaker' }
    : { id: 'a', price: 'p', quantity: 'q', time: 'T', maker: 'm' };
  return allOf(
    listed.value.map((row) => {
      const fields = new FieldReader(row, 'trade');
      const trade = fields.finish({
        tradeId: fields.integer(names.id),
        tsNanos: BigInt(fields.time(names.time)) * 1000n,
        price: fields.raw(names.price),
        quantity: fields.raw(names.quantity),
        aggressor: fields.flag(names.maker) ? ('Sell' as const) : ('Buy' as const),
      });
      return trade.ok ? readPastTrade(trade.value, instrument) : trade;
    }),
  );
}

/** `fundingRate`: oldest first, both ends count. */
function fundingPages(
  { root }: BinanceMarket,
  rest: RestApi,
  { symbol }: Instrument,
): PagedHistory<PastFunding> {
  return {
    order: 'OldestFirst',
    page: async (span) => {
      const { from, to, after } = span;
      const startTime =
        after === undefined ? Math.ceil(from / 1000) : Number(after.tsNanos / 1_000_000n) + 1;
      const answer = await rest.json({
        path: `${root}/fundingRate`,
        params: { symbol, startTime, endTime: Math.ceil(to / 1000) - 1, limit: MOST_FUNDING },
        priority: 'data',
        weight: FUNDING_WEIGHT,
      });
      if (!answer.ok) return answer;
      const reader = new FieldReader({ rates: answer.value }, 'fundingRate');
      const listed = reader.finish(reader.list('rates'));
      if (!listed.ok) return listed;
      const rates = allOf(
        listed.value.map((row) => {
          const fields = new FieldReader(row, 'funding');
          return readPastFunding(fields.integer('fundingTime'), fields.text('fundingRate'));
        }),
      );
      if (!rates.ok) return rates;
      const full = rates.value.length >= MOST_FUNDING;
      return ok(pageOf({ rows: rates.value, full }, span, 'OldestFirst', placeOfFunding));
    },
  };
}
