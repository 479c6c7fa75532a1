import type { Clock } from '../../engine/base/clock.ts';
import { BadInputs } from '../../engine/base/bad-input.ts';
import type { EngineHealth, Vitals } from '../../engine/api/health.ts';
import type { ProcessState } from '../../engine/api/process-state.ts';
import { VitalSigns } from '../../engine/server/vital-signs.ts';
import type { DiskWatch } from './disk-watch.ts';
import type { LogBook } from './log-book.ts';

/** How every process of the engine is, gathered in main. */
export class HealthBook implements Disposable {
  /** What came in wrong at main's own doors. */
  readonly badInputs: BadInputs;
  readonly #disk: DiskWatch;
  readonly #clock: Clock;
  readonly #log: LogBook;
  readonly #vitals = new Map<ProcessState['name'], Vitals>();
  readonly #signs: VitalSigns;

  constructor(parts: { readonly disk: DiskWatch; readonly clock: Clock; readonly log: LogBook }) {
    this.#disk = parts.disk;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#signs = new VitalSigns(() => parts.clock.nowMicros());
    this.badInputs = new BadInputs(parts.log.masker, () => parts.clock.nowMicros());
  }

  /** Takes the newest report of a process. */
  report(name: ProcessState['name'], vitals: Vitals): void {
    this.#vitals.set(name, vitals);
  }

  /** Another engine: what its processes report is still to come. */
  forget(): void {
    this.#vitals.clear();
  }

  /** Counts wrong input at main's doors and logs it as often as is bearable. */
  noteBadInput(area: string, code: string, sample: string): void {
    if (this.badInputs.note(code, sample)) this.#log.log.warn(area, code, sample);
  }

  [Symbol.dispose](): void {
    this.#signs[Symbol.dispose]();
  }

  /** The engine's health now. */
  health(states: readonly ProcessState[]): EngineHealth {
    const disk = this.#disk.disk(this.#vitals.get('feed')?.recordedTickBytes);
    return {
      at: this.#clock.nowMicros(),
      processes: states.map((state) => {
        const vitals = this.#vitals.get(state.name);
        return { process: state, ...(vitals === undefined ? {} : { vitals }) };
      }),
      main: this.#signs.measure({}, this.badInputs.entries),
      ...(disk === undefined ? {} : { disk }),
      log: this.#log.counts,
    };
  }
}
