import { invariant } from '../../base/invariant.ts';
import { addon } from '../addon.mjs';
import type { DecoderCore } from './decode-binding.ts';
import type { MarketRecords } from './market-record.ts';

/** An instrument as its venue names it in messages. */
export interface DecodedInstrument {
  readonly symbol: string;
  /** Index in the process's instrument table, 0..65535. */
  readonly index: number;
  /** 0..15. */
  readonly priceScale: number;
  /** 0..15. */
  readonly quantityScale: number;
  /** Levels a side that the venue speaks of, where it does not delete what falls out of them; the whole book when absent. */
  readonly depth?: number;
}

/** Why a message gave no records. */
export type DecodeErrorCode =
  | 'MALFORMED'
  | 'TRUNCATED'
  | 'UNKNOWN_INSTRUMENT'
  | 'PRICE_OFF_SCALE'
  | 'QUANTITY_OFF_SCALE'
  | 'OVERFLOW'
  | 'UNKNOWN_EVENT'
  | 'OUT_FULL';

/** Not JSON, or a field of the event is missing or of the wrong type. */
export const MALFORMED = -1;
/** Legal so far, but it ends too early. */
export const TRUNCATED = -2;
export const UNKNOWN_INSTRUMENT = -3;
/** A price has a digit other than 0 beyond the instrument's scale. @public */
export const PRICE_OFF_SCALE = -4;
/** A quantity has one. @public */
export const QUANTITY_OFF_SCALE = -5;
/** A number does not fit 2^53 - 1, or a time does not fit 64-bit nanoseconds. */
export const OVERFLOW = -6;
/** Legal JSON that is no market event: an acknowledgement, another channel. */
export const UNKNOWN_EVENT = -7;
/** No room for the message's records: drain `out` and decode again from this message. */
export const OUT_FULL = -8;

const ERROR_CODES: readonly DecodeErrorCode[] = [
  'MALFORMED',
  'TRUNCATED',
  'UNKNOWN_INSTRUMENT',
  'PRICE_OFF_SCALE',
  'QUANTITY_OFF_SCALE',
  'OVERFLOW',
  'UNKNOWN_EVENT',
  'OUT_FULL',
];

/** The code of a negative status; undefined for the kind of a decoded message. */
export function decodeErrorCode(status: number): DecodeErrorCode | undefined {
  return status < 0 ? ERROR_CODES[-status - 1] : undefined;
}

/** Most decimals a price or quantity of an instrument can have. */
const MAX_SCALE = 15;
/** Longest symbol that a decoder takes. */
export const MAX_SYMBOL_BYTES = 64;

/** True of an instrument that a decoder takes; what a recording names may be anything. */
export function isDecodable(
  shape: Pick<DecodedInstrument, 'symbol' | 'priceScale' | 'quantityScale'>,
): boolean {
  const { symbol, priceScale, quantityScale } = shape;
  return utf8Bytes(symbol) <= MAX_SYMBOL_BYTES && Math.max(priceScale, quantityScale) <= MAX_SCALE;
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += 1 + Number(point >= 0x80) + Number(point >= 0x800) + Number(point >= 0x1_0000);
  }
  return bytes;
}

/** Whose messages are decoded; the place in the list is the number of the native decoder. */
const WIRES = ['binance', 'kraken', 'okx', 'deribit', 'coinbase', 'bybit', 'alpaca'] as const;
export type Wire = (typeof WIRES)[number];

/**
 * Market messages of a venue to records. `binance`: spot, USD-M and COIN-M; depthUpdate, trade, aggTrade, bookTicker,
 * kline, markPriceUpdate, forceOrder; raw or in the combined-stream wrapper; the event time is the matching engine's `T`
 * where the message has it, else `E`. `kraken`: spot WebSocket v2; book, trade, ticker, ohlc. `okx`: WebSocket v5; books
 * and its kinds, bbo-tbt, trades, tickers, candles, mark-price, index-tickers, funding-rate, open-interest,
 * liquidation-orders. `deribit`: WebSocket v2; book, trades, ticker. `coinbase`: Advanced Trade; l2_data, market_trades,
 * ticker, candles. `bybit`: WebSocket v5; orderbook, publicTrade, kline, tickers, allLiquidation. `alpaca`: stock market data
 * v2; trades, quotes (each also a book of one level a side), bars of minutes and days.
 */
export class Decoder {
  readonly #core: DecoderCore;
  readonly #tsInit = new BigInt64Array(1);

  /** Symbols and indices must be distinct. */
  constructor(instruments: readonly DecodedInstrument[], wire: Wire = 'binance') {
    const numbers = new Int32Array(instruments.length * 4);
    const indices = new Set<number>();
    instruments.forEach(({ symbol, index, priceScale, quantityScale, depth = 0 }, row) => {
      checkRange(`${symbol} index`, index, 65_535);
      checkRange(`${symbol} priceScale`, priceScale, MAX_SCALE);
      checkRange(`${symbol} quantityScale`, quantityScale, MAX_SCALE);
      checkRange(`${symbol} depth`, depth, 65_535);
      invariant(!indices.has(index), `${symbol} index must be its own, was ${index}`);
      indices.add(index);
      numbers.set([index, priceScale, quantityScale, depth], row * 4);
    });
    this.#core = new addon.DecoderCore(
      instruments.map(({ symbol }) => symbol),
      numbers,
      WIRES.indexOf(wire),
    );
  }

  /**
   * Decodes `messageCount` messages, message i being `bytes[ends[i - 1], ends[i])`, into `out` from its start. `status[i]`
   * becomes the kind of the message's first record, or an error; from the first OUT_FULL on all are OUT_FULL. A message
   * that needs more records than `out` holds can never be decoded. Returns the records written.
   */
  decode(
    bytes: Uint8Array,
    ends: Uint32Array,
    messageCount: number,
    tsInitNanos: BigInt64Array,
    out: MarketRecords,
    status: Int32Array,
  ): number {
    const room = Math.min(ends.length, tsInitNanos.length, status.length);
    checkRange('messageCount', messageCount, room);
    const written = this.#core.decode(bytes, ends, messageCount, tsInitNanos, out.bytes, status);
    invariant(written >= 0, `ends must not decrease and stay within ${bytes.length} bytes`);
    return written;
  }

  /**
   * Decodes a depth snapshot `{"lastUpdateId":..,"bids":..,"asks":..}`, which does not name its instrument, into `out`
   * from record `first`. Returns the records written, or a negative status.
   */
  decodeSnapshot(
    bytes: Uint8Array,
    instrument: number,
    tsInitNanos: bigint,
    out: MarketRecords,
    first = 0,
  ): number {
    checkRange('instrument', instrument, 65_535);
    checkRange('first', first, out.capacity);
    this.#tsInit[0] = tsInitNanos;
    return this.#core.decodeSnapshot(bytes, instrument, this.#tsInit, out.bytes, first);
  }
}

function checkRange(name: string, value: number, greatest: number): void {
  invariant(
    Number.isInteger(value) && value >= 0 && value <= greatest,
    `${name} must be 0..${greatest}, was ${value}`,
  );
}
