import type { LevelClaim, RecordedWire } from '../../ports/feed-verification.ts';
import {
  listOf,
  memberOf,
  parseWritten,
  textOf,
  type WrittenJson,
} from '../../ports/recorded-json.ts';
import { BYBIT_RECORDED } from './recorded-wire.ts';

const BOOK = 'orderBookL2_25.';
const TRADE = 'trade.';

/** `size` is absent of a level that goes. */
function levels(rows: readonly WrittenJson[], side: string, gone: boolean): string[][] {
  return rows
    .filter((row) => textOf(memberOf(row, 'side')) === side)
    .map((row) => [textOf(memberOf(row, 'price')), gone ? '0' : textOf(memberOf(row, 'size'))]);
}

/** A snapshot is a list, of linear contracts within `order_book`; a change has a list of each kind. */
function book(symbol: string, message: WrittenJson): string {
  const data = memberOf(message, 'data');
  const type = textOf(memberOf(message, 'type'));
  const whole = memberOf(data, 'order_book') ?? data;
  const set =
    type === 'snapshot'
      ? listOf(whole)
      : [...listOf(memberOf(data, 'update')), ...listOf(memberOf(data, 'insert'))];
  const gone = type === 'snapshot' ? [] : listOf(memberOf(data, 'delete'));
  const side = (name: string): string[][] => [
    ...levels(gone, name, true),
    ...levels(set, name, false),
  ];
  return JSON.stringify({
    topic: `orderbook.25.${symbol}`,
    type,
    ts: textOf(memberOf(message, 'timestamp_e6')),
    data: {
      s: symbol,
      b: side('Buy'),
      a: side('Sell'),
      u: textOf(memberOf(message, 'cross_seq')),
    },
  });
}

function trades(symbol: string, message: WrittenJson): string {
  const data = listOf(memberOf(message, 'data')).map((row) => {
    const field = (key: string): string => textOf(memberOf(row, key));
    return {
      T: field('trade_time_ms'),
      s: field('symbol'),
      S: field('side'),
      v: field('size'),
      p: field('price'),
      i: field('trade_id'),
    };
  });
  return JSON.stringify({ topic: `publicTrade.${symbol}`, type: 'snapshot', ts: '0', data });
}

/** A message as version 5 writes it; what is no book and no trade as it is. */
function rewrite(text: string): readonly string[] {
  const message = parseWritten(text);
  const topic = textOf(memberOf(message, 'topic'));
  if (message === undefined) return [text];
  if (topic.startsWith(BOOK)) return [book(topic.slice(BOOK.length), message)];
  return topic.startsWith(TRADE) ? [trades(topic.slice(TRADE.length), message)] : [text];
}

/** What goes or changes must stand, what is inserted must not. */
function claims(text: string): readonly LevelClaim[] {
  const message = parseWritten(text);
  const topic = textOf(memberOf(message, 'topic'));
  if (!topic.startsWith(BOOK)) return [];
  return (['delete', 'update', 'insert'] as const).flatMap((kind) =>
    listOf(memberOf(memberOf(message, 'data'), kind)).map((row) => ({
      symbol: topic.slice(BOOK.length),
      side: textOf(memberOf(row, 'side')) === 'Buy' ? 'Bid' : 'Ask',
      price: textOf(memberOf(row, 'price')),
      stands: kind !== 'insert',
    })),
  );
}

/** Recordings of Bybit's WebSocket v2, read as the version 5 that says the same. Its changes are numbered for all markets together, with steps between: a loss does not show in the numbers, but in what a later change says of the levels before it. */
export const BYBIT_V2_RECORDED: RecordedWire = {
  ...BYBIT_RECORDED,
  usualDepth: 25,
  rewrite,
  claims,
  numbersChanges: false,
  isControl: (text) => text.includes('"success":') || text.includes('"ret_msg":'),
};
