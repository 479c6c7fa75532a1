import type { RecordedWire } from '../../ports/feed-verification.ts';
import {
  listOf,
  memberOf,
  parseWritten,
  textOf,
  type WrittenJson,
} from '../../ports/recorded-json.ts';
import { KRAKEN_RECORDED } from './recorded-wire.ts';

/** Names that version 2 writes otherwise. */
const ASSETS: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' };

function symbolOf(pair: string): string {
  return pair
    .split('/')
    .map((asset) => ASSETS[asset] ?? asset)
    .join('/');
}

/** `1618678133.365913` as `2021-04-17T16:48:53.365913Z`. */
function timeOf(seconds: string): string {
  const [whole = '', fraction = ''] = seconds.split('.');
  const millis = Number(whole) * 1000;
  if (!/^\d{1,10}$/.test(whole)) return '';
  return `${new Date(millis).toISOString().slice(0, 19)}.${fraction.padEnd(1, '0')}Z`;
}

function levels(side: WrittenJson | undefined): string {
  const rows = listOf(side).map((level) => {
    const [price, quantity] = listOf(level).map(textOf);
    return `{"price":${price ?? ''},"qty":${quantity ?? ''}}`;
  });
  return `[${rows.join(',')}]`;
}

/** The parts of one message: a snapshot `{as, bs}`, or changes `{a, b, c}`, which may come as two. Only changes have a time and a checksum. */
function book(symbol: string, parts: readonly WrittenJson[]): string {
  const part = (key: string): WrittenJson | undefined =>
    parts.map((one) => memberOf(one, key)).find((one) => one !== undefined);
  const snapshot = part('as') !== undefined || part('bs') !== undefined;
  const [bids, asks] = snapshot ? [part('bs'), part('as')] : [part('b'), part('a')];
  const times = [...listOf(bids), ...listOf(asks)].map((level) => textOf(listOf(level)[2]));
  const last = times.reduce((left, right) => (right > left ? right : left), '');
  const end = snapshot
    ? '"checksum":null'
    : `"checksum":${textOf(part('c'))},"timestamp":"${timeOf(last)}"`;
  const type = snapshot ? 'snapshot' : 'update';
  return `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":${levels(bids)},"asks":${levels(asks)},${end}}]}`;
}

/** Trades of version 1 have no ids: theirs is 0. */
function trades(symbol: string, list: WrittenJson | undefined): string {
  const rows = listOf(list).map((row) => {
    const [price = '', quantity = '', time = '', side = ''] = listOf(row).map(textOf);
    const taker = side === 'b' ? 'buy' : side.replace(/^s$/, 'sell');
    return `{"symbol":"${symbol}","side":"${taker}","price":${price},"qty":${quantity},"trade_id":0,"timestamp":"${timeOf(time)}"}`;
  });
  return `{"channel":"trade","type":"update","data":[${rows.join(',')}]}`;
}

function ticker(symbol: string, entry: WrittenJson | undefined): string {
  const best = (side: string): string[] => listOf(memberOf(entry, side)).map(textOf);
  const [bid = '', , bidQuantity = ''] = best('b');
  const [ask = '', , askQuantity = ''] = best('a');
  return `{"channel":"ticker","type":"update","data":[{"symbol":"${symbol}","bid":${bid},"bid_qty":${bidQuantity},"ask":${ask},"ask_qty":${askQuantity}}]}`;
}

/** `[channelID, part, ..., channelName, pair]` as version 2 writes it; anything else as it is. */
function rewrite(text: string): readonly string[] {
  const message = listOf(parseWritten(text));
  const symbol = symbolOf(textOf(message.at(-1)));
  const channel = textOf(message.at(-2));
  const parts = message.slice(1, -2);
  if (channel.startsWith('book-')) return [book(symbol, parts)];
  if (channel === 'trade') return [trades(symbol, parts[0])];
  return channel === 'ticker' ? [ticker(symbol, parts[0])] : [text];
}

function subscribedDepth(
  text: string,
): { readonly symbol: string; readonly depth: number } | undefined {
  const depth = /"channelName":"book-(\d+)"/.exec(text)?.[1];
  const pair = /"pair":"([^"]+)"/.exec(text)?.[1];
  if (depth === undefined || pair === undefined) return undefined;
  return { symbol: symbolOf(pair), depth: Number(depth) };
}

/** Recordings of Kraken's spot WebSocket v1, read as the version 2 that says the same; numbers keep their digits. */
export const KRAKEN_V1_RECORDED: RecordedWire = {
  ...KRAKEN_RECORDED,
  rewrite,
  subscribedDepth,
  // Answers to requests, heartbeats, its status.
  isControl: (text) => text.startsWith('{') && text.includes('"event":'),
};
