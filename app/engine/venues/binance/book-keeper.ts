import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { Rng } from '../../base/rng.ts';
import type { Decoder } from '../../native/compute/decode.ts';
import {
  BOOK_LIVE,
  BOOK_RESYNCING,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BOOK_STATUS,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { Backoff } from '../../net/backoff.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import { BOOK_REASON, type VenueError } from '../../ports/market-data-client.ts';
import { BookSync, type Continuity } from './book-sync.ts';
import { SETTINGS } from './settings.ts';

/** What one instrument's book needs and whom it tells. */
export interface BookKeeperDeps {
  /** Index of the instrument in records. */
  readonly index: number;
  readonly continuity: Continuity;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly decoder: () => Decoder;
  readonly fetchSnapshot: () => Promise<Result<Uint8Array, VenueError>>;
  readonly emit: (records: Uint8Array, count: number) => void;
  readonly onParseError: (raw: string) => void;
  readonly onResync: () => void;
  /** Snapshots moved on while no diff came: the connection is not to be trusted. */
  readonly onDeaf: () => void;
}

/** Keeps one book synchronised: buffers diffs until a snapshot joins them, starts over at a gap, says how far the book can be trusted. */
export class BookKeeper implements Disposable {
  readonly #deps: BookKeeperDeps;
  readonly #sync: BookSync;
  readonly #backoff: Backoff;
  readonly #status = new MarketRecords(1);
  #buffer: Uint8Array[] = [];
  #state: number | undefined;
  #retry: Disposable | undefined;
  /** Raised whenever an outstanding snapshot must not count any more. */
  #generation = 0;
  #fetching = false;
  #lastDiffMicros = 0;
  /** Checks in a row that found the book behind. */
  #checksBehind = 0;
  /** Diffs older than the book since one was applied: a few repeat it, more were numbered anew. */
  #dropped = 0;
  /** Runs while a quote is newer than the book. */
  #behind: Disposable | undefined;

  constructor(deps: BookKeeperDeps) {
    this.#deps = deps;
    this.#sync = new BookSync(deps.continuity, SETTINGS.bufferedDiffs);
    this.#backoff = new Backoff(SETTINGS.resync, deps.rng);
  }

  get live(): boolean {
    return this.#state === BOOK_LIVE;
  }

  /** The diffs of this book flow (some may have come already): a snapshot is fetched. */
  start(): void {
    if (!this.live) this.#setState(BOOK_RESYNCING, BOOK_REASON.starting);
    this.#fetch();
  }

  /** The diffs stopped. */
  stop(): void {
    this.#forget();
    this.#setState(BOOK_STALE, BOOK_REASON.disconnected);
  }

  /** Nothing came for too long on the connection. */
  silent(): void {
    if (this.#state === BOOK_LIVE) this.#setState(BOOK_STALE, BOOK_REASON.silent);
  }

  /** The connection speaks again and has lost nothing. */
  heard(): void {
    const stands = this.#sync.position.bookId !== undefined;
    if (stands && this.#state === BOOK_STALE) this.#setState(BOOK_LIVE, BOOK_REASON.none);
  }

  /** Compares a quiet book with a fresh snapshot. Where each change names the one before, ids leave room: a newer one of a snapshot proves nothing. */
  checkIfQuiet(): void {
    if (this.#deps.continuity === 'PreviousUpdate') return;
    const quiet = this.#deps.clock.nowMicros() - this.#lastDiffMicros;
    if (this.live && quiet >= SETTINGS.bookCheckAfterMs * 1000) this.#fetch();
  }

  /** A quote of update `id` came: the diff that brings the book there must follow soon. */
  onQuote(id: number): void {
    const { bookId } = this.#sync.position;
    if (this.#behind !== undefined || bookId === undefined || id <= bookId) return;
    this.#behind = this.#deps.scheduler.setTimer(SETTINGS.bookBehindAfterMs, () => {
      this.#behind = undefined;
      const stands = this.#sync.position.bookId;
      if (this.live && stands !== undefined && stands < id) this.doubt();
    });
  }

  /** Something of this book may have been lost or unreadable: it starts over. */
  doubt(reason: number = BOOK_REASON.gap): void {
    if (this.#sync.position.bookId === undefined) return;
    this.#forget();
    this.#startOver(reason);
  }

  #startOver(reason: number): void {
    this.#deps.onResync();
    this.#setState(BOOK_RESYNCING, reason);
    // What waits to be fetched mends this gap as well: put off by each, it would never be.
    if (this.#retry === undefined) this.#fetchLater();
  }

  /** Judges the diff in records [from, to); true when it is to be passed on as it is. */
  onDiff(records: MarketRecords, from: number, to: number): boolean {
    this.#lastDiffMicros = this.#deps.clock.nowMicros();
    const previous = records.price2(from);
    const verdict = this.#sync.onDiff({
      first: records.price(from),
      last: records.id(from),
      ...(previous < 0 ? {} : { previous }),
    });
    if (verdict === 'Apply') {
      this.#checksBehind = 0;
      this.#dropped = 0;
      return true;
    }
    if (verdict === 'Drop') {
      this.#dropped += 1;
      if (this.#dropped > SETTINGS.oldDiffsInARow && this.live) this.doubt();
      return false;
    }
    const bytes = records.bytes.slice(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
    if (verdict === 'Buffer') this.#buffer.push(bytes);
    if (verdict === 'Gap') {
      this.#generation += 1;
      this.#fetching = false;
      this.#buffer = [bytes];
      this.#startOver(BOOK_REASON.gap);
    }
    return false;
  }

  [Symbol.dispose](): void {
    this.#forget();
  }

  #forget(): void {
    this.#generation += 1;
    this.#fetching = false;
    this.#dropped = 0;
    this.#sync.reset();
    this.#buffer = [];
    this.#retry?.[Symbol.dispose]();
    this.#retry = undefined;
    this.#behind?.[Symbol.dispose]();
    this.#behind = undefined;
  }

  #fetch(): void {
    if (this.#fetching) return;
    this.#fetching = true;
    const generation = this.#generation;
    void this.#deps.fetchSnapshot().then((answer) => {
      if (generation !== this.#generation) return;
      this.#fetching = false;
      if (answer.ok) this.#onSnapshot(answer.value);
      else this.#fetchLater(answer.error.retryAfterMs);
    });
  }

  #fetchLater(leastMs = 0): void {
    this.#retry?.[Symbol.dispose]();
    const waitMs = Math.max(leastMs, this.#backoff.next());
    this.#retry = this.#deps.scheduler.setTimer(waitMs, () => {
      this.#retry = undefined;
      this.#fetch();
    });
  }

  #onSnapshot(bytes: Uint8Array): void {
    const { decoder, index, clock, onParseError } = this.#deps;
    const records = new MarketRecords(2 * SETTINGS.depthLevels + 1);
    const count = decoder().decodeSnapshot(bytes, index, clock.nowNanos(), records);
    if (count < 0) {
      onParseError(Buffer.from(bytes).toString().slice(0, 1_000));
      return this.#fetchLater();
    }
    const { bookId } = this.#sync.position;
    const verdict = this.#sync.onSnapshot(records.id(0));
    if (!verdict.use) {
      if (bookId === undefined) this.#fetchLater();
      return;
    }
    this.#lastDiffMicros = clock.nowMicros();
    if (bookId !== undefined) {
      // A check of a book that stood: equal ids prove it. A later one may be a diff under way; twice, diffs are lost.
      this.#checksBehind = records.id(0) === bookId ? 0 : this.#checksBehind + 1;
      if (this.#checksBehind === 0) return;
      if (this.#checksBehind > 1) this.#deps.onDeaf();
    }
    this.#backoff.reset();
    this.#emitBook(records, count, verdict.applyFrom);
    this.#setState(BOOK_LIVE, BOOK_REASON.none);
  }

  #emitBook(snapshot: MarketRecords, count: number, applyFrom: number): void {
    const { emit } = this.#deps;
    emit(snapshot.bytes, count);
    for (const diff of this.#buffer.slice(applyFrom)) {
      emit(diff, diff.byteLength / MARKET_RECORD_BYTES);
    }
    this.#buffer = [];
  }

  #setState(state: number, reason: number): void {
    if (this.#state === state) return;
    this.#state = state;
    const { index, clock, emit } = this.#deps;
    const bookId = this.#sync.position.bookId ?? 0;
    const now = clock.nowNanos();
    this.#status.set(0, KIND_BOOK_STATUS, FLAG_LAST, index, 0n, now, state, reason, 0, 0, bookId);
    emit(this.#status.bytes, 1);
  }
}
