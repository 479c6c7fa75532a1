import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { BookTop, L2Book } from './book.ts';
import { Decoder } from './decode.ts';
import { KIND_BBO, KIND_BID_LEVEL, KIND_DIFF_HEADER, MarketRecords } from './market-record.ts';

const RECORDINGS = join(import.meta.dirname, '../../../../../shared/data/ws/binance_spot');

function messages(file: string): string[] {
  return gunzipSync(readFileSync(join(RECORDINGS, file)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1));
}

test('the rebuilt top of book equals the recorded book ticker at every common update', ({
  skip,
}) => {
  skip(!existsSync(RECORDINGS), `no recordings at ${RECORDINGS}`);
  const texts = ['btcusdt_20240808.txt.gz', 'btcusdt_20240809.txt.gz'].flatMap(messages);
  const decoder = new Decoder([{ symbol: 'BTCUSDT', index: 0, priceScale: 2, quantityScale: 8 }]);
  const book = new L2Book();
  const top = new BookTop(1);
  const out = new MarketRecords(20_000);
  const status = new Int32Array(1);
  const tickers = new Map<number, readonly number[]>();
  const tops = new Map<number, readonly number[]>();
  const waiting: string[] = [];
  let bookId = 0;

  const onDiff = (count: number) => {
    const [first, last] = [out.price(0), out.id(0)];
    if (last <= bookId) return;
    expect(first).toBeLessThanOrEqual(bookId + 1);
    book.applyAndTop(out, 0, count, top);
    bookId = last;
    const best = [top.bidPrices, top.bidQuantities, top.askPrices, top.askQuantities];
    tops.set(
      last,
      best.map((column) => column[0] ?? 0),
    );
    expect(book.crossed).toBe(false);
    expect(book.lastUpdateId).toBe(last);
  };
  const onEvent = (text: string) => {
    const bytes = Buffer.from(text);
    const ends = new Uint32Array([bytes.length]);
    const count = decoder.decode(bytes, ends, 1, new BigInt64Array(1), out, status);
    if (status[0] === KIND_BBO) {
      tickers.set(out.id(0), [out.price(0), out.quantity(0), out.price2(0), out.quantity2(0)]);
    }
    if (status[0] !== KIND_DIFF_HEADER) return;
    if (bookId === 0) waiting.push(text);
    else onDiff(count);
  };
  for (const text of texts) {
    if (!text.startsWith('{"lastUpdateId"')) {
      onEvent(text);
      continue;
    }
    book.apply(out, 0, decoder.decodeSnapshot(Buffer.from(text), 0, 0n, out));
    bookId = book.lastUpdateId;
    waiting.forEach(onEvent);
  }
  const common = [...tops.keys()].filter((id) => tickers.has(id));
  expect(common.length).toBe(1072);
  for (const id of common) expect(tops.get(id)).toEqual(tickers.get(id));
});

test('a bounded side keeps its best levels and counts the others', () => {
  const book = new L2Book({ maxLevels: 2 });
  const records = new MarketRecords(4);
  [10, 11, 12, 9].forEach((price, i) => {
    records.set(i, KIND_BID_LEVEL, 0, 0, 0n, 0n, price, 1, 0, 0, 0);
  });
  expect(book.apply(records, 0, 4)).toBe(4);
  expect([book.levels('Bid'), book.droppedLevels('Bid'), book.quantityAt('Bid', 10)]).toEqual([
    2, 2, 0,
  ]);
  book.clear();
  expect(book.levels('Bid')).toBe(0);
});

test.each([
  ['maxLevels must be 1..10000000, was 0', () => new L2Book({ maxLevels: 0 })],
  ['tickSize must be 1..9007199254740991, was 0', () => new L2Book({ tickSize: 0 })],
  ['depth must be 1..65535, was 65536', () => new BookTop(65_536)],
  ['to must be 0..1, was 2', () => new L2Book().apply(new MarketRecords(1), 0, 2)],
  ['from must be 0..0, was 1', () => new L2Book().apply(new MarketRecords(1), 1, 0)],
  ['price must be a safe integer, was 0.5', () => new L2Book().quantityAt('Bid', 0.5)],
])('%s', (message, act) => {
  expect(act).toThrow(message);
});
