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
  readonly #clock: Clock;
  #measured: EngineHealth['disk'];
  #measuredAt: number | undefined;

  constructor(parts: {
    readonly dataFolder: string;
    readonly marketRetentionDays: number;
    readonly clock: Clock;
  }) {
    this.#dataFolder = parts.dataFolder;
    this.#marketRetentionDays = parts.marketRetentionDays;
    this.#clock = parts.clock;
  }

  /** Undefined when the system does not say. */
  get disk(): EngineHealth['disk'] {
    const now = this.#clock.nowMicros();
    if (this.#measuredAt === undefined || now - this.#measuredAt >= MEASURE_MICROS) {
      this.#measuredAt = now;
      this.#measured = forecastDisk(this.#dataFolder, now / 1000, this.#marketRetentionDays);
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
