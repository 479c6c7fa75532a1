import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runScript, runSeeds, SEED, shortest } from './seeds.ts';

const said = vi.fn<(line: string) => void>();
beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation(said);
});
afterAll(() => {
  vi.restoreAllMocks();
});

test('a suite runs at least one trial and adds up what its trials reached', async () => {
  const seeds: number[] = [];
  const reached = await runSeeds('nothing', 0, (seed) => {
    seeds.push(seed);
    return { steps: 7 };
  });
  expect(seeds).toEqual([SEED]);
  expect(reached).toEqual({ trials: 1, steps: 7 });
  expect(said).toHaveBeenCalledWith(`reached 1 trials, 7 steps of nothing, seed ${SEED}`);
});

test('a suite that has tried everything ends before its time', async () => {
  let left = 3;
  const reached = await runSeeds('few', 3_600, () => (left-- > 0 ? { places: 1 } : undefined));
  expect(reached).toEqual({ trials: 3, places: 3 });
});

test('a gate ends when its trials prove nothing, a long run goes on', async () => {
  const trial = (): { voids: number } => ({ voids: 1 });
  expect(await runSeeds('slow', 3_600, trial, undefined, false)).toEqual({ trials: 6, voids: 6 });
  const nightly = { of: 'voids', count: 9, seconds: 3_600 };
  expect(await runSeeds('long', 0, trial, nightly, true)).toEqual({ trials: 9, voids: 9 });
});

test('a long run goes on until its count, and fails when its time is up before', async () => {
  const nightly = { of: 'steps', count: 10, seconds: 3_600 };
  const trial = (): { steps: number } => ({ steps: 4 });
  expect(await runSeeds('long', 0, trial, nightly, true)).toEqual({ trials: 3, steps: 12 });
  expect(await runSeeds('gate', 0, trial, nightly, false)).toEqual({ trials: 1, steps: 4 });
  await expect(runSeeds('short', 0, trial, { ...nightly, seconds: 0 }, true)).rejects.toThrow(
    'short: fewer than the 10 steps that a long run asks for',
  );
});

test('a long run goes on until all of its counts', async () => {
  const nightly = { of: 'trials', count: 2, and: { of: 'days', count: 20 }, seconds: 3_600 };
  const trial = (): { days: number } => ({ days: 5 });
  expect(await runSeeds('both', 0, trial, nightly, true)).toEqual({ trials: 4, days: 20 });
  await expect(runSeeds('short', 0, trial, { ...nightly, seconds: 0 }, true)).rejects.toThrow(
    'short: fewer than the 2 trials that a long run asks for',
  );
  const few = { ...nightly, count: 1, seconds: 0 };
  await expect(runSeeds('short', 0, trial, few, true)).rejects.toThrow('the 20 days that');
});

test('a long run that was interrupted goes on with the next seed and what it had counted', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qd-seeds-'));
  vi.stubEnv('QD_LONG_FOLDER', folder);
  try {
    const seeds: number[] = [];
    const trial = (seed: number): { steps: number } => {
      seeds.push(seed);
      return { steps: 4 };
    };
    const nightly = { of: 'steps', count: 12, seconds: 0, resumes: true } as const;
    await expect(runSeeds('in parts', 0, trial, nightly, true)).rejects.toThrow('fewer than');
    await expect(runSeeds('in parts', 0, trial, nightly, true)).rejects.toThrow('fewer than');
    expect(await runSeeds('in parts', 0, trial, nightly, true)).toEqual({ trials: 3, steps: 12 });
    expect(seeds).toEqual([SEED, SEED + 1, SEED + 2]);
    expect(await runSeeds('another', 0, trial, { ...nightly, count: 1 }, true)).toMatchObject({
      trials: 1,
    });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});

test('a failing trial is told with its seed', async () => {
  const trial = (seed: number): never => {
    throw new Error(`wrong at ${seed}`);
  };
  await expect(runSeeds('broken', 0, trial)).rejects.toThrow(
    `broken: failed with QD_SEED=${SEED}: wrong at ${SEED}`,
  );
});

test('of a failing script only what is needed is left', () => {
  const script = Array.from({ length: 100 }, (_, step) => step);
  expect(shortest(script, (some) => some.includes(17) && some.includes(80))).toEqual([17, 80]);
  const run = (some: readonly number[]): void => {
    if (some.includes(42)) throw new Error('42 is there');
  };
  expect(() => runScript(script, run)).toThrow(/^42 is there\n {2}42$/);
});
