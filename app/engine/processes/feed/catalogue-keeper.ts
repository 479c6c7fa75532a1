import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../base/result.ts';
import type { QualityMinute } from '../../domain/data-quality.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { QualityRange } from '../../ports/quality-marks.ts';
import type { DroppedTicks, TickRetention, TickRoom } from '../../domain/tick-retention.ts';
import type { TickFilter, TickSegmentEntry } from '../../ports/tick-catalogue.ts';
import type { DownloadedDay } from '../../store/ticks/downloaded-day.ts';
import type { HousekeepingRound } from '../../store/ticks/tick-housekeeper.ts';
import type {
  CatalogueAnswer,
  CatalogueRequest,
  CatalogueThreadData,
  MarkedMinutes,
} from './catalogue-messages.ts';

/** Pause between two looks at the segments. */
const REFRESH_MS = 60_000;

/** What the keeper is made of. */
export interface CatalogueKeeperParts {
  readonly dataFolder: string;
  readonly nowNanos: () => bigint;
  /** How long recorded ticks are kept; nothing is dropped without. */
  readonly retention?: TickRetention;
  /** Something was done for the room on the disk. */
  readonly onHousekeeping?: (round: HousekeepingRound) => void;
  /** A segment or the database is not as it should be. */
  readonly onProblem: (message: string) => void;
}

/** The tick catalogue in a thread of its own, which begins with the first look or question. It is brought up to date every minute. */
export class CatalogueKeeper implements AsyncDisposable {
  readonly #parts: CatalogueKeeperParts;
  readonly #waiting = new Map<number, (answer: CatalogueAnswer) => void>();
  readonly #timer: NodeJS.Timeout;
  readonly #told = new Set<string>();
  #worker: Worker | undefined;
  #asked = 0;
  #room: TickRoom | undefined;
  #refreshing = false;

  constructor(parts: CatalogueKeeperParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
  }

  /** How full the room for recorded ticks is, as of the last look; undefined before it and where nothing is dropped. */
  get room(): TickRoom | undefined {
    return this.#room;
  }

  /** Takes in what changed since, drops what is kept no longer and compacts what grew; one look at a time. */
  async refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const { retention } = this.#parts;
    const answer = await this.#ask((id) => ({
      type: 'Refresh',
      id,
      nowNanos: this.#parts.nowNanos(),
      ...(retention && { retention }),
    }));
    this.#refreshing = false;
    if (answer.type === 'Refreshed') this.#onRefreshed(answer);
    if (answer.type === 'Failed') this.#tell(answer.message);
  }

  /** The entries of a filter, as the last look found them; an error in words when there is no catalogue. */
  async read(filter: TickFilter): Promise<Result<readonly TickSegmentEntry[], string>> {
    const answer = await this.#ask((id) => ({ type: 'Read', id, filter }));
    if (answer.type === 'Entries') return ok(answer.entries);
    return err(answer.type === 'Failed' ? answer.message : 'it was not asked for entries');
  }

  /** What retention took of an instrument; nothing where there is no catalogue. */
  async readDropped(instrument: InstrumentId): Promise<readonly DroppedTicks[]> {
    const answer = await this.#ask((id) => ({ type: 'ReadDropped', id, instrument }));
    return answer.type === 'Dropped' ? answer.dropped : [];
  }

  /** Keeps a day that was downloaded: how many rows, or in words why not. */
  async storeDay(told: DownloadedDay): Promise<Result<number, string>> {
    const answer = await this.#ask((id) => ({ type: 'StoreDay', id, told }));
    if (answer.type === 'DayStored') return ok(answer.rows);
    return err(answer.type === 'Failed' ? answer.message : 'it was not asked to keep a day');
  }

  /** Keeps how far minutes can be trusted; false when that was not possible, which is told. */
  async keepQuality(marks: readonly MarkedMinutes[]): Promise<boolean> {
    const answer = await this.#ask((id) => ({ type: 'KeepQuality', id, marks }));
    if (answer.type === 'Failed') this.#tell(answer.message);
    return answer.type === 'QualityKept';
  }

  /** What was kept of an instrument; nothing where there is no catalogue. */
  async readQuality(
    instrument: InstrumentId,
    range: QualityRange,
  ): Promise<readonly QualityMinute[]> {
    const answer = await this.#ask((id) => ({ type: 'ReadQuality', id, instrument, range }));
    return answer.type === 'Quality' ? answer.minutes : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#worker?.terminate();
    this.#fail('the feed ends');
  }

  #onRefreshed({ problems, kept }: Extract<CatalogueAnswer, { type: 'Refreshed' }>): void {
    for (const problem of problems) this.#tell(problem);
    if (kept === undefined) return;
    this.#room = kept.room;
    if (kept.dropped.length > 0 || kept.compactedBytes > 0) this.#parts.onHousekeeping?.(kept);
  }

  #ask(request: (id: number) => CatalogueRequest): Promise<CatalogueAnswer> {
    const worker = this.#worker ?? this.#begin();
    const id = (this.#asked += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage(request(id));
    });
  }

  #begin(): Worker {
    const { dataFolder } = this.#parts;
    // In a bundle it lies beside, as a script of the bundle's kind.
    const script = new URL(`catalogue-thread${extname(import.meta.filename)}`, import.meta.url);
    const workerData: CatalogueThreadData = { dataFolder };
    const worker = new Worker(script, { workerData });
    worker.unref();
    worker.on('message', (answer: CatalogueAnswer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    const gone = (why: string): void => {
      this.#worker = undefined;
      this.#fail(why);
    };
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => gone('its thread ended'));
    this.#worker = worker;
    return worker;
  }

  #fail(message: string): void {
    for (const [id, resolve] of this.#waiting) resolve({ type: 'Failed', id, message });
    this.#waiting.clear();
  }

  /** Once each: the next look finds the same. */
  #tell(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#parts.onProblem(problem);
  }
}
