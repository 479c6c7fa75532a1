import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monotonicNanos, wallNanos, writeNanos } from './clock.ts';
import { acquireFolderLock } from './folder-lock.ts';
import { Histogram, HISTOGRAM_LARGEST_NANOS } from './histogram.ts';

test('the monotonic clock never goes back and wall time is that of the system', () => {
  const row = new BigInt64Array(2);
  let before = monotonicNanos();
  for (let i = 0; i < 1000; i += 1) {
    writeNanos(row, 0);
    expect(row[0]).toBeGreaterThanOrEqual(before);
    before = row[0] ?? 0n;
  }
  const system = BigInt(Date.now()) * 1_000_000n;
  const difference = wallNanos() - system;
  expect(difference > -1_000_000_000n && difference < 60_000_000_000n).toBe(true);
  expect(() => writeNanos(row, 1)).toThrow('index must be 0..0');
});

test('a histogram agrees with sorting, to three digits, also when merged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(HISTOGRAM_LARGEST_NANOS), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 100 }),
      (values, percent) => {
        const left = new Histogram();
        const right = new Histogram();
        values.forEach((value, index) => (index % 2 === 0 ? left : right).record(value));
        left.merge(right);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1] ?? 0;
        const shown = left.percentile(percent);
        expect(shown).toBeGreaterThanOrEqual(exact);
        expect(shown).toBeLessThanOrEqual(exact * 1.001);
        expect(left.summary()).toMatchObject({
          count: values.length,
          min: sorted[0],
          max: sorted.at(-1),
        });
      },
    ),
  );
});

test('a histogram takes a column and starts again', () => {
  const histogram = new Histogram();
  histogram.recordAll(BigInt64Array.of(5n, 7n, -1n, 9n), 3);
  expect(histogram.summary()).toMatchObject({ count: 3, min: 0, max: 7 });
  histogram.reset();
  expect(histogram.summary()).toMatchObject({ count: 0, p50: 0, mean: 0 });
});

test('a locked folder is refused with the pid of its holder until that ends', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qd-lock-'));
  const tryElsewhere = (): unknown => {
    const door = fileURLToPath(new URL('./folder-lock.ts', import.meta.url));
    const script = `import { acquireFolderLock } from ${JSON.stringify(door)};
      const result = acquireFolderLock(process.argv[1]);
      console.log(JSON.stringify(result.ok ? { ok: true } : { code: result.error.code, pid: result.error.pid }));`;
    const args = ['--input-type=module-typescript', '-e', script, folder];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  };
  const lock = acquireFolderLock(folder);
  expect(tryElsewhere()).toEqual({ code: 'LOCKED', pid: process.pid });
  if (lock.ok) lock.value.release();
  expect(tryElsewhere()).toEqual({ ok: true });
  // That process ended without releasing.
  expect(acquireFolderLock(folder).ok).toBe(true);
  expect(acquireFolderLock(join(folder, 'absent'))).toMatchObject({ error: { code: 'ENOENT' } });
  rmSync(folder, { recursive: true });
});
