import { ok } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { formatMicros, formatNanos, unixMicros } from '../../domain/time.ts';
import type { PastTrade } from '../../ports/market-history.ts';
import { allOf, readPastTrade } from '../../ports/past-rows.ts';
import type { HistoryQuestions, PageQuestions } from '../../ports/stream-venue.ts';
import { FieldReader, numbersAsText } from '../../ports/wire-fields.ts';
import { hasNextPage, symbolRows } from './rows.ts';

const MOST_TRADES = 10_000;

/** Alpaca tells trades, without an aggressor. */
export function historyOf(url: string, instrument: Instrument): HistoryQuestions {
  return { trades: tradePages(url, instrument) };
}

/** `GET /v2/stocks/trades`: oldest first, both ends count. Ids begin anew each day, so a page goes on at the time of the trade that was had. */
function tradePages(url: string, instrument: Instrument): PageQuestions<PastTrade> {
  const { symbol } = instrument;
  return {
    order: 'OldestFirst',
    unordered: true,
    question: ({ from, to, after }) => ({
      url,
      path: '/v2/stocks/trades',
      params: {
        symbols: symbol,
        start: after === undefined ? formatMicros(from) : formatNanos(after.tsNanos),
        end: formatMicros(unixMicros(to - 1)),
        limit: MOST_TRADES,
        feed: 'iex',
        sort: 'asc',
      },
      read: (answer) => {
        const listed = symbolRows(answer, 'trades', symbol);
        if (!listed.ok) return listed;
        const trades = allOf(listed.value.map((row) => readTrade(row, instrument)));
        if (!trades.ok) return trades;
        return ok({ rows: trades.value, full: hasNextPage(answer) });
      },
    }),
  };
}

function readTrade(row: unknown, instrument: Instrument): ReturnType<typeof readPastTrade> {
  const fields = new FieldReader(row, 'trade');
  const texts = new FieldReader(numbersAsText(row), 'trade');
  const told = fields.finish({ tradeId: fields.integer('i'), tsNanos: fields.nanos('t') });
  if (!told.ok) return told;
  return readPastTrade(
    {
      ...told.value,
      price: texts.raw('p'),
      quantity: texts.raw('s'),
      aggressor: undefined,
    },
    instrument,
  );
}
