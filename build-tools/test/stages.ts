import { buildAddon, buildElectron, buildRenderer } from '../build.js';
import { runSeededBugs } from '../seeded-bugs/board.ts';
import { runLint, runTypes } from './checks.ts';
import type { Once } from './ledger.ts';
import { runNative } from './native.ts';
import type { Outcome } from './outcome.ts';
import { runEndToEnd, runFiles, runVitest } from './suites.ts';

/**
 * One part of `npm test` with its time, which ends what hangs: well over what the slowest machine was seen to need. `build`
 * runs before its clock starts.
 */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly longSeconds: number;
  /** Not of the gate: runs with `--long` or when it is named. */
  readonly longOnly?: true;
  readonly builds: readonly (() => void)[];
  /** A stage of several parts hands each to `once`; its last answer sums all of them. */
  run(limitMs: number, long: boolean, once: Once): Promise<Outcome>;
}

function until(limitMs: number): number {
  return performance.now() + limitMs;
}

const HOUR = 3600;

/** The stages in their order; those of one group run at the same time. */
export const STAGE_GROUPS: readonly (readonly Stage[])[] = [
  [
    {
      name: 'lint',
      seconds: 360,
      longSeconds: 180,
      builds: [],
      run: (limitMs) => runLint(until(limitMs)),
    },
    {
      name: 'types',
      seconds: 360,
      longSeconds: 180,
      builds: [],
      run: (limitMs) => runTypes(until(limitMs)),
    },
  ],
  [
    {
      name: 'unit',
      seconds: 420,
      longSeconds: HOUR,
      builds: [buildAddon],
      run: (limitMs, long) =>
        runVitest('unit', ['neutral', 'node', 'dom'], until(limitMs), { long }),
    },
    {
      name: 'native',
      seconds: 600,
      longSeconds: 2 * HOUR,
      builds: [],
      run: (limitMs, long, once) => runNative(limitMs, long ? 600 : 5, once),
    },
  ],
  [
    {
      name: 'integration',
      seconds: 540,
      longSeconds: 3 * HOUR,
      builds: [buildAddon, buildRenderer],
      run: (limitMs, long) => runVitest('integration', ['integration'], until(limitMs), { long }),
    },
  ],
  [
    {
      name: 'faults',
      seconds: 720,
      longSeconds: 4 * HOUR,
      builds: [buildAddon],
      run: (limitMs, long, once) =>
        long
          ? runFiles('faults', /\.fault\.test\.ts$/, until(limitMs), once)
          : runVitest('faults', ['faults'], until(limitMs)),
    },
  ],
  [
    {
      name: 'simulation',
      seconds: 600,
      longSeconds: 6 * HOUR,
      builds: [buildAddon],
      run: (limitMs, long, once) =>
        long
          ? runFiles('simulation', /\.(sim|fuzz)\.test\.ts$/, until(limitMs), once)
          : runVitest('simulation', ['simulation'], until(limitMs)),
    },
  ],
  [
    {
      name: 'e2e',
      seconds: 1200,
      longSeconds: HOUR,
      builds: [buildAddon, buildRenderer, buildElectron],
      run: (limitMs, long) => runEndToEnd(limitMs, long),
    },
  ],
  [
    {
      name: 'seeded-bugs',
      seconds: HOUR,
      longSeconds: 4 * HOUR,
      longOnly: true,
      builds: [buildAddon],
      run: (limitMs, _long, once) => runSeededBugs(limitMs, once),
    },
  ],
];
