import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { err, ok, type Result } from '../engine/base/result.ts';
import { boundText, meets } from './floor.ts';
import { compared, measure, observation, type Measurement } from './measure.ts';
import { measureNative, type NativeBenchError } from './native.ts';
import { BENCHMARKS, type Benchmark } from './registry.ts';
import type { Watch } from './observed.ts';
import { Stage } from './screen/stage.ts';

const NANOS_A_SECOND = 1e9;

/** One line of the report. Costs are in `unit`; `ratio` is the cost as a part of the baseline's. */
export interface BenchResult {
  readonly name: string;
  readonly workload: string;
  readonly inputHash: string;
  readonly unit: string;
  readonly p50: number;
  /** Null where the native program measured. */
  readonly p95: number | null;
  readonly p99: number;
  readonly p999: number;
  /** Absent where the unit is not time. */
  readonly perSecond?: number;
  readonly repeats: number;
  /** Greatest less least median of the repeats, as a part of the middle one. */
  readonly spread: number;
  /** Null where nothing is compared. */
  readonly baseline: { readonly name: string; readonly p50: number } | null;
  readonly ratio: number | null;
  /** In words, apart by `, `; null when nothing is asked. */
  readonly floor: string | null;
  readonly meetsFloor: boolean | null;
  /** False when a run did not come to the reference's result. */
  readonly agreed: boolean;
  /** What else is to be known. */
  readonly notes: readonly string[];
}

/** The document of `qd bench --json`. */
export interface BenchReport {
  readonly machine: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    /** Average of runnable processes over the last minute, before and after. */
    readonly load: readonly [before: number, after: number];
  };
  readonly node: string;
  readonly results: readonly BenchResult[];
  /** What could not be measured here, and why; null when all was. */
  readonly skipped: { readonly names: readonly string[]; readonly reason: string } | null;
}

/** The benchmarks that `names` mean: each its own, or every one it is the beginning of; all without one. */
export function selectBenchmarks(
  names: readonly string[],
): Result<readonly Benchmark[], { readonly unknown: string }> {
  const means = (asked: string, name: string): boolean =>
    name === asked || name.startsWith(`${asked}-`);
  const unknown = names.find((asked) => !BENCHMARKS.some(({ name }) => means(asked, name)));
  if (unknown !== undefined) return err({ unknown });
  if (names.length === 0) return ok(BENCHMARKS);
  return ok(BENCHMARKS.filter(({ name }) => names.some((asked) => means(asked, name))));
}

/** The line of a benchmark from what was measured. */
export function resultOf(benchmark: Benchmark, measurement: Measurement): BenchResult {
  const { unit, inputHash, p50, p95, p99, p999, mean, baseline, medians, agreed } = measurement;
  const { ratio, spread } = compared(measurement);
  const figures = { p50, p99, p999, ratio, ...(p95 === undefined ? {} : { p95 }) };
  const timed = unit.startsWith('ns');
  const perSecond = timed ? { perSecond: NANOS_A_SECOND / mean } : {};
  const floor = benchmark.floor.map(boundText).join(', ');
  return {
    name: benchmark.name,
    workload: benchmark.workload,
    inputHash,
    unit,
    p50,
    p95: p95 ?? null,
    p99,
    p999,
    ...perSecond,
    repeats: medians.length,
    spread,
    baseline: baseline ?? null,
    ratio: baseline === undefined ? null : ratio,
    floor: floor === '' ? null : floor,
    meetsFloor: floor === '' ? null : meets({ ...figures, ...perSecond }, benchmark.floor),
    agreed,
    notes: measurement.notes ?? [],
  };
}

async function measureHere(
  { name, prepare, onProduct }: Benchmark,
  watch: Watch,
): Promise<Measurement | undefined> {
  if (onProduct !== undefined) return observation(name, await (await onProduct())(watch));
  const workload = await prepare?.();
  if (workload === undefined) return undefined;
  try {
    return await measure(name, workload);
  } finally {
    await workload.close?.();
  }
}

/** Runs the benchmarks one after the other, the native ones first and those on a screen last, telling of each as it ends. */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  watch: Watch,
  onResult: (result: BenchResult) => void,
  signal: AbortSignal,
): Promise<Result<BenchReport, NativeBenchError>> {
  const loadBefore = loadavg()[0] ?? 0;
  const results = new Map<string, BenchResult>();
  const keep = (measurement: Measurement): void => {
    const benchmark = benchmarks.find(({ name }) => name === measurement.name);
    if (benchmark === undefined) return;
    const result = resultOf(benchmark, measurement);
    results.set(result.name, result);
    onResult(result);
  };
  const native = benchmarks.filter(
    ({ prepare, onScreen, onProduct }) => (prepare ?? onScreen ?? onProduct) === undefined,
  );
  if (native.length > 0) {
    const ran = await measureNative(
      native.map(({ name }) => name),
      keep,
      signal,
    );
    if (!ran.ok) return ran;
  }
  for (const benchmark of benchmarks) {
    if (signal.aborted) break;
    const measurement = await measureHere(benchmark, watch);
    if (measurement !== undefined) keep(measurement);
  }
  const skipped = await measureScreens(benchmarks, watch, keep, signal);
  return ok({
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      load: [loadBefore, loadavg()[0] ?? 0],
    },
    node: process.version,
    results: benchmarks.flatMap(({ name }) => results.get(name) ?? []),
    skipped,
  });
}

async function measureScreens(
  benchmarks: readonly Benchmark[],
  watch: Watch,
  onMeasured: (measurement: Measurement) => void,
  signal: AbortSignal,
): Promise<BenchReport['skipped']> {
  const screens = benchmarks.flatMap(({ name, onScreen }) =>
    onScreen === undefined ? [] : [{ name, onScreen }],
  );
  if (screens.length === 0 || signal.aborted) return null;
  const stage = await Stage.open();
  if (!stage.ok) {
    return { names: screens.map(({ name }) => name), reason: stage.error.message };
  }
  try {
    for (const { name, onScreen } of screens) {
      if (signal.aborted) break;
      onMeasured(observation(name, await (await onScreen())(stage.value, watch)));
    }
  } finally {
    await stage.value.close();
  }
  return null;
}
