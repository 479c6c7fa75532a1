import { ok } from '../../base/result.ts';
import { parseDecimalBig } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { allOf, readPastTrade } from '../../ports/past-rows.ts';
import type { HistoryQuestions, PageQuestions } from '../../ports/stream-venue.ts';
import type { PastTrade } from '../../ports/market-history.ts';
import { decimalText, FieldReader } from '../../ports/wire-fields.ts';
import { restName } from './instruments.ts';

const MOST_TRADES = 1_000;

/** Kraken tells all trades since the beginning. */
export function historyOf(instrument: Instrument): HistoryQuestions {
  return { trades: tradePages(instrument) };
}

/** `GET /0/public/Trades`: what came after `since`, nanoseconds; its numbers lose the last digits of a time, so that each page begins a little before the end of the one before. */
function tradePages(instrument: Instrument): PageQuestions<PastTrade> {
  return {
    order: 'OldestFirst',
    question: ({ from, after }) => ({
      path: '/0/public/Trades',
      params: {
        pair: restName(instrument.symbol),
        since: String((after?.tsNanos ?? BigInt(from) * 1000n) - 1_000n),
        count: MOST_TRADES,
      },
      read: (answer) => {
        const reader = new FieldReader(answer, 'Trades');
        const result = reader.raw('result');
        const entries = Object.entries(result ?? {}) as [string, unknown][];
        const rows = entries.find(([name]) => name !== 'last')?.[1];
        if (!Array.isArray(rows)) reader.reject('result', 'an object with a list of trades');
        const list = reader.finish(Array.isArray(rows) ? (rows as unknown[]) : []);
        if (!list.ok) return list;
        const trades = allOf(list.value.map((row) => readTrade(row, instrument)));
        if (!trades.ok) return trades;
        return ok({ rows: trades.value, full: list.value.length >= MOST_TRADES });
      },
    }),
  };
}

function readTrade(row: unknown, instrument: Instrument): ReturnType<typeof readPastTrade> {
  const fields = Array.isArray(row) ? (row as unknown[]) : [];
  const [price, quantity, time, side, , , tradeId] = fields;
  const at = typeof time === 'number' ? parseDecimalBig(decimalText(time), 9) : undefined;
  return readPastTrade(
    {
      tradeId: at?.ok === true ? Number(tradeId) : Number.NaN,
      tsNanos: at?.ok === true ? at.value : 0n,
      price,
      quantity,
      aggressor: side === 'b' ? 'Buy' : 'Sell',
    },
    instrument,
  );
}
