/** Tests that run together: files of a vitest stage, or the C++ tests whose names contain one of the words. */
export interface Suite {
  readonly stage: 'unit' | 'integration' | 'simulation' | 'native';
  readonly tests: readonly string[];
}

/** A bug that can be put back: one text of one file replaced by another. */
export interface SeededBug {
  readonly name: string;
  /** What goes wrong with it. */
  readonly what: string;
  /** The commit that fixed it, the public report of the same failure elsewhere, or `realistic`. */
  readonly from: string;
  readonly file: string;
  /** Stands exactly once in `file`. */
  readonly right: string;
  readonly wrong: string;
  /** What must find it; the first that does is enough. */
  readonly suites: readonly Suite[];
}

/** Unit tests: files, or beginnings of their paths. */
export function unit(...tests: string[]): Suite {
  return { stage: 'unit', tests };
}

/** Tests with real processes and sockets. */
export function integration(...tests: string[]): Suite {
  return { stage: 'integration', tests };
}

/** Simulations. */
export function simulation(...tests: string[]): Suite {
  return { stage: 'simulation', tests };
}

/** C++ tests by words of their names. */
export function native(...tests: string[]): Suite {
  return { stage: 'native', tests };
}
