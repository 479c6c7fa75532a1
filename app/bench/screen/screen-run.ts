import type { Samples } from '../workload.ts';
import type { Stage } from './stage.ts';

/** What was seen on a screen. */
export interface ScreenRun {
  readonly unit: string;
  readonly inputHash: string;
  /** Of each repeat. */
  readonly runs: readonly Samples[];
  /** What was painted is what its source said. */
  readonly agreed: boolean;
  /** What else is to be known, a line each: how the work was smaller than asked, other figures. */
  readonly notes: readonly string[];
}

/** Measures something on a stage. */
export type ScreenWorkload = (stage: Stage) => Promise<ScreenRun>;
