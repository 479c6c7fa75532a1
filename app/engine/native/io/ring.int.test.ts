import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RING_RECORD_BYTES, RingReader, RingWriter } from './ring.ts';
import type { RingChildReport } from './ring-child.ts';

const CHILD = fileURLToPath(new URL('./ring-child.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-ring-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function writer(capacity: number): RingWriter {
  const created = RingWriter.create(join(folder, 'ring'), capacity);
  if (!created.ok) throw new Error(created.error.detail);
  return created.value;
}

function reader(): RingReader {
  const opened = RingReader.open(join(folder, 'ring'));
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

/** `count` records that bear the numbers from `first` in every word but the first. */
function numbered(first: number, count: number): Uint8Array {
  const words = new BigInt64Array(count * 8);
  for (let i = 0; i < count; i += 1) words.fill(BigInt(first + i), i * 8 + 1, i * 8 + 8);
  return new Uint8Array(words.buffer);
}

describe('a ring in one process', () => {
  test('gives back what was published and tells what was lost', () => {
    using ring = writer(64);
    using source = reader();
    const into = new Uint8Array(64 * RING_RECORD_BYTES);
    ring.publish(numbered(0, 10), 10);
    expect(source.read(into, 64)).toEqual({ count: 10, lost: 0, restarted: false, retired: false });
    expect(into.subarray(0, 10 * RING_RECORD_BYTES)).toEqual(numbered(0, 10));
    ring.publish(numbered(10, 200), 200);
    let seen = 0;
    for (let read = source.read(into, 64); read.count > 0; read = source.read(into, 64)) {
      seen += read.count + read.lost;
    }
    expect(seen).toBe(200);
    expect(ring.position).toBe(210);
  });

  test('rings the event loop until all is read', async () => {
    using ring = writer(1024);
    using source = reader();
    const into = new Uint8Array(100 * RING_RECORD_BYTES);
    let received = 0;
    const done = new Promise<void>((resolve) => {
      source.onReadable(() => {
        received += source.read(into, 100).count;
        if (received === 600) resolve();
      });
    });
    ring.publish(numbered(0, 600), 600);
    await done;
    expect(received).toBe(600);
  });

  test('refuses a second writer, a wrong capacity and a missing file by code', () => {
    using ring = writer(64);
    const second = RingWriter.create(join(folder, 'ring'), 64);
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'RING_HAS_WRITER', osError: process.pid },
    });
    expect(RingWriter.create(join(folder, 'other'), 63)).toMatchObject({
      ok: false,
      error: { code: 'RING_CAPACITY' },
    });
    expect(RingReader.open(join(folder, 'absent'))).toMatchObject({
      ok: false,
      error: { code: 'ENOENT' },
    });
    expect(ring.epoch).toBe(1);
  });

  test('refuses to touch memory beyond the buffer', () => {
    using ring = writer(64);
    expect(() => ring.publish(new Uint8Array(100), 2)).toThrow('count must be 0..1');
  });
});

describe('a ring between processes', () => {
  const TOTAL = 200_000;

  test.each([
    { name: 'loses nothing while the writer waits', pace: true },
    { name: 'accounts for every record of a flat-out writer', pace: false },
  ])('$name', async ({ pace }) => {
    using ring = writer(4096);
    const child = fork(CHILD, [join(folder, 'ring'), String(TOTAL)]);
    let seen = -1;
    let report: RingChildReport | undefined;
    child.on('message', (message) => {
      if (typeof message === 'number') seen = message;
      else report = message as RingChildReport;
    });
    const exited = once(child, 'exit');
    while (seen < 0) await once(child, 'message');
    for (let sent = 0; sent < TOTAL; sent += 500) {
      while (pace && sent + 500 > seen + 3000) await once(child, 'message');
      ring.publish(numbered(sent, 500), 500);
    }
    expect(await exited).toEqual([0, null]);
    expect(report).toMatchObject({ wrong: 0 });
    expect((report?.received ?? 0) + (report?.lost ?? 0)).toBe(TOTAL);
    if (pace) expect(report?.lost).toBe(0);
  });

  test('tells a reader that its writer was restarted', async () => {
    const first = writer(64);
    using source = reader();
    const told = new Promise<boolean>((resolve) => {
      source.onReadable(() => {
        if (source.read(new Uint8Array(640), 10).restarted) resolve(true);
      });
    });
    first.publish(numbered(0, 3), 3);
    first.close();
    using again = writer(64);
    expect(await told).toBe(true);
    expect(again.epoch).toBe(2);
  });
});
