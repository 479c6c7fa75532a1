import { createStore } from 'zustand/vanilla';

/** Less is what any window is behind now and then. */
const SAID_MICROS = 1_000_000;
/** Prices this old are not acted on. */
const STALE_MICROS = 2_000_000;
/** What is said of it is said in these steps. */
const STEP_MICROS = 100_000;

interface BehindState {
  /** Microseconds by which this window lags behind the engine; 0 while that is little. */
  readonly micros: number;
}

/** How far this window lags behind the engine, for who shows it. */
export class Behind {
  readonly store = createStore<BehindState>(() => ({ micros: 0 }));
  readonly #lag: () => number;
  readonly #onStale: (stale: boolean) => void;

  /** `lag` measures it in microseconds; `onStale` hears whether its prices are too old to be acted on. */
  constructor(lag: () => number, onStale: (stale: boolean) => void) {
    this.#lag = lag;
    this.#onStale = onStale;
  }

  /** Measures again. */
  look(): void {
    const lag = this.#lag();
    this.#onStale(lag >= STALE_MICROS);
    const micros = lag < SAID_MICROS ? 0 : Math.floor(lag / STEP_MICROS) * STEP_MICROS;
    if (micros !== this.store.getState().micros) this.store.setState({ micros });
  }
}
