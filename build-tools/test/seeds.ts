import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { SeedProgress } from './seed-progress.ts';

/** True when the larger counts are asked for. */
export const LONG = process.env['QD_LONG'] === '1';

/** How many times its default share of time a suite has in a long run. */
const LONG_FACTOR = 60;

/** How often a suite that takes long says how far it is, and how often it keeps that. */
const TELL_MS = 600_000;
const KEEP_MS = 30_000;

/** A machine on which so many trials of a gate prove nothing will not do better with more. */
const MOST_VOIDS = 6;

const DEFAULT_SEED = 20_240_808;

function firstSeed(): number {
  const text = process.env['QD_SEED'];
  if (text === undefined) return DEFAULT_SEED;
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new RangeError(`QD_SEED must be a whole number from 0 on, was ${text}`);
}

/** The seed a suite begins with: fixed, or the one that QD_SEED names. */
export const SEED: number = firstSeed();

/** Where many small files of a trial are written: in memory where the system has such a folder, so that a disk's syncs take no time. */
export function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** What one trial reached, by what was counted. */
export type Reached = Readonly<Record<string, number>>;

interface Wanted {
  readonly of: string;
  readonly count: number;
}

/** What a long run must reach: so many of what trials count, and of something else, in so much time at most. */
export interface Nightly extends Wanted {
  readonly and?: Wanted;
  readonly seconds: number;
  /** A trial depends on its seed alone: a run that was interrupted goes on where it stood, in the folder that QD_LONG_FOLDER names. */
  readonly resumes?: true;
}

function progressOf(name: string, nightly: Nightly | undefined): SeedProgress | undefined {
  const folder = process.env['QD_LONG_FOLDER'];
  const goesOn = nightly?.resumes === true && process.env['QD_SEED'] === undefined;
  return goesOn && folder !== undefined ? new SeedProgress(folder, name) : undefined;
}

/**
 * Runs `trial` with one seed after the other until the suite's share of time is used, at least once, and prints what was
 * reached. A trial that answers undefined has nothing left to try; one that throws ends the suite with its seed, and `QD_SEED`
 * of that number runs it first. A trial that proved nothing counts as `voids`: the gate ends after a few. A long run goes on
 * until the `nightly` count and fails without it.
 */
export async function runSeeds(
  name: string,
  seconds: number,
  trial: (seed: number) => Reached | undefined | Promise<Reached | undefined>,
  nightly?: Nightly,
  long = LONG,
): Promise<Reached> {
  const asked = long ? nightly : undefined;
  const until = performance.now() + (asked?.seconds ?? seconds * (long ? LONG_FACTOR : 1)) * 1000;
  const progress = progressOf(name, asked);
  const before = progress?.read();
  const total: Record<string, number> = { trials: 0, ...before?.total };
  const missing = (): Wanted | undefined => {
    const wanted = [asked, asked?.and].filter((one) => one !== undefined);
    return wanted.find(({ of, count }) => (total[of] ?? 0) < count);
  };
  const goesOn = (): boolean =>
    asked === undefined ? long || (total['voids'] ?? 0) < MOST_VOIDS : missing() !== undefined;
  const tell = (word: string): void => {
    const counts = Object.entries(total).map(([what, count]) => `${count} ${what}`);
    console.log(`${word} ${counts.join(', ')} of ${name}, seed ${SEED}`);
  };
  const add = (what: string, count: number): void => {
    total[what] = (total[what] ?? 0) + count;
  };
  let seed = before?.seed ?? SEED;
  let tellsAt = performance.now() + TELL_MS;
  let keepsAt = performance.now() + KEEP_MS;
  if (before !== undefined) tell('goes on after');
  do {
    try {
      const reached = await trial(seed);
      if (reached === undefined) break;
      for (const [what, count] of Object.entries(reached)) add(what, count);
    } catch (error) {
      throw new Error(`${name}: failed with QD_SEED=${seed}: ${messageOf(error)}`, {
        cause: error,
      });
    }
    add('trials', 1);
    seed += 1;
    // The test runner hears from this process between trials.
    await turn();
    if (performance.now() >= keepsAt) {
      progress?.write({ seed, total });
      keepsAt = performance.now() + KEEP_MS;
    }
    if (performance.now() < tellsAt) continue;
    tell('so far');
    tellsAt += TELL_MS;
  } while (goesOn() && performance.now() < until);
  progress?.write({ seed, total });
  tell('reached');
  const wanted = missing();
  if (wanted !== undefined) {
    throw new Error(
      `${name}: fewer than the ${wanted.count} ${wanted.of} that a long run asks for`,
    );
  }
  return total;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Removes steps as long as the script still fails: halves first, then smaller parts, then single steps. */
export function shortest<Step>(
  script: readonly Step[],
  fails: (script: readonly Step[]) => boolean,
): readonly Step[] {
  let kept = script;
  for (let part = Math.ceil(script.length / 2); part >= 1; part = Math.floor(part / 2)) {
    for (let from = 0; from < kept.length;) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + part)];
      if (fewer.length < kept.length && fails(fewer)) kept = fewer;
      else from += part;
    }
  }
  return kept;
}

/** Runs a script; when it throws, throws again with the shortest script that does. */
export function runScript<Step>(
  script: readonly Step[],
  run: (script: readonly Step[]) => void,
): void {
  const failureOf = (some: readonly Step[]): unknown => {
    try {
      run(some);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  if (failureOf(script) === undefined) return;
  const least = shortest(script, (some) => failureOf(some) !== undefined);
  const cause = failureOf(least);
  const lines = least.map((step) => JSON.stringify(step)).join('\n  ');
  throw new Error(`${messageOf(cause)}\n  ${lines}`, { cause });
}
