import { ok } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { PastFunding, PastTrade } from '../../ports/market-history.ts';
import { allOf, readPastFunding, readPastTrade } from '../../ports/past-rows.ts';
import type { HistoryQuestions, PageQuestions } from '../../ports/stream-venue.ts';
import { FieldReader, numbersAsText } from '../../ports/wire-fields.ts';

const MOST_TRADES = 1_000;
const HOUR_MS = 3_600_000;
/** Hours of funding in an answer. */
const MOST_FUNDING = 744;

export function historyOf(instrument: Instrument): HistoryQuestions {
  return {
    trades: tradePages(instrument),
    ...(instrument.derivative === 'Perpetual' && { funding: fundingPages(instrument) }),
  };
}

/** `public/get_last_trades_by_instrument…`: by time to begin with, then by the number of the instrument's trade, which leaves none out. */
function tradePages(instrument: Instrument): PageQuestions<PastTrade> {
  const of = { instrument_name: instrument.symbol, count: MOST_TRADES, sorting: 'asc' };
  return {
    order: 'OldestFirst',
    question: ({ from, to, after }) => ({
      path: `/public/get_last_trades_by_instrument${after === undefined ? '_and_time' : ''}`,
      params:
        after === undefined
          ? { ...of, start_timestamp: Math.ceil(from / 1000), end_timestamp: millisBefore(to) }
          : { ...of, start_seq: after.tradeId + 1 },
      read: (answer) => {
        const reader = new FieldReader(answer, 'trades');
        const result = new FieldReader(reader.raw('result'), 'trades');
        const listed = result.finish({
          rows: result.list('trades'),
          more: result.flag('has_more'),
        });
        if (!listed.ok) return listed;
        const trades = allOf(listed.value.rows.map((row) => readTrade(row, instrument)));
        if (!trades.ok) return trades;
        return ok({ rows: trades.value, full: listed.value.more });
      },
    }),
  };
}

function readTrade(row: unknown, instrument: Instrument): ReturnType<typeof readPastTrade> {
  const fields = new FieldReader(row, 'trade');
  const texts = new FieldReader(numbersAsText(row), 'trade');
  return readPastTrade(
    {
      tradeId: fields.integer('trade_seq'),
      tsNanos: BigInt(fields.integer('timestamp')) * 1_000_000n,
      price: texts.raw('price'),
      quantity: texts.raw('amount'),
      aggressor: fields.text('direction') === 'buy' ? 'Buy' : 'Sell',
    },
    instrument,
  );
}

/** `public/get_funding_rate_history`: what each hour was paid for. */
function fundingPages(instrument: Instrument): PageQuestions<PastFunding> {
  return {
    order: 'OldestFirst',
    question: ({ from, to, after }) => ({
      path: '/public/get_funding_rate_history',
      params: {
        instrument_name: instrument.symbol,
        start_timestamp:
          after === undefined ? Math.ceil(from / 1000) : Number(after.tsNanos / 1_000_000n) + 1,
        end_timestamp: millisBefore(to),
      },
      read: (answer) => {
        const reader = new FieldReader(answer, 'funding');
        const listed = reader.finish(reader.list('result'));
        if (!listed.ok) return listed;
        const rates = allOf(
          listed.value.map((row) => {
            const fields = new FieldReader(row, 'funding');
            const rate = new FieldReader(numbersAsText(row), 'funding').text('interest_1h');
            return readPastFunding(fields.integer('timestamp'), rate, HOUR_MS);
          }),
        );
        if (!rates.ok) return rates;
        const rows = rates.value.toSorted((a, b) => (a.tsNanos < b.tsNanos ? -1 : 1));
        return ok({ rows, full: rows.length >= MOST_FUNDING });
      },
    }),
  };
}

/** The last millisecond before a time in microseconds. */
function millisBefore(micros: number): number {
  return Math.ceil(micros / 1000) - 1;
}
