/** Where a process gets its time. Only `processes`, `main` and tests make one; the core receives times as inputs. */
export interface Clock {
  /** Wall time in microseconds since the Unix epoch: sampled once, then advanced by the monotonic clock. */
  nowMicros(): number;
  /** Nanoseconds since the Unix epoch, on the same basis. */
  nowNanos(): bigint;
}

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #nanos: bigint;

  constructor(startMicros: number) {
    this.#nanos = BigInt(startMicros) * 1000n;
  }

  nowMicros(): number {
    return Number(this.#nanos / 1000n);
  }

  nowNanos(): bigint {
    return this.#nanos;
  }

  /** Moves time forward by `micros`. */
  advance(micros: number): void {
    this.#nanos += BigInt(micros) * 1000n;
  }
}
