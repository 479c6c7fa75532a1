import type { RecordedWire } from '../../ports/feed-verification.ts';
import {
  listOf,
  memberOf,
  parseWritten,
  textOf,
  type WrittenJson,
} from '../../ports/recorded-json.ts';
import { COINBASE_RECORDED } from './recorded-wire.ts';

/** A snapshot has no time: one that is read as none. */
const NO_TIME = '1970-01-01T00:00:00Z';

/** Messages are not numbered: all are 0. */
function message(channel: string, time: string, event: object): string {
  return JSON.stringify({ channel, timestamp: time, sequence_num: 0, events: [event] });
}

function update(side: string, level: readonly string[]): object {
  const [price = '', size = ''] = level;
  return { side, price_level: price, new_quantity: size };
}

function snapshot(value: WrittenJson): object {
  const levels = (key: string, side: string): object[] =>
    listOf(memberOf(value, key)).map((level) => update(side, listOf(level).map(textOf)));
  return {
    type: 'snapshot',
    product_id: textOf(memberOf(value, 'product_id')),
    updates: [...levels('bids', 'bid'), ...levels('asks', 'offer')],
  };
}

function changes(value: WrittenJson): object {
  const updates = listOf(memberOf(value, 'changes')).map((change) => {
    const [side = '', ...level] = listOf(change).map(textOf);
    return update(side === 'buy' ? 'bid' : side.replace(/^sell$/, 'offer'), level);
  });
  return { type: 'update', product_id: textOf(memberOf(value, 'product_id')), updates };
}

/** `side` is the maker's in both. The last match before the subscription is part of its snapshot. */
function match(value: WrittenJson, last: boolean): object {
  const field = (key: string): string => textOf(memberOf(value, key));
  const trade = {
    trade_id: field('trade_id'),
    product_id: field('product_id'),
    price: field('price'),
    size: field('size'),
    side: field('side').toUpperCase(),
    time: field('time'),
  };
  return { type: last ? 'snapshot' : 'update', trades: [trade] };
}

/** A message as Advanced Trade writes it; what is no book and no trade as it is. */
function rewrite(text: string): readonly string[] {
  const value = parseWritten(text);
  if (value === undefined) return [text];
  const type = textOf(memberOf(value, 'type'));
  const time = textOf(memberOf(value, 'time'));
  if (type === 'snapshot') return [message('l2_data', NO_TIME, snapshot(value))];
  if (type === 'l2update') return [message('l2_data', time, changes(value))];
  if (type === 'match') return [message('market_trades', time, match(value, false))];
  if (type === 'last_match') return [message('market_trades', time, match(value, true))];
  return [text];
}

/** Recordings of Coinbase Exchange's WebSocket, read as the Advanced Trade that says the same. A lost change of a book leaves no trace in them, a lost trade does. */
export const COINBASE_EXCHANGE_RECORDED: RecordedWire = {
  venue: COINBASE_RECORDED.venue,
  wire: COINBASE_RECORDED.wire,
  truncates: COINBASE_RECORDED.truncates,
  usualDepth: COINBASE_RECORDED.usualDepth,
  discover: COINBASE_RECORDED.discover,
  rewrite,
  numbersTrades: true,
  // Answers to requests, heartbeats; its ticker, which has no sizes and so is no quote.
  isControl: (text) => /"type":"(?:subscriptions|heartbeat|status|ticker)"/.test(text),
};
