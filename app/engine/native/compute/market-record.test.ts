import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KIND_TRADE, MARKET_RECORD_BYTES, MarketRecords } from './market-record.ts';

test('fields lie where the native layout has them, little-endian', () => {
  const records = new MarketRecords(2);
  records.set(1, 5, 3, 0xabcd, 11n, -12n, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 32, 7);
  const view = new DataView(records.bytes.buffer, MARKET_RECORD_BYTES);
  expect([view.getUint8(0), view.getUint8(1), view.getUint16(2, true)]).toEqual([5, 3, 0xabcd]);
  expect(view.getUint32(4, true)).toBe(0);
  const fields = [8, 16, 24, 32, 40, 48, 56].map((at) => view.getBigInt64(at, true));
  expect(fields).toEqual([11n, -12n, -1n, 9007199254740991n, -9007199254740991n, 4294967296n, 7n]);
  expect(records.bytes.subarray(0, MARKET_RECORD_BYTES).every((byte) => byte === 0)).toBe(true);
});

test('what is written is read back', () => {
  const small = (most: number) => fc.nat(most);
  const wide = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const number = fc.maxSafeInteger();
  const fields = fc.tuple(small(255), small(255), small(65_535), wide, wide);
  fc.assert(
    fc.property(fields, number, number, number, number, number, (head, a, b, c, d, e) => {
      const [kind, flags, instrument, tsEvent, tsInit] = head;
      const records = new MarketRecords(3);
      records.set(1, kind, flags, instrument, tsEvent, tsInit, a, b, c, d, e);
      expect([records.kind(1), records.flags(1), records.instrument(1)]).toEqual([
        kind,
        flags,
        instrument,
      ]);
      expect([records.tsEventNanos(1), records.tsInitNanos(1)]).toEqual([tsEvent, tsInit]);
      expect(records.tsEventMicros(1)).toBe(Number(tsEvent / 1000n));
      expect(records.tsInitMicros(1)).toBe(Number(tsInit / 1000n));
      const numbers = [1].flatMap((i) => [
        records.price(i),
        records.quantity(i),
        records.price2(i),
        records.quantity2(i),
        records.id(i),
      ]);
      expect(numbers).toEqual([a, b, c, d, e].map((value) => value + 0));
    }),
  );
});

test('a capacity that the buffer cannot hold is refused', () => {
  expect(() => new MarketRecords(3, new ArrayBuffer(128))).toThrow('capacity must be 1..2, was 3');
  expect(() => new MarketRecords(0)).toThrow('was 0');
});

test('records are read where they stand, not at the start of their buffer', () => {
  const all = new MarketRecords(3);
  for (const row of [0, 1, 2]) all.set(row, KIND_TRADE, 0, row, 0n, 0n, 100 + row, 1, 0, 0, row);
  const tail = MarketRecords.over(all.bytes.subarray(MARKET_RECORD_BYTES), 2);
  expect([tail.price(0), tail.price(1), tail.instrument(1)]).toEqual([101, 102, 2]);
});
