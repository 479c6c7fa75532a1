import { median, quantile, ratioOf, spreadOf, type RepeatMedians } from './statistics.ts';
import type { Observed } from './observed.ts';
import type { Samples, Workload } from './workload.ts';

const REPEATS = 7;

/** What was measured of a workload, whoever ran it. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly inputHash: string;
  readonly p50: number;
  /** Absent where the native program measured. */
  readonly p95?: number;
  readonly p99: number;
  readonly p999: number;
  /** Mean cost, which a rate follows from. */
  readonly mean: number;
  /** Absent where nothing is compared. */
  readonly baseline?: { readonly name: string; readonly p50: number };
  /** Without a baseline each is beside itself. */
  readonly medians: readonly RepeatMedians[];
  readonly notes?: readonly string[];
  /** False when a run did not come to the reference's result. */
  readonly agreed: boolean;
}

function pooled(runs: readonly Samples[]): Float64Array {
  const all = new Float64Array(runs.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const run of runs) {
    all.set(run, at);
    at += run.length;
  }
  return all.sort();
}

/** Runs `workload` in turns with its baseline; the first turn warms up and is checked but not counted. */
export async function measure(name: string, workload: Workload): Promise<Measurement> {
  await workload.run();
  await workload.runBaseline();
  let agreed = workload.check();
  const own: Samples[] = [];
  const base: Samples[] = [];
  const medians: RepeatMedians[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const ours = await workload.run();
    const theirs = await workload.runBaseline();
    agreed = workload.check() && agreed;
    own.push(ours);
    base.push(theirs);
    medians.push([median(ours), median(theirs)]);
  }
  return {
    name,
    unit: workload.unit,
    inputHash: workload.inputHash,
    ...figuresOf(pooled(own)),
    baseline: { name: workload.baseline, p50: quantile(pooled(base), 0.5) },
    medians,
    agreed,
  };
}

/** The figures of what was seen. */
export function observation(name: string, observed: Observed): Measurement {
  const { unit, inputHash, runs, agreed, notes } = observed;
  return {
    name,
    unit,
    inputHash,
    ...figuresOf(pooled(runs)),
    medians: runs.map((run) => [median(run), median(run)]),
    agreed,
    notes,
  };
}

function figuresOf(
  rising: Float64Array,
): Pick<Measurement, 'p50' | 'p95' | 'p99' | 'p999' | 'mean'> {
  return {
    p50: quantile(rising, 0.5),
    p95: quantile(rising, 0.95),
    p99: quantile(rising, 0.99),
    p999: quantile(rising, 0.999),
    mean: rising.reduce((sum, sample) => sum + sample, 0) / rising.length,
  };
}

/** Ratio and spread of a measurement. */
export function compared({ medians }: Measurement): { ratio: number; spread: number } {
  return { ratio: ratioOf(medians), spread: spreadOf(medians) };
}
