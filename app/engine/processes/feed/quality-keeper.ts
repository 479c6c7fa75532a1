import type { InstrumentId } from '../../domain/identifiers.ts';
import type { InstrumentQuality } from '../../market-data/instrument-quality.ts';
import type { CatalogueKeeper } from './catalogue-keeper.ts';

/** Pause between two writings of what changed. */
const KEEP_MS = 60_000;
/** How far back what was kept is looked up. */
const REMEMBERED_MICROS = 2 * 86_400_000_000;

/** One instrument's quality. */
interface Kept {
  readonly instrument: InstrumentId;
  readonly quality: InstrumentQuality;
  /** Up to which version its marks are in the catalogue. */
  version: number;
}

/** What the quality is kept with. */
export interface QualityKeeperParts {
  readonly catalogue: CatalogueKeeper;
  readonly instruments: readonly {
    readonly instrument: { readonly id: InstrumentId };
    readonly quality: InstrumentQuality;
  }[];
  readonly nowMicros: () => number;
  /** What was kept at the last starts is of the same market. */
  readonly remembers: boolean;
}

/** Keeps the marks of minutes in the catalogue, and brings those of the last two days back at the start. */
export class QualityKeeper implements AsyncDisposable {
  readonly #parts: QualityKeeperParts;
  readonly #kept: readonly Kept[];
  readonly #timer: NodeJS.Timeout;
  #keeping = Promise.resolve();

  constructor(parts: QualityKeeperParts) {
    this.#parts = parts;
    this.#kept = parts.instruments.map(({ instrument, quality }) => ({
      instrument: instrument.id,
      quality,
      version: 0,
    }));
    this.#timer = setInterval(() => void this.keep(), KEEP_MS).unref();
    if (parts.remembers) void this.#remember();
  }

  /** Writes what changed since; what could not be written is tried again the next time. */
  keep(): Promise<void> {
    this.#keeping = this.#keeping.then(() => this.#write());
    return this.#keeping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.keep();
  }

  async #write(): Promise<void> {
    const changed = this.#kept.filter(({ quality, version }) => quality.version > version);
    if (changed.length === 0) return;
    const upTo = changed.map(({ quality }) => quality.version);
    const marks = changed.map(({ instrument, quality, version }) => ({
      instrument,
      minutes: quality.minutesSince(version),
    }));
    if (!(await this.#parts.catalogue.keepQuality(marks))) return;
    changed.forEach((one, row) => (one.version = upTo[row] ?? one.version));
  }

  async #remember(): Promise<void> {
    const { catalogue, nowMicros } = this.#parts;
    for (const { instrument, quality } of this.#kept) {
      const now = nowMicros();
      const range = { fromMicros: now - REMEMBERED_MICROS, toMicros: now };
      quality.remember(await catalogue.readQuality(instrument, range));
    }
  }
}
