import type { RecordedWire } from '../../ports/feed-verification.ts';
import {
  listOf,
  memberOf,
  parseWritten,
  textOf,
  type WrittenJson,
} from '../../ports/recorded-json.ts';
import { shapesNamed } from '../../ports/recorded-shapes.ts';

const NAMES = /"instId":"([^"]+)"/g;
const WIDE = { price: 8, quantity: 8 };
/** For books with an order of a price or a size that is absurdly great. */
const NARROW = { price: 5, quantity: 4 };

/** A message in the form of OKX's v5, whose books carry one number each. */
function message(channel: string, symbol: string, action: string, data: readonly object[]): string {
  return JSON.stringify({ arg: { channel, instId: symbol }, action, data });
}

function level(row: WrittenJson): string[] {
  return [textOf(memberOf(row, 'price')), textOf(memberOf(row, 'qty'))];
}

function snapshot(value: WrittenJson): object {
  const side = (key: string): string[][] => listOf(memberOf(value, key)).map(level);
  return { bids: side('bids'), asks: side('asks'), ...stamps(value) };
}

/** One level, 0 when it goes. */
function change(value: WrittenJson): object {
  const isBid = textOf(memberOf(value, 'side')) === 'buy';
  const [bids, asks] = isBid ? [[level(value)], []] : [[], [level(value)]];
  return { bids, asks, ...stamps(value) };
}

function stamps(value: WrittenJson): object {
  return { ts: textOf(memberOf(value, 'timestamp')), seqId: textOf(memberOf(value, 'seq')) };
}

function trade(value: WrittenJson): object {
  const [px, sz] = level(value);
  return {
    px,
    sz,
    side: textOf(memberOf(value, 'side')),
    tradeId: textOf(memberOf(value, 'seq')),
    ts: textOf(memberOf(value, 'time')),
  };
}

/** A message in the form that is decoded; what is no book and no trade as it is. Past trades come newest first and are turned. */
function rewrite(text: string): readonly string[] {
  const value = parseWritten(text);
  const symbol = textOf(memberOf(value, 'product_id'));
  if (value === undefined || symbol === '') return [text];
  switch (textOf(memberOf(value, 'feed'))) {
    case 'book_snapshot':
      return [message('books', symbol, 'snapshot', [snapshot(value)])];
    case 'book':
      return [message('books', symbol, 'update', [change(value)])];
    case 'trade_snapshot': {
      const past = listOf(memberOf(value, 'trades')).toReversed();
      return [message('trades', symbol, 'snapshot', past.map(trade))];
    }
    case 'trade':
      return [message('trades', symbol, 'update', [trade(value)])];
    default:
      return [text];
  }
}

/** Recordings of Kraken Futures' WebSocket v1. */
export const KRAKEN_FUTURES_RECORDED: RecordedWire = {
  venue: 'KRAKEN_FUTURES',
  wire: 'okx',
  truncates: false,
  usualDepth: 10_000,
  discover: (text, narrow) => shapesNamed(text, NAMES, narrow ? NARROW : WIDE),
  rewrite,
  numbersChanges: true,
  numbersTrades: true,
  // Answers to requests, heartbeats; its tickers: the short one has no sizes and so is no quote.
  isControl: (text) =>
    text.includes('"event":') || /"feed":"(?:ticker|ticker_lite|heartbeat)"/.test(text),
};
