import { ok } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { PastFunding } from '../../ports/market-history.ts';
import { allOf, readPastFunding } from '../../ports/past-rows.ts';
import type { HistoryQuestions, PageQuestions } from '../../ports/stream-venue.ts';
import { FieldReader } from '../../ports/wire-fields.ts';
import type { Category } from './index.ts';

const MOST_FUNDING = 200;

/** Bybit tells funding; of trades it tells the newest only. */
export function historyOf(category: Category, instrument: Instrument): HistoryQuestions {
  if (instrument.derivative !== 'Perpetual') return {};
  return { funding: fundingPages(category, instrument) };
}

/** `GET /v5/market/funding/history`: newest first, both ends count. */
function fundingPages(category: Category, instrument: Instrument): PageQuestions<PastFunding> {
  return {
    order: 'NewestFirst',
    question: ({ from, to, after }) => ({
      path: '/v5/market/funding/history',
      params: {
        category,
        symbol: instrument.symbol,
        startTime: Math.ceil(from / 1000),
        endTime:
          (after === undefined ? Math.ceil(to / 1000) : Number(after.tsNanos / 1_000_000n)) - 1,
        limit: MOST_FUNDING,
      },
      read: (answer) => {
        const reader = new FieldReader(answer, 'funding history');
        const result = new FieldReader(reader.raw('result'), 'funding history');
        const listed = result.finish(result.list('list'));
        if (!listed.ok) return listed;
        const rates = allOf(
          listed.value.map((row) => {
            const fields = new FieldReader(row, 'funding');
            const at = Number(fields.text('fundingRateTimestamp'));
            return readPastFunding(at, fields.text('fundingRate'));
          }),
        );
        if (!rates.ok) return rates;
        return ok({ rows: rates.value, full: rates.value.length >= MOST_FUNDING });
      },
    }),
  };
}
