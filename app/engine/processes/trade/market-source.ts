import { MarketRecords } from '../../native/compute/market-record.ts';
import { RingReader, type RingError } from '../../native/io/ring.ts';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';

/** Records taken from the ring in one go, and how many goes before the event loop has its turn. */
const READ_RECORDS = 1024;
const READS_A_TURN = 16;
/** Pause before a replaced ring is opened again, and between two requests for snapshots. */
const REOPEN_MS = 100;
const ASK_EVERY_MS = 500;
/** How often it is looked whether the ring is empty while it tells of nothing: what comes next is then known to be young. */
const LOOK_MS = 200;

/** Whom the ring's records are told. */
export interface MarketListener {
  /** The first `count` of `records`, none made before `emptyAtNanos`: the time before the last read that found nothing more. */
  onRecords(records: MarketRecords, count: number, emptyAtNanos: bigint): void;
  /** Records were missed, `lost` of them as far as the ring can tell: nothing known before can be trusted. `begun`: another feed writes it now. */
  onMissed(lost: number, begun: boolean): void;
  /** Feed is to publish snapshots: what was missed cannot be read again. */
  askSnapshots(): void;
}

/** The market of a ring, over every restart of its writer. */
export class MarketSource implements Disposable {
  readonly #path: string;
  readonly #listener: MarketListener;
  readonly #clock: Clock;
  readonly #records = new MarketRecords(READ_RECORDS);
  /** Where what is skipped goes: whoever skips may still be reading the others. */
  readonly #skipped = new MarketRecords(READ_RECORDS);
  #reader: RingReader | undefined;
  #reopen: NodeJS.Timeout | undefined;
  readonly #look: NodeJS.Timeout;
  #asking: NodeJS.Timeout | undefined;
  #askAgain = false;
  #emptyAt: bigint;

  private constructor(path: string, listener: MarketListener, clock: Clock) {
    this.#path = path;
    this.#listener = listener;
    this.#clock = clock;
    this.#emptyAt = clock.nowNanos();
    this.#look = setInterval(() => {
      if (this.#reader !== undefined) this.#read(this.#reader, READS_A_TURN, true);
    }, LOOK_MS);
  }

  /** Opens the ring and asks for snapshots of what it held before. */
  static open(
    path: string,
    listener: MarketListener,
    clock: Clock,
  ): Result<MarketSource, RingError> {
    const source = new MarketSource(path, listener, clock);
    const failure = source.#open();
    if (failure !== undefined) {
      source[Symbol.dispose]();
      return err(failure);
    }
    source.#ask();
    return ok(source);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#look);
    clearTimeout(this.#reopen);
    clearTimeout(this.#asking);
    this.#reader?.close();
    this.#reader = undefined;
  }

  /** Drops what waits to be read, and asks for snapshots in its place. */
  skip(): void {
    if (this.#reader !== undefined) this.#read(this.#reader, Infinity, false);
    this.#ask();
  }

  #open(): RingError | undefined {
    const before = this.#clock.nowNanos();
    const opened = RingReader.open(this.#path);
    if (!opened.ok) return opened.error;
    this.#emptyAt = before;
    this.#reader = opened.value;
    opened.value.onReadable(() => {
      this.#read(opened.value, READS_A_TURN, true);
    });
    return undefined;
  }

  #read(reader: RingReader, turns: number, told: boolean): void {
    // What is told of records may skip those that follow, and find the ring replaced.
    for (let turn = 0; turn < turns && this.#reader === reader; turn += 1) {
      const { bytes } = told ? this.#records : this.#skipped;
      const before = this.#clock.nowNanos();
      const { count, lost, restarted, retired } = reader.read(bytes, READ_RECORDS);
      if (lost > 0 || restarted || retired) this.#missed(lost, restarted || retired);
      if (retired) {
        reader.close();
        this.#reader = undefined;
        this.#openLater();
        return;
      }
      const emptyAt = this.#emptyAt;
      if (count < READ_RECORDS) this.#emptyAt = before;
      if (count === 0) return;
      if (told) this.#listener.onRecords(this.#records, count, emptyAt);
      else this.#missed(count, false);
      if (count < READ_RECORDS) return;
    }
  }

  #missed(lost: number, begun: boolean): void {
    this.#listener.onMissed(lost, begun);
    this.#ask();
  }

  /** While the new file is being made there is none to open; the writer that makes it publishes everything anew. */
  #openLater(): void {
    this.#reopen = setTimeout(() => {
      if (this.#open() === undefined) this.#ask();
      else this.#openLater();
    }, REOPEN_MS);
  }

  #ask(): void {
    if (this.#asking !== undefined) {
      this.#askAgain = true;
      return;
    }
    this.#listener.askSnapshots();
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      if (!this.#askAgain) return;
      this.#askAgain = false;
      this.#ask();
    }, ASK_EVERY_MS);
  }
}
