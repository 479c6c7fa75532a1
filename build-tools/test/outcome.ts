/** What a stage reached. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What people must read when something failed. */
  readonly output: string;
  /** One line each, shown always: what was skipped and why, what was reached. */
  readonly notes: readonly string[];
}

/** An outcome of nothing. */
export const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, output: '', notes: [] };

/** Two outcomes as one. */
export function joined(a: Outcome, b: Outcome): Outcome {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    output: [a.output, b.output].filter((text) => text !== '').join('\n'),
    notes: [...a.notes, ...b.notes],
  };
}

/** One failure with its text. */
export function failure(output: string): Outcome {
  return { ...NOTHING, failed: 1, output };
}

/** The counts as the last line of `npm test` gives them. */
export function countsLine(outcome: Outcome): string {
  return `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
}

/** Reads a counts line printed by a test program; undefined when `text` does not end with one. */
export function parseCountsLine(text: string): Outcome | undefined {
  const match = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(text);
  if (match === null) return undefined;
  const [, passed, failed, skipped] = match.map(Number);
  return { ...NOTHING, passed: passed ?? 0, failed: failed ?? 0, skipped: skipped ?? 0 };
}

/** One finished test, as a reporter writes it. */
export interface ResultLine {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why a test was skipped. */
  readonly note?: string | undefined;
  /** What was wrong in a test that failed, a text an error. */
  readonly errors?: readonly string[];
}

const ERROR_LINES = 40;

function failedTest({ name, errors = [] }: ResultLine): string {
  const lines = errors.flatMap((error) => error.split('\n').slice(0, ERROR_LINES));
  return [`failed: ${name}`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Counts the lines that a reporter wrote, one JSON object a test: the reasons of skipped tests become notes, what failed the output. */
export function parseResultLines(text: string): Outcome {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const reasons = new Map<string, number>();
  const failed: string[] = [];
  // A reporter that was killed may leave half a line.
  const lines = text.split('\n').slice(0, -1);
  for (const line of lines) {
    const result = JSON.parse(line) as ResultLine;
    const { state, note } = result;
    count[state] += 1;
    if (state === 'failed') failed.push(failedTest(result));
    if (note !== undefined) reasons.set(note, (reasons.get(note) ?? 0) + 1);
  }
  const notes = Array.from(reasons, ([reason, times]) => `skipped ${times}: ${reason}`);
  return { ...count, output: failed.join('\n'), notes };
}

/** The lines `reached …` by which suites that are bounded by time tell their count and seed. */
export function reachedLines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.startsWith('reached '));
}
