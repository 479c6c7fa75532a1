import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TickKind } from '../../domain/market.ts';
import { TickSegmentReader, TickSegmentWriter } from './tick-segment.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-ticks-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function writer(path: string, group: TickKind): TickSegmentWriter {
  const opened = TickSegmentWriter.open(path, group);
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail}`);
  return opened.value;
}

function reader(path: string): TickSegmentReader {
  const opened = TickSegmentReader.open(path);
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail}`);
  return opened.value;
}

/** Packs rows of kind, flags and seven 64-bit fields as 64-byte records. */
function packed(rows: readonly (readonly [number, number, readonly bigint[]])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(rows.length * 64));
  rows.forEach(([kind, flags, fields], row) => {
    view.setUint8(row * 64, kind);
    view.setUint8(row * 64 + 1, flags);
    view.setUint16(row * 64 + 2, row % 3, true);
    fields.forEach((field, index) => view.setBigInt64(row * 64 + 8 + index * 8, field, true));
  });
  return new Uint8Array(view.buffer);
}

function readAll(source: TickSegmentReader, rows: number): Uint8Array {
  const all = new Uint8Array(rows * 64);
  const part = new Uint8Array(64 * 37);
  let at = 0;
  for (let count = source.next(part); count > 0; count = source.next(part)) {
    all.set(part.subarray(0, count * 64), at);
    at += count * 64;
  }
  expect(at).toBe(all.length);
  return all;
}

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 0n, max: 1000n }),
);
const fields = fc.array(int64, { minLength: 7, maxLength: 7 });

test('any records come back as the same bytes', () => {
  const kind = fc.constantFrom(3, 5, 6, 9);
  const rows = fc.array(fc.tuple(kind, fc.nat(255), fields), { maxLength: 60 });
  let number = 0;
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 4 }), (parts) => {
      const path = join(folder, `p${(number += 1)}`);
      for (const part of parts) {
        using file = writer(path, 'diffs');
        expect(file.append(packed(part), part.length)).toEqual({ ok: true, value: undefined });
      }
      if (parts.length === 0) return;
      using source = reader(path);
      const bytes = parts.flatMap((part) => [...packed(part)]);
      expect(readAll(source, bytes.length / 64)).toEqual(Uint8Array.from(bytes));
    }),
    { numRuns: 40 },
  );
});

/** `count` trades a microsecond apart. */
function trades(count: number): Uint8Array {
  return packed(
    Array.from({ length: count }, (_, i) => {
      const time = BigInt(i) * 1000n;
      return [1, i % 2, [time, time + 5n, 100n + BigInt(i % 7), 3n, 0n, 0n, BigInt(i)]] as const;
    }),
  );
}

test('a reader sees what was flushed, seeks by time, and a segment knows its size', () => {
  const path = join(folder, 't');
  using file = writer(path, 'trades');
  file.append(trades(10_000), 10_000);
  using source = reader(path);
  expect(source.stats).toMatchObject({ rows: 8192, blocks: 2, tornBytes: 0 });
  expect(file.flush().ok).toBe(true);
  expect(file.writtenRows).toBe(10_000);
  source.seek(9_000_005n);
  const one = new Uint8Array(64);
  expect(source.next(one)).toBe(1);
  expect(new DataView(one.buffer).getBigInt64(56, true)).toBe(9000n);
  const stats = source.verify();
  expect(stats).toMatchObject({ rows: 10_000, firstTsInitNanos: 5n, lastTsInitNanos: 9_999_005n });
  expect(stats.storedBytes).toBeLessThan(stats.rawBytes / 40);
  expect(source.next(one)).toBe(1);
  expect(new DataView(one.buffer).getBigInt64(56, true)).toBe(9001n);
});

test('a damaged block is named, the others are read', () => {
  const path = join(folder, 't');
  const file = writer(path, 'trades');
  file.append(trades(12_288), 12_288);
  file.close();
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  using source = reader(path);
  readAll(source, 8192);
  expect(source.stats.damages).toMatchObject([{ file: path, reason: 'BLOCK_CHECKSUM' }]);
});

test('what does not belong is refused', () => {
  const path = join(folder, 't');
  using file = writer(path, 'bbo');
  expect(() => file.append(trades(1), 1)).toThrow('kinds of the segment');
  expect(() => file.append(new Uint8Array(10), 1)).toThrow('count must be 0..0');
  expect(TickSegmentWriter.open(path, 'bbo')).toMatchObject({ error: { code: 'TICKS_IN_USE' } });
  expect(TickSegmentReader.open(join(folder, 'no'))).toMatchObject({ error: { code: 'ENOENT' } });
});
