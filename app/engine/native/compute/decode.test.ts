import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Decoder, decodeErrorCode, OUT_FULL, UNKNOWN_INSTRUMENT } from './decode.ts';
import { FLAG_LAST, FLAG_SNAPSHOT, KIND_TRADE, MarketRecords } from './market-record.ts';
import { decodeOne, plainRecords } from './testing/decoding.ts';
import { referenceDecode, referenceSnapshot } from './testing/reference-decoder.ts';

const RECORDINGS = join(import.meta.dirname, '../../../../../shared/data/ws');

const files = [
  ['binance_spot/btcusdt_20240808', { symbol: 'BTCUSDT', priceScale: 2, quantityScale: 8 }],
  ['binance_spot/btcusdt_20240809', { symbol: 'BTCUSDT', priceScale: 8, quantityScale: 8 }],
  ['binance_spot/ethusdt_20240808', { symbol: 'ETHUSDT', priceScale: 2, quantityScale: 8 }],
  ['binance_usdm/btcusdt_20240808', { symbol: 'BTCUSDT', priceScale: 1, quantityScale: 3 }],
  [
    'binance_coinm/btcusd_perp_20240808',
    { symbol: 'BTCUSD_PERP', priceScale: 1, quantityScale: 0 },
  ],
] as const;

/** Compares a batch with the reference, message by message. */
function compareBatch(texts: readonly string[], decoder: Decoder, instrument: PlainInstrument) {
  const encoded = texts.map((text) => Buffer.from(text));
  const bytes = new Uint8Array(Buffer.concat(encoded));
  const ends = new Uint32Array(texts.length);
  encoded.reduce((end, one, i) => (ends[i] = end + one.length), 0);
  const tsInit = new BigInt64Array(texts.length).map((_, i) => BigInt(i));
  const out = new MarketRecords(200_000);
  const status = new Int32Array(texts.length);
  const written = decoder.decode(bytes, ends, texts.length, tsInit, out, status);
  let at = 0;
  for (const [i, text] of texts.entries()) {
    const expected = referenceDecode(text, [instrument], BigInt(i));
    const actual = plainRecords(out, at, at + expected.records.length);
    if (status[i] !== expected.status || !same(actual, expected.records)) {
      expect({ text, status: status[i], records: actual }).toEqual({ text, ...expected });
    }
    at += expected.records.length;
  }
  expect(written).toBe(at);
  expect(Math.min(...status)).toBeGreaterThan(0);
}

type PlainInstrument = Parameters<typeof referenceSnapshot>[1];

function same(a: readonly (readonly bigint[])[], b: readonly (readonly bigint[])[]): boolean {
  return a.length === b.length && a.every((row, i) => row.every((value, j) => value === b[i]?.[j]));
}

describe('every message of the recordings decodes to what the reference says', () => {
  test.for(files)('%s', { timeout: 120_000 }, ([file, shape], { skip }) => {
    const path = join(RECORDINGS, `${file}.txt.gz`);
    skip(!existsSync(path), `no recording at ${path}`);
    const instrument = { ...shape, index: 7 };
    const decoder = new Decoder([instrument]);
    const texts = gunzipSync(readFileSync(path))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(line.indexOf(' ') + 1));
    const snapshots = texts.filter((text) => text.startsWith('{"lastUpdateId"'));
    const events = texts.filter((text) => !text.startsWith('{"lastUpdateId"'));
    for (let from = 0; from < events.length; from += 2000) {
      compareBatch(events.slice(from, from + 2000), decoder, instrument);
    }
    const out = new MarketRecords(20_000);
    for (const text of snapshots) {
      const written = decoder.decodeSnapshot(Buffer.from(text), 7, 5n, out);
      expect(plainRecords(out, 0, written)).toEqual(
        referenceSnapshot(text, instrument, 5n).records,
      );
    }
    expect(events.length).toBeGreaterThan(30_000);
  });
});

const INSTRUMENT = { symbol: 'BNBBTC', index: 2, priceScale: 4, quantityScale: 2 };
const TRADE =
  '{"e":"trade","E":1672515782136,"s":"BNBBTC","t":12345,"p":"0.001","q":"100","T":1672515782137,"m":true,"M":true}';

test('a trade becomes one record with the time of the match and the side of the aggressor', () => {
  const decoder = new Decoder([INSTRUMENT]);
  const { status, records } = decodeOne(decoder, Buffer.from(TRADE), 99n);
  expect(status).toBe(KIND_TRADE);
  expect(records).toEqual([[1n, 5n, 2n, 1672515782137000000n, 99n, 10n, 10000n, 0n, 0n, 12345n]]);
});

test('times in microseconds are told from milliseconds by their size', () => {
  const micros = TRADE.replace('1672515782137', '1672515782137456');
  const { records } = decodeOne(new Decoder([INSTRUMENT]), Buffer.from(micros), 0n);
  expect(records[0]?.[3]).toBe(1672515782137456000n);
});

test('a snapshot names its instrument by the call and starts where it is told', () => {
  const decoder = new Decoder([INSTRUMENT]);
  const out = new MarketRecords(5);
  const bytes = Buffer.from(
    '{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","1"]]}',
  );
  expect(decoder.decodeSnapshot(bytes, 2, 1n, out, 2)).toBe(3);
  expect([out.kind(2), out.flags(2), out.id(2), out.quantity(2)]).toEqual([4, 2, 160, 2]);
  expect([out.kind(4), out.flags(4), out.price(4)]).toEqual([6, FLAG_LAST | FLAG_SNAPSHOT, 26]);
  expect(decoder.decodeSnapshot(bytes, 2, 1n, out, 3)).toBe(OUT_FULL);
  expect(decoder.decodeSnapshot(bytes, 3, 1n, out)).toBe(UNKNOWN_INSTRUMENT);
});

test('messages that do not fit are left for the next call in their order', () => {
  const decoder = new Decoder([INSTRUMENT]);
  const out = new MarketRecords(2);
  const one = Buffer.from(TRADE);
  const ends = new Uint32Array([1, 2, 3].map((n) => n * one.length));
  const status = new Int32Array(3);
  const bytes = new Uint8Array(Buffer.concat([one, one, one]));
  expect(decoder.decode(bytes, ends, 3, new BigInt64Array(3), out, status)).toBe(2);
  expect([...status].map(decodeErrorCode)).toEqual([undefined, undefined, 'OUT_FULL']);
});

test.each([
  ['ends that go back', [60, 20], /ends must not decrease/],
  ['ends beyond the bytes', [20, 5000], /ends must not decrease/],
])('%s are refused', (_name, ends, message) => {
  const decoder = new Decoder([INSTRUMENT]);
  const decode = () =>
    decoder.decode(
      new Uint8Array(100),
      new Uint32Array(ends),
      2,
      new BigInt64Array(2),
      new MarketRecords(4),
      new Int32Array(2),
    );
  expect(decode).toThrow(message);
});

test.each([
  [{ ...INSTRUMENT, priceScale: 16 }, 'BNBBTC priceScale must be 0..15, was 16'],
  [{ ...INSTRUMENT, index: 65_536 }, 'BNBBTC index must be 0..65535, was 65536'],
  [{ ...INSTRUMENT, symbol: '' }, "symbol must have 1..64 bytes, was ''"],
])('an instrument that cannot be is refused by name', (instrument, message) => {
  expect(() => new Decoder([instrument])).toThrow(message);
});
