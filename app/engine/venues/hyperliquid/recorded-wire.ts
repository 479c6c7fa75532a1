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
const SCALES = { price: 6, quantity: 8 };

/** A message in the form of OKX's v5. */
function message(channel: string, symbol: string, action: string, data: object): string {
  return JSON.stringify({ arg: { channel, instId: symbol }, action, data: [data] });
}

/** Every book comes whole: the best twenty bids, then asks. */
function book(data: WrittenJson | undefined): string {
  const [bids, asks] = listOf(memberOf(data, 'levels')).map((side) =>
    listOf(side).map((level) => [textOf(memberOf(level, 'px')), textOf(memberOf(level, 'sz'))]),
  );
  const ts = textOf(memberOf(data, 'time'));
  return message('books', textOf(memberOf(data, 'coin')), 'snapshot', { bids, asks, ts });
}

/** `B` is a taker who bought, `A` one who sold. Ids are hashes, in no order: 0. */
function trade(value: WrittenJson): string {
  const field = (key: string): string => textOf(memberOf(value, key));
  const side = field('side') === 'B' ? 'buy' : field('side').replace(/^A$/, 'sell');
  const row = { px: field('px'), sz: field('sz'), side, tradeId: '0', ts: field('time') };
  return message('trades', field('coin'), 'update', row);
}

/** A message in the form that is decoded, a trade each; what is no book and no trade as it is. */
function rewrite(text: string): readonly string[] {
  const value = parseWritten(text);
  const channel = textOf(memberOf(value, 'channel'));
  const data = memberOf(value, 'data');
  if (channel === 'l2Book') return [book(data)];
  return channel === 'trades' ? listOf(data).map(trade) : [text];
}

/** Recordings of Hyperliquid's WebSocket. Its messages carry no numbers: what is lost leaves no trace, and the next book is whole. */
export const HYPERLIQUID_RECORDED: RecordedWire = {
  venue: 'HYPERLIQUID',
  wire: 'okx',
  truncates: false,
  usualDepth: 20,
  discover: (text) => shapesNamed(text, NAMES, SCALES),
  rewrite,
  isControl: (text) => /"channel":"(?:subscriptionResponse|pong)"/.test(text),
};
