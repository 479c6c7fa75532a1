import { ok } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { HistorySpan, PastFunding, PastTrade } from '../../ports/market-history.ts';
import { allOf, readPastFunding, readPastTrade } from '../../ports/past-rows.ts';
import type { HistoryQuestions, PageQuestions } from '../../ports/stream-venue.ts';
import { FieldReader } from '../../ports/wire-fields.ts';

const MOST_TRADES = 100;
const MOST_FUNDING = 100;
/** What `after` names: a trade's number or a time. */
const BY_ID = 1;
const BY_TIME = 2;

/** OKX tells the trades and the funding of about three months, newest first. */
export function historyOf(instrument: Instrument): HistoryQuestions {
  return {
    trades: tradePages(instrument),
    ...(instrument.derivative === 'Perpetual' && { funding: fundingPages(instrument) }),
  };
}

/** `GET /api/v5/market/history-trades`: `after` means older than. */
function tradePages(instrument: Instrument): PageQuestions<PastTrade> {
  return {
    order: 'NewestFirst',
    question: ({ to, after }) => ({
      path: '/api/v5/market/history-trades',
      params: {
        instId: instrument.symbol,
        ...(after === undefined
          ? { type: BY_TIME, after: Math.ceil(to / 1000) }
          : { type: BY_ID, after: after.tradeId }),
        limit: MOST_TRADES,
      },
      read: (answer) => {
        const listed = listOf(answer, 'history-trades');
        if (!listed.ok) return listed;
        const trades = allOf(
          listed.value.map((row) => {
            const fields = new FieldReader(row, 'trade');
            return readPastTrade(
              {
                tradeId: Number(fields.text('tradeId')),
                tsNanos: nanosOf(fields.text('ts')),
                price: fields.raw('px'),
                quantity: fields.raw('sz'),
                aggressor: fields.text('side') === 'buy' ? 'Buy' : 'Sell',
              },
              instrument,
            );
          }),
        );
        if (!trades.ok) return trades;
        return ok({ rows: trades.value, full: trades.value.length > 0 });
      },
    }),
  };
}

/** `GET /api/v5/public/funding-rate-history`: what was paid is the realized rate. */
function fundingPages(instrument: Instrument): PageQuestions<PastFunding> {
  const olderThan = ({ to, after }: HistorySpan<PastFunding>): string =>
    after === undefined ? String(Math.ceil(to / 1000)) : String(after.tsNanos / 1_000_000n);
  return {
    order: 'NewestFirst',
    question: (span) => ({
      path: '/api/v5/public/funding-rate-history',
      params: { instId: instrument.symbol, after: olderThan(span), limit: MOST_FUNDING },
      read: (answer) => {
        const listed = listOf(answer, 'funding-rate-history');
        if (!listed.ok) return listed;
        const rates = allOf(
          listed.value.map((row) => {
            const fields = new FieldReader(row, 'funding');
            const rate = fields.optionalText('realizedRate') ?? fields.text('fundingRate');
            return readPastFunding(Number(fields.text('fundingTime')), rate);
          }),
        );
        if (!rates.ok) return rates;
        return ok({ rows: rates.value, full: rates.value.length > 0 });
      },
    }),
  };
}

function listOf(answer: unknown, what: string) {
  const reader = new FieldReader(answer, what);
  return reader.finish(reader.list('data'));
}

function nanosOf(millis: string): bigint {
  return /^\d{13}$/.test(millis) ? BigInt(millis) * 1_000_000n : 0n;
}
