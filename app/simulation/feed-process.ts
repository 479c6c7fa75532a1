import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BBO,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../engine/native/compute/market-record.ts';
import type { Market } from '../sandbox/exchange/market.ts';
import { Life, ProcessTime, type MachineClock } from './process-time.ts';
import type { VirtualTime } from './virtual-time.ts';

const QUOTE_EVERY_MS = 500;
/** It looks for a jump of its clock this often. */
const CLOCK_MS = 1000;

/** What a feed is made of. */
export interface FeedParts {
  readonly time: VirtualTime;
  readonly clock: MachineClock;
  readonly markets: readonly Market[];
  /** Takes one record; `madeAt` is the world's time when it is a quote. */
  write(records: MarketRecords, madeAt: number | undefined): void;
}

/** A feed that tells the best prices, on its own reading of the machine's clocks. */
export class FeedProcess {
  readonly #parts: FeedParts;
  readonly #life: Life;
  readonly #time: ProcessTime;
  #stale = false;
  #mutedUntilMicros = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#life = new Life(parts.time);
    this.#time = new ProcessTime(parts.time, this.#life, parts.clock);
    this.setStale(false);
    this.#watchClock();
    this.#quote();
  }

  end(): void {
    this.#life.alive = false;
  }

  set asleep(asleep: boolean) {
    this.#life.asleep = asleep;
  }

  /** Says that its data is stale, or live again. */
  setStale(stale: boolean): void {
    this.#stale = stale;
    this.tellState();
  }

  /** Says whether its data is stale. */
  tellState(): void {
    for (const { index } of this.#parts.markets) {
      this.#put(KIND_BOOK_STATUS, index, this.#stale ? BOOK_STALE : BOOK_LIVE, 0, 0, 0);
    }
  }

  /** Says nothing for `ms`, not even that. */
  mute(ms: number): void {
    this.#mutedUntilMicros = this.#parts.time.nowMicros() + ms * 1000;
  }

  /** Is well from now on. */
  recover(): void {
    this.#mutedUntilMicros = 0;
    this.setStale(false);
  }

  #watchClock(): void {
    this.#time.setTimer(CLOCK_MS, () => this.#watchClock());
    this.#time.takeStep();
  }

  #quote(): void {
    this.#time.setTimer(QUOTE_EVERY_MS, () => this.#quote());
    if (this.#stale || this.#parts.time.nowMicros() < this.#mutedUntilMicros) return;
    for (const { index, quote } of this.#parts.markets) {
      this.#put(KIND_BBO, index, quote.bid, quote.bidQuantity, quote.ask, quote.askQuantity);
    }
  }

  #put(kind: number, index: number, ...[one, two, three, four]: readonly number[]): void {
    const now = this.#time.nowNanos();
    const records = new MarketRecords(1);
    const values = [one ?? 0, two ?? 0, three ?? 0, four ?? 0] as const;
    records.set(0, kind, FLAG_LAST, index, now, now, ...values, 1);
    this.#parts.write(records, kind === KIND_BBO ? this.#parts.time.nowMicros() : undefined);
  }
}
