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
  readonly sources: string;
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

/**
 * What parts of a long run passed, one JSON line each, so that a run that was interrupted goes on after them. What passed with
 * other sources, as their hash names them, counts for nothing.
 */
export class Ledger {
  readonly #file: string;
  readonly #sources: string;
  readonly #passed: Map<string, Outcome>;

  constructor(file: string, sources: string) {
    this.#file = file;
    this.#sources = sources;
    const ours = linesOf(file).filter((line) => line.sources === sources);
    this.#passed = new Map(ours.map(({ part, outcome }) => [part, outcome]));
  }

  /** Begins anew. */
  clear(): void {
    this.#passed.clear();
    rmSync(this.#file, { force: true });
  }

  readonly once: Once = async (part, work) => {
    const known = this.#passed.get(part);
    if (known !== undefined) return known;
    const outcome = await work();
    if (outcome.failed > 0 || outcome.passed === 0) return outcome;
    this.#passed.set(part, outcome);
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const line: Line = { sources: this.#sources, part, outcome };
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
    return outcome;
  };
}
