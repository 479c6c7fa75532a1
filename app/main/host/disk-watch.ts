import { statfsSync } from 'node:fs';
import type { EngineHealth } from '../../engine/api/health.ts';
import type { Clock } from '../../engine/base/clock.ts';
import { forecastDisk } from '../../engine/store/disk-forecast.ts';

/** Growth is measured over hours: once a minute is often. */
const MEASURE_MICROS = 60_000_000;

/** The volume of the data folder: its room now, its growth as of the last minute. */
export class DiskWatch {
  readonly #dataFolder: string;
  readonly #marketRetentionDays: number;
  readonly #tickBudgetBytes: number;
  readonly #clock: Clock;
  #measured: EngineHealth['disk'];
  #measuredAt: number | undefined;

  constructor(parts: {
    readonly dataFolder: string;
    readonly marketRetentionDays: number;
    /** Most bytes of recorded ticks; 0 for no bound. */
    readonly tickBudgetBytes: number;
    readonly clock: Clock;
  }) {
    this.#dataFolder = parts.dataFolder;
    this.#marketRetentionDays = parts.marketRetentionDays;
    this.#tickBudgetBytes = parts.tickBudgetBytes;
    this.#clock = parts.clock;
  }

  /** With what recorded ticks take, where that is known; undefined when the system does not say. */
  disk(recordedTickBytes: number | undefined): EngineHealth['disk'] {
    const now = this.#clock.nowMicros();
    if (this.#measuredAt === undefined || now - this.#measuredAt >= MEASURE_MICROS) {
      this.#measuredAt = now;
      const budgetBytes = this.#tickBudgetBytes;
      const bounded = recordedTickBytes !== undefined && budgetBytes > 0;
      this.#measured = forecastDisk(this.#dataFolder, now / 1000, {
        marketRetentionDays: this.#marketRetentionDays,
        ...(bounded && { ticks: { recordedBytes: recordedTickBytes, budgetBytes } }),
      });
    }
    if (this.#measured === undefined) return undefined;
    try {
      const { bavail, bsize } = statfsSync(this.#dataFolder);
      return { ...this.#measured, freeBytes: bavail * bsize };
    } catch {
      return undefined;
    }
  }
}
