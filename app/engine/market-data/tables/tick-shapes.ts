import { RATE_SCALE } from '../../domain/market.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_CLOSED,
  FLAG_LAST,
  KIND_BBO,
  KIND_FUNDING_RATE,
  KIND_KLINE_PRICES,
  KIND_KLINE_VOLUMES,
  KIND_TRADE,
} from '../../native/compute/market-record.ts';
import type { Cells, TimeUnit } from './cells.ts';
import { BookRows } from './book-rows.ts';
import { EventRows } from './event-rows.ts';
import { NPZ_COLUMNS } from './npz-table.ts';
import { OrderRows } from './order-rows.ts';
import type { BarLength, RecordSink, TableShape } from './table-shape.ts';

const NANOS_A_MILLI = 1_000_000n;
const DAY: BarLength = 86_400_000n * NANOS_A_MILLI;
/** What a venue did not tell. */
const NOT_KNOWN = -1;

/** Which columns are numbers of the instrument, and who reads the rows. */
type Numbers = Pick<TableShape, 'prices' | 'quantities' | 'reader'>;

type TradeSide = number;
const BUY: TradeSide = 0;
const SELL: TradeSide = FLAG_AGGRESSOR_SELL;
const UNKNOWN: TradeSide = FLAG_AGGRESSOR_UNKNOWN;

interface TradeColumns {
  readonly event: readonly [string, TimeUnit];
  /** Absent: received when it happened. */
  readonly received?: readonly [string, TimeUnit];
  readonly price: string;
  readonly quantity: string;
  /** Absent: the file has none. */
  readonly id?: string;
  readonly side: (cells: Cells) => TradeSide;
}

function trades(of: TradeColumns): Numbers {
  const reader: TableShape['reader'] = (sink) => ({
    read(cells) {
      const at = cells.nanos(...of.event);
      const init = of.received === undefined ? at : cells.nanos(...of.received);
      const id = of.id === undefined ? 0 : tradeId(cells.text(of.id));
      const flags = FLAG_LAST | of.side(cells);
      sink.put(
        KIND_TRADE,
        flags,
        at,
        init,
        cells.price(of.price),
        cells.quantity(of.quantity),
        0,
        0,
        id,
      );
    },
  });
  return { prices: [of.price], quantities: [of.quantity], reader };
}

/** As everywhere: 0 where the venue's is no number. */
function tradeId(text: string): number {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) ? id : 0;
}

interface QuoteColumns {
  readonly event: readonly [string, TimeUnit];
  readonly received?: readonly [string, TimeUnit];
  readonly bid: string;
  readonly ask: string;
  /** Absent: the file has no sizes, they are 0. */
  readonly bidSize?: string;
  readonly askSize?: string;
  /** What stood at the end of bars: it was known then, not when the bar began. */
  readonly atEnd?: true;
}

function quotes(of: QuoteColumns): Numbers {
  const size = (cells: Cells, column: string | undefined): number =>
    column === undefined || cells.text(column) === '' ? 0 : cells.quantity(column);
  const price = (cells: Cells, column: string): number =>
    cells.text(column) === '' ? 0 : cells.price(column);
  const reader: TableShape['reader'] = (sink, length) => ({
    read(cells) {
      if (of.atEnd && length === 0n) {
        cells.refuse(of.event[0], 'is of bars: how long they are must be told with --interval');
      }
      const at = cells.nanos(...of.event) + (of.atEnd ? length : 0n);
      const init = of.received === undefined ? at : cells.nanos(...of.received);
      const [bid, ask] = [price(cells, of.bid), price(cells, of.ask)];
      const [bids, asks] = [size(cells, of.bidSize), size(cells, of.askSize)];
      sink.put(KIND_BBO, FLAG_LAST, at, init, bid, bids, ask, asks, 0);
    },
  });
  const sizes = [of.bidSize, of.askSize].filter((column) => column !== undefined);
  return { prices: [of.bid, of.ask], quantities: sizes, reader };
}

interface BarColumns {
  readonly time: readonly [string, TimeUnit];
  readonly prices: readonly [string, string, string, string];
  /** Absent: the file has none, it is 0. */
  readonly volume?: string;
  /** Trades, and volume in which the buyer was the aggressor. */
  readonly count?: string;
  readonly taker?: string;
}

const OHLC = ['open', 'high', 'low', 'close'] as const;

function bars(of: BarColumns): Numbers {
  return {
    prices: of.prices,
    quantities: [of.volume, of.taker].filter((column) => column !== undefined),
    reader: (sink, length) => ({ read: (cells) => readBar(cells, of, sink, length) }),
  };
}

function readBar(cells: Cells, of: BarColumns, sink: RecordSink, length: BarLength): void {
  const at = cells.nanos(...of.time);
  const [open, high, low, close] = of.prices.map((column) => cells.price(column)) as [
    number,
    number,
    number,
    number,
  ];
  if (high < Math.max(open, close) || low > Math.min(open, close)) {
    cells.refuse(of.prices[1], 'must not be below another price of its bar, nor low above one');
  }
  if (length > 0n && at % length !== 0n) {
    cells.refuse(of.time[0], 'must be the beginning of a bar of that interval (UTC)');
  }
  const opened = Number(at / NANOS_A_MILLI);
  const flags = FLAG_CLOSED | FLAG_LAST;
  const count = of.count === undefined ? NOT_KNOWN : cells.whole(of.count);
  const taker = of.taker === undefined ? NOT_KNOWN : cells.quantity(of.taker);
  const ms = Number(length / NANOS_A_MILLI);
  sink.put(KIND_KLINE_PRICES, FLAG_CLOSED, at, at, open, high, low, close, opened);
  const volume = of.volume === undefined ? 0 : cells.quantity(of.volume);
  sink.put(KIND_KLINE_VOLUMES, flags, at, at, volume, taker, count, ms, opened + ms - 1);
}

const AGGRESSOR = { buy: BUY, sell: SELL, unknown: UNKNOWN };
const BUYER_IS_MAKER = { true: SELL, false: BUY, True: SELL, False: BUY };

const TARDIS = ['exchange', 'symbol', 'timestamp', 'local_timestamp'];
const TARDIS_TIMES = {
  event: ['timestamp', 'us'],
  received: ['local_timestamp', 'us'],
} as const satisfies Partial<TradeColumns>;

const VISION_KLINES = [
  ...['open_time', 'open', 'high', 'low', 'close', 'volume', 'close_time', 'quote_volume'],
  ...['count', 'taker_buy_volume', 'taker_buy_quote_volume', 'ignore'],
];
const VISION_AGGREGATES = [
  ...['agg_trade_id', 'price', 'quantity', 'first_trade_id', 'last_trade_id', 'transact_time'],
  'is_buyer_maker',
];
const VISION_TRADES = ['id', 'price', 'qty', 'quote_qty', 'time', 'is_buyer_maker'];

const visionTrades = trades({
  event: ['time', 'ms-or-us'],
  price: 'price',
  quantity: 'qty',
  id: 'id',
  side: (cells) => cells.word('is_buyer_maker', BUYER_IS_MAKER),
});
const visionAggregates = trades({
  event: ['transact_time', 'ms-or-us'],
  price: 'price',
  quantity: 'quantity',
  id: 'agg_trade_id',
  side: (cells) => cells.word('is_buyer_maker', BUYER_IS_MAKER),
});

/** A table of bars with plain names. */
function plainBars(time: string, unit: TimeUnit, extra: Partial<TableShape> = {}): TableShape {
  const numbers = bars({ time: [time, unit], prices: OHLC, volume: 'volume' });
  const columns = [time, ...OHLC, 'volume'];
  return { name: 'bars', kind: 'bars', columns, notKept: [], ...numbers, ...extra };
}

/** Quotes that stood at the ends of bars; how they moved within is not kept. */
function barQuotes(name: string, extra: Partial<TableShape> = {}): TableShape {
  const within = ['open', 'high', 'low'].flatMap((price) => [`bid_${price}`, `ask_${price}`]);
  const numbers = quotes({
    event: ['ts_ms', 'ms'],
    bid: 'bid_close',
    ask: 'ask_close',
    bidSize: 'bid_size',
    askSize: 'ask_size',
    atEnd: true,
  });
  const columns = ['ts_ms', 'bid_close', 'bid_size', 'ask_close', 'ask_size'];
  return { name, kind: 'bbo', columns, notKept: within, ...numbers, ...extra };
}

/** Every form of tables that is read. Times of bars are their beginnings. */
export const TABLE_SHAPES: readonly TableShape[] = [
  plainBars('timestamp', 'text'),
  plainBars('ts_ms', 'ms'),
  plainBars('ts_ms', 'ms', { name: 'bars of contracts', instrument: 'contract' }),
  plainBars('timestamp_utc', 'text'),
  plainBars('date', 'text'),
  {
    name: 'bars without volume',
    kind: 'bars',
    columns: ['timestamp', ...OHLC],
    notKept: [],
    ...bars({ time: ['timestamp', 'text'], prices: OHLC }),
  },
  {
    name: 'LEAN chain of options',
    kind: 'bars',
    columns: ['ts_ms', ...OHLC, 'volume'],
    notKept: ['open_interest', 'implied_volatility', 'delta', 'gamma', 'vega', 'theta', 'rho'],
    instrument: 'contract',
    prices: OHLC,
    quantities: ['volume'],
    reader: (sink, length) => ({
      read(cells) {
        if (length !== DAY) cells.refuse('ts_ms', 'is of whole days: --interval must be 1d');
        readBar(cells, { time: ['ts_ms', 'ms'], prices: OHLC, volume: 'volume' }, sink, length);
      },
    }),
  },
  {
    name: 'CryptoDataDownload bars',
    kind: 'bars',
    columns: ['date', 'symbol', ...OHLC, 'volume_btc', 'volume'],
    notKept: [],
    prices: OHLC,
    quantities: ['volume_btc'],
    reader: (sink, length) => ({
      read(cells) {
        const unit = cells.text('date').length > 10 ? 'day hour-AM' : 'text';
        readBar(cells, { time: ['date', unit], prices: OHLC, volume: 'volume_btc' }, sink, length);
      },
    }),
  },
  {
    name: 'Yahoo bars',
    kind: 'bars',
    columns: ['Date', 'Open', 'High', 'Low', 'Close', 'Volume'],
    notKept: ['Adj Close'],
    ...bars({
      time: ['Date', 'month/day/year'],
      prices: ['Open', 'High', 'Low', 'Close'],
      volume: 'Volume',
    }),
  },
  {
    name: 'Binance Vision klines',
    kind: 'bars',
    columns: VISION_KLINES,
    notKept: [],
    fileName: /-(?:1s|\d+[mhd])-\d{4}-\d{2}/,
    ...bars({
      time: ['open_time', 'ms-or-us'],
      prices: OHLC,
      volume: 'volume',
      count: 'count',
      taker: 'taker_buy_volume',
    }),
  },
  {
    name: 'Binance Vision aggTrades',
    kind: 'trades',
    columns: VISION_AGGREGATES,
    notKept: [],
    fileName: /-aggTrades-/,
    ...visionAggregates,
  },
  {
    name: 'Binance Vision aggTrades of spot',
    kind: 'trades',
    columns: [...VISION_AGGREGATES, 'is_best_match'],
    notKept: [],
    fileName: /-aggTrades-/,
    ...visionAggregates,
  },
  {
    name: 'Binance Vision trades',
    kind: 'trades',
    columns: VISION_TRADES,
    notKept: [],
    fileName: /-trades-/,
    ...visionTrades,
  },
  {
    name: 'Binance Vision trades of spot',
    kind: 'trades',
    columns: [...VISION_TRADES, 'is_best_match'],
    notKept: [],
    fileName: /-trades-/,
    ...visionTrades,
  },
  {
    name: 'LEAN trades',
    kind: 'trades',
    columns: ['ts_ms', 'price', 'size'],
    notKept: ['exchange', 'condition', 'suspicious'],
    ...trades({
      event: ['ts_ms', 'ms'],
      price: 'price',
      quantity: 'size',
      side: () => UNKNOWN,
    }),
  },
  {
    name: 'LEAN quotes',
    kind: 'bbo',
    columns: ['ts_ms', 'bid', 'bid_size', 'ask', 'ask_size'],
    notKept: ['exchange', 'condition', 'suspicious'],
    ...quotes({
      event: ['ts_ms', 'ms'],
      bid: 'bid',
      ask: 'ask',
      bidSize: 'bid_size',
      askSize: 'ask_size',
    }),
  },
  {
    name: 'quotes without sizes',
    kind: 'bbo',
    columns: ['ts_ms', 'bid', 'ask'],
    notKept: [],
    ...quotes({ event: ['ts_ms', 'ms'], bid: 'bid', ask: 'ask' }),
  },
  barQuotes('LEAN bars of quotes'),
  barQuotes('LEAN bars of quotes of contracts', { instrument: 'contract' }),
  {
    name: 'Tardis trades',
    kind: 'trades',
    columns: [...TARDIS, 'id', 'side', 'price', 'amount'],
    notKept: [],
    ...trades({
      ...TARDIS_TIMES,
      price: 'price',
      quantity: 'amount',
      id: 'id',
      side: (cells) => cells.word('side', AGGRESSOR),
    }),
  },
  {
    name: 'Tardis quotes',
    kind: 'bbo',
    columns: [...TARDIS, 'ask_amount', 'ask_price', 'bid_price', 'bid_amount'],
    notKept: [],
    ...quotes({
      ...TARDIS_TIMES,
      bid: 'bid_price',
      ask: 'ask_price',
      bidSize: 'bid_amount',
      askSize: 'ask_amount',
    }),
  },
  {
    name: 'Tardis incremental_book_L2',
    kind: 'book',
    columns: [...TARDIS, 'is_snapshot', 'side', 'price', 'amount'],
    notKept: [],
    prices: ['price'],
    quantities: ['amount'],
    reader: (sink) => new BookRows(sink),
  },
  {
    name: 'hftbacktest events',
    kind: 'book',
    columns: NPZ_COLUMNS,
    notKept: [],
    prices: ['px'],
    quantities: ['qty'],
    reader: (sink) => new EventRows(sink),
  },
  {
    name: 'Databento MBO',
    kind: 'book',
    columns: [
      ...['ts_recv_ns', 'ts_event_ns', 'sequence', 'action', 'side', 'order_id', 'price', 'size'],
      'flags',
    ],
    notKept: ['instrument_id'],
    prices: ['price'],
    quantities: ['size'],
    reader: (sink) => new OrderRows(sink),
  },
  {
    name: 'LEAN margin interest',
    kind: 'derivatives',
    columns: ['time', 'rate'],
    notKept: [],
    fileName: /./,
    prices: [],
    quantities: [],
    reader: (sink) => ({
      read(cells) {
        const at = cells.nanos('time', 'yyyymmdd hh:mm:ss');
        const due = Number(at / NANOS_A_MILLI);
        const rate = cells.rate('rate', RATE_SCALE);
        sink.put(KIND_FUNDING_RATE, FLAG_LAST, at, at, rate, 0, 0, 0, due);
      },
    }),
  },
];
