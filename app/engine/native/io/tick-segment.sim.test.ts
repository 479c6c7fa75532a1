import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryFolder, runSeeds } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import { TickSegmentReader, TickSegmentWriter } from './tick-segment.ts';
import type { TickStats } from './ticks-binding.ts';

const RECORD_BYTES = 64;
const KIND_TRADE = 1;

/** A block as it stands in the file: where it ends, and the rows up to its end. */
interface Block {
  readonly end: number;
  readonly rows: number;
}

let folder = '';
let good: Buffer = Buffer.alloc(0);
let rows: Buffer = Buffer.alloc(0);
let blocks: readonly Block[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(memoryFolder(), 'qd-ticks-sim-'));
  ({ bytes: good, rows, blocks } = written());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function trades(rng: Rng, count: number, from: number): Buffer {
  const bytes = Buffer.alloc(count * RECORD_BYTES);
  for (let row = 0; row < count; row += 1) {
    const at = row * RECORD_BYTES;
    const time = BigInt(from + row) * 1_000_000n;
    bytes.writeUInt8(KIND_TRADE, at);
    bytes.writeUInt8(rng.nextBelow(2) * 4, at + 1);
    bytes.writeBigInt64LE(time, at + 8);
    bytes.writeBigInt64LE(time + BigInt(rng.nextBelow(1_000)), at + 16);
    bytes.writeBigInt64LE(BigInt(6_000_000 + rng.nextBelow(5_000)), at + 24);
    bytes.writeBigInt64LE(BigInt(1 + rng.nextBelow(100_000)), at + 32);
    bytes.writeBigInt64LE(BigInt(from + row), at + 56);
  }
  return bytes;
}

function opened(path: string): TickSegmentWriter {
  const writer = TickSegmentWriter.open(path, 'trades');
  if (!writer.ok) throw new Error(`${writer.error.code} ${writer.error.detail}`);
  return writer.value;
}

/** A segment of blocks of many sizes. */
function written(): { bytes: Buffer; rows: Buffer; blocks: readonly Block[] } {
  const path = join(folder, 'good');
  const rng = new Xoshiro128(7);
  const parts: Buffer[] = [];
  const ends: Block[] = [];
  const writer = opened(path);
  let count = 0;
  for (let block = 0; block < 40; block += 1) {
    const part = trades(rng, 1 + rng.nextBelow(block === 39 ? 2_000 : 300), count);
    parts.push(part);
    count += part.length / RECORD_BYTES;
    invariant(writer.append(part, part.length / RECORD_BYTES).ok, 'rows must be taken');
    invariant(writer.flush().ok, 'rows must be written');
    ends.push({ end: readFileSync(path).length, rows: count });
  }
  writer.close();
  return { bytes: readFileSync(path), rows: Buffer.concat(parts), blocks: ends };
}

interface Reading {
  readonly bytes: Buffer;
  readonly stats: TickStats;
}

function readAll(path: string): Reading {
  const opening = TickSegmentReader.open(path);
  if (!opening.ok) throw new Error(`${opening.error.code} ${opening.error.detail}`);
  using reader = opening.value;
  const parts: Buffer[] = [];
  const part = new Uint8Array(512 * RECORD_BYTES);
  for (let count = reader.next(part); count !== 0; count = reader.next(part)) {
    invariant(count > 0, `the segment must be readable, was ${count}`);
    parts.push(Buffer.from(part.subarray(0, count * RECORD_BYTES)));
  }
  return { bytes: Buffer.concat(parts), stats: reader.verify() };
}

/** Rows of whole blocks other than `without`. */
function rowsBut(without: number): Buffer {
  const before = blocks[without - 1]?.rows ?? 0;
  const after = blocks[without]?.rows ?? 0;
  return Buffer.concat([
    rows.subarray(0, before * RECORD_BYTES),
    rows.subarray(after * RECORD_BYTES),
  ]);
}

function flipped(at: number, rng: Rng): Buffer {
  const bytes = Buffer.from(good);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << rng.nextBelow(8));
  return bytes;
}

function assertRows(found: Buffer, expected: Buffer): void {
  invariant(
    Buffer.compare(found, expected) === 0,
    `${expected.length / RECORD_BYTES} rows must be as written, were ${found.length / RECORD_BYTES}`,
  );
}

test('a last block torn at any byte is cut or named; the rows before it stay and none is invented', async () => {
  const last = blocks.length - 1;
  const start = blocks[last - 1]?.end ?? 0;
  let index = 0;
  const reached = await runSeeds('tears at places of the last tick block', 4, (seed) => {
    const rng = new Xoshiro128(seed);
    const at = start + ((index * 40_503) % (good.length - start));
    index += 1;
    const garbage = Buffer.from(good);
    for (let byte = at; byte < garbage.length; byte += 1) garbage[byte] = rng.nextBelow(256);
    const zeros = Buffer.from(good).fill(0, at);
    const tears = { cut: good.subarray(0, at), zeros, garbage, flip: flipped(at, rng) };
    for (const [kind, bytes] of Object.entries(tears)) {
      if (bytes.equals(good)) continue;
      const path = join(folder, 'torn');
      writeFileSync(path, bytes);
      const { bytes: found, stats } = readAll(path);
      assertRows(found, rowsBut(last));
      const told = stats.tornBytes > 0 || stats.damages.length > 0 || at === start;
      invariant(told, `${kind} at byte ${at} must be told`);
      const writer = opened(path);
      const more = trades(rng, 5, 1_000_000);
      invariant(writer.append(more, 5).ok, `rows must be taken after ${kind} at byte ${at}`);
      writer.close();
      const again = readAll(path);
      assertRows(again.bytes, Buffer.concat([rowsBut(last), more]));
    }
    return { tears: 4 };
  });
  expect(reached['tears']).toBeGreaterThan(0);
});

test('a flipped bit of an older block is named and its rows are not given', async () => {
  const before = blocks.at(-2)?.end ?? 0;
  const reached = await runSeeds('flipped bits of older tick blocks', 3, (seed) => {
    const rng = new Xoshiro128(seed);
    const at = rng.nextBelow(before);
    const path = join(folder, 'flipped');
    writeFileSync(path, flipped(at, rng));
    const block = blocks.findIndex(({ end }) => at < end);
    const opening = TickSegmentReader.open(path);
    if (!opening.ok) {
      invariant(
        at < RECORD_BYTES,
        `only a header refuses the file: ${opening.error.code} at ${at}`,
      );
      return { flips: 1 };
    }
    opening.value.close();
    const { bytes, stats } = readAll(path);
    const named = stats.damages[0];
    invariant(named !== undefined || stats.tornBytes > 0, `a flip at byte ${at} must be told`);
    const behind = rows.subarray(0, (blocks[block - 1]?.rows ?? 0) * RECORD_BYTES);
    invariant(
      bytes.equals(rowsBut(block)) || (stats.tornBytes > 0 && bytes.equals(behind)),
      `block ${block} must not be given after a flip at byte ${at}`,
    );
    // A writer that goes on must not cut what stands behind the damage.
    opened(path).close();
    assertRows(readAll(path).bytes, bytes);
    return { flips: 1 };
  });
  expect(reached['flips']).toBeGreaterThan(0);
});

test('a reader that gives other rows is found', () => {
  const other = Buffer.from(rows);
  other[24] = (other[24] ?? 0) ^ 1;
  assertRows(readAll(join(folder, 'good')).bytes, rows);
  expect(() => assertRows(readAll(join(folder, 'good')).bytes, other)).toThrow('as written');
});
