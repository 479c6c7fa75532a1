/** How a window makes its pictures. */
export interface Frames {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls `run` when the next picture is made; in a window that nobody sees, soon. */
  next(run: () => void): void;
  /** Calls `run` when everything that the present picture asks for is done. */
  done(run: () => void): void;
  later(delayMs: number, run: () => void): void;
}

/** Of the window's time at most one part in this many goes into showing what came; the rest is for the hand. */
const SHARE = 3;
/** However dear a picture is, one comes this often. */
const MOST_PAUSE_MS = 500;
/** Pictures of a window that nobody sees are not made; what came is taken in all the same. */
const UNSEEN_MS = 100;

/** Does work with the next picture, at most some times a second, and less often when its pictures are dear: a window that is told much stays answerable. */
export class Pace {
  readonly #frames: Frames;
  readonly #work: () => void;
  readonly #leastPauseMs: number;
  #asked = false;
  #notBefore = Number.NEGATIVE_INFINITY;

  /** `leastPauseMs` is from one time to the next, however little it costs. */
  constructor(frames: Frames, leastPauseMs: number, work: () => void) {
    this.#frames = frames;
    this.#leastPauseMs = leastPauseMs;
    this.#work = work;
  }

  /** Does the work with the next picture that there is time for. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const wait = this.#notBefore - this.#frames.now();
    if (wait > 0) this.#frames.later(wait, () => this.#frames.next(() => this.#run()));
    else this.#frames.next(() => this.#run());
  }

  #run(): void {
    this.#asked = false;
    const begun = this.#frames.now();
    this.#notBefore = begun + MOST_PAUSE_MS;
    this.#frames.done(() => {
      const cost = this.#frames.now() - begun;
      const pause = Math.max(this.#leastPauseMs, cost * SHARE);
      this.#notBefore = begun + Math.min(pause, MOST_PAUSE_MS);
    });
    this.#work();
  }
}

/** The pictures of this page. */
export function pageFrames(): Frames {
  return {
    now: () => performance.now(),
    next(run) {
      let over = false;
      const once = (): void => {
        if (over) return;
        over = true;
        run();
      };
      requestAnimationFrame(once);
      setTimeout(once, UNSEEN_MS);
    },
    done(run) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        run();
      };
      port2.postMessage(undefined);
    },
    later: (delayMs, run) => void setTimeout(run, delayMs),
  };
}
