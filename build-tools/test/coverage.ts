import { Session, type Profiler } from 'node:inspector';

/** One function that ran, with V8's count of each of its ranges: the whole first, what lies within after it. */
interface Ran {
  readonly name: string;
  readonly ranges: readonly Profiler.CoverageRange[];
}

/** What V8 says has run. A look walks the whole heap. */
export class CoverageProbe implements Disposable {
  readonly #session = new Session();
  readonly #covers: (url: string) => boolean;

  /** `covers` says of a script's address whether it counts. */
  constructor(covers: (url: string) => boolean) {
    this.#covers = covers;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The functions that ran since the last call. */
  take(): readonly Ran[] {
    const ran: Ran[] = [];
    // Within one thread the answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      for (const { url, functions } of answer.result) {
        if (!this.#covers(url)) continue;
        for (const { ranges } of functions) {
          const [whole] = ranges;
          if (whole !== undefined && whole.count > 0) {
            ran.push({ name: `${url} ${whole.startOffset}`, ranges });
          }
        }
      }
    });
    return ran;
  }

  [Symbol.dispose](): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}

/** The characters of source that have run. */
export class CoveredCode {
  readonly #functions = new Map<string, Uint8Array>();
  characters = 0;

  /** True when something ran that is not in here. */
  lacks(ran: readonly Ran[]): boolean {
    return ran.some((one) => {
      const known = this.#functions.get(one.name);
      return known === undefined || charactersOf(one).some((run, at) => run > (known[at] ?? 0));
    });
  }

  add(ran: readonly Ran[]): void {
    for (const one of ran) {
      const now = charactersOf(one);
      const known = this.#functions.get(one.name) ?? new Uint8Array(now.length);
      this.#functions.set(one.name, known);
      for (const [at, run] of now.entries()) {
        if (run === 0 || known[at] === 1) continue;
        known[at] = 1;
        this.characters += 1;
      }
    }
  }
}

function charactersOf({ ranges }: Ran): Uint8Array {
  const start = ranges[0]?.startOffset ?? 0;
  const characters = new Uint8Array((ranges[0]?.endOffset ?? start) - start);
  for (const { startOffset, endOffset, count } of ranges) {
    characters.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start);
  }
  return characters;
}
