import { describe, expect, test } from 'vitest';
import { present } from '../../../base/invariant.ts';
import { formatDecimal } from '../../../domain/decimal.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { RATE_SCALE } from '../../../domain/market.ts';
import { unixMicros } from '../../../domain/time.ts';
import { INSTRUMENT } from '../../../kernel/testing/desk.ts';
import { fixtureOf } from '../../../market-data/testing/recorded.ts';
import type { HistoryQuestions, PageQuestions } from '../../../ports/stream-venue.ts';
import { historyOf as bybitHistory } from '../../../venues/bybit/history.ts';
import { historyOf as deribitHistory } from '../../../venues/deribit/history.ts';
import { historyOf as krakenHistory } from '../../../venues/kraken/history.ts';
import { historyOf as okxHistory } from '../../../venues/okx/history.ts';

type Row = Readonly<Record<string, string | number>>;

/** A venue's own answer, and its rows by hand: number or time, price or rate, quantity, taker's side. */
interface Answer {
  readonly file: string;
  readonly history: (instrument: Instrument) => HistoryQuestions;
  readonly rows: (answer: never) => readonly (readonly (string | number)[])[];
  readonly full: boolean;
}

const perpetual: Instrument = {
  ...INSTRUMENT,
  derivative: 'Perpetual',
  priceScale: 5,
  quantityScale: 8,
};

const deribitRows = ({ result }: { readonly result: { readonly trades: readonly Row[] } }) =>
  result.trades.map((row) => [
    Number(row['trade_seq']),
    Number(row['price']),
    Number(row['amount']),
    row['direction'] === 'buy' ? 'Buy' : 'Sell',
  ]);

const deribit = (name: string, full: boolean): Answer => ({
  file: `deribit/http_get_last_trades${name}.json`,
  history: deribitHistory,
  rows: deribitRows,
  full,
});

const TRADES: readonly Answer[] = [
  {
    file: 'okx/http_get_trades.json',
    history: okxHistory,
    rows: ({ data }: { readonly data: readonly Row[] }) =>
      data.map((row) => [
        Number(row['tradeId']),
        Number(row['px']),
        Number(row['sz']),
        row['side'] === 'buy' ? 'Buy' : 'Sell',
      ]),
    full: true,
  },
  {
    file: 'kraken/http_trades.json',
    history: krakenHistory,
    rows: ({ result }: { readonly result: Readonly<Record<string, (string | number)[][]>> }) =>
      present(result['XBTUSDT'], 'the trades of the pair').map(
        ([price, quantity, , side, , , id]) => [
          Number(id),
          Number(price),
          Number(quantity),
          side === 'b' ? 'Buy' : 'Sell',
        ],
      ),
    full: true,
  },
  deribit('', true),
  deribit('_future_combo', true),
  deribit('_historical_combo', false),
  deribit('_option_combo', false),
  deribit('_perpetual_with_combo_tags', false),
];

const FUNDING: readonly Answer[] = [
  {
    file: 'okx/http_get_funding_rate_history.json',
    history: okxHistory,
    rows: ({ data }: { readonly data: readonly Row[] }) =>
      data.map((row) => [Number(row['fundingTime']), Number(row['realizedRate'])]),
    full: true,
  },
  {
    file: 'bybit/http_get_funding_history.json',
    history: (instrument) => bybitHistory('linear', instrument),
    rows: ({ result }: { readonly result: { readonly list: readonly Row[] } }) =>
      result.list.map((row) => [Number(row['fundingRateTimestamp']), Number(row['fundingRate'])]),
    full: false,
  },
];

const span = { from: unixMicros(0), to: unixMicros(4_000_000_000_000_000) };

function readRows<T>(pages: PageQuestions<T> | undefined, answer: unknown): readonly T[] {
  const read = present(pages, 'pages').question(span).read(answer);
  if (!read.ok) throw new Error(read.error.message);
  return read.value.rows;
}

describe('what venues answered of the past', () => {
  test.for(TRADES)('trades of $file', ({ file, history, rows, full }, { skip }) => {
    const answer = fixtureOf(file);
    if (answer === undefined) skip(`${file} is not there`);
    const { trades } = history(perpetual);
    const plain = rows(answer as never);
    const { priceScale, quantityScale } = perpetual;
    expect(plain.length).toBeGreaterThan(0);
    expect(
      readRows(trades, answer).map((trade) => [
        trade.tradeId,
        Number(formatDecimal(trade.price, priceScale)),
        Number(formatDecimal(trade.quantity, quantityScale)),
        trade.aggressor,
      ]),
    ).toEqual(plain);
    expect(present(trades, 'trades').question(span).read(answer)).toMatchObject({
      value: { full },
    });
  });

  test.for(FUNDING)('funding of $file', ({ file, history, rows, full }, { skip }) => {
    const answer = fixtureOf(file);
    if (answer === undefined) skip(`${file} is not there`);
    const { funding } = history(perpetual);
    expect(
      readRows(funding, answer).map(({ tsNanos, rate }) => [
        Number(tsNanos / 1_000_000n),
        Number(formatDecimal(rate, RATE_SCALE)),
      ]),
    ).toEqual(rows(answer as never));
    expect(present(funding, 'funding').question(span).read(answer)).toMatchObject({
      value: { full },
    });
  });
});
