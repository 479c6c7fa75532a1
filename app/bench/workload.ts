/** Costs of single pieces of work, in the workload's unit. */
export type Samples = Float64Array;

/** A prepared piece of work, its baseline, and the proof that a run came to the right result. */
export interface Workload {
  /** What one sample is the cost of, such as `ns/message`. */
  readonly unit: string;
  /** Equal hashes, equal input. */
  readonly inputHash: string;
  readonly baseline: string;
  run(): Samples | Promise<Samples>;
  runBaseline(): Samples | Promise<Samples>;
  /** True when the last two runs came to the result that a slow reference gives. */
  check(): boolean;
  /** Takes away what the workload made. */
  close?(): void | Promise<void>;
}
