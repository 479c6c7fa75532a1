import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Outcome } from './outcome.ts';

/** Runs a part of a stage, or gives what it reached when it passed before. */
export type Once = (part: string, work: () => Promise<Outcome>) => Promise<Outcome>;

/** Runs every part. */
export const ALWAYS: Once = (_part, work) => work();

interface Line {
  readonly part: string;
  readonly outcome: Outcome;
}

/** The whole lines of a file; cuts the half line that a run which was killed may leave. */
function linesOf(file: string): readonly Line[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) writeFileSync(file, whole);
  const lines = whole.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

/** What parts of a long run passed, one JSON line each in its folder, so that a run that was interrupted goes on after them. */
export class Ledger {
  readonly #folder: string;
  readonly #passed: Map<string, Outcome>;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.#passed = new Map(linesOf(this.#file).map(({ part, outcome }) => [part, outcome]));
  }

  /** Begins anew: what its suites left in the folder goes too. */
  clear(): void {
    this.#passed.clear();
    rmSync(this.#folder, { recursive: true });
    mkdirSync(this.#folder);
  }

  readonly once: Once = async (part, work) => {
    const known = this.#passed.get(part);
    if (known !== undefined) return known;
    const outcome = await work();
    if (outcome.failed > 0 || outcome.passed === 0) return outcome;
    this.#passed.set(part, outcome);
    const line: Line = { part, outcome };
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
    return outcome;
  };

  get #file(): string {
    return path.join(this.#folder, 'parts.jsonl');
  }
}
