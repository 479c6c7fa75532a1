/** How the diffs of a book join: by first and last update id, or by naming the update before. */
export type Continuity = 'FirstUpdate' | 'PreviousUpdate';

/** The ids of one diff. `previous` is what USD-M and COIN-M name; absent on spot. */
export interface DiffIds {
  readonly first: number;
  readonly last: number;
  readonly previous?: number;
}

/** What to do with a diff: Apply it, keep it until the snapshot is there, Drop what the book already holds, or start over. */
export type DiffVerdict = 'Apply' | 'Buffer' | 'Drop' | 'Gap';

/** What to do with a snapshot: use it and of the buffered diffs those from `applyFrom` on, or fetch a newer one. */
export type SnapshotVerdict =
  { readonly use: true; readonly applyFrom: number } | { readonly use: false };

/** Where a book stands. */
export interface BookPosition {
  /** Id the book stands at; absent until synchronised. */
  readonly bookId?: number;
  readonly buffered: number;
}

/** Joins a snapshot and the diffs of one book exactly; it holds only ids, the owner holds the data in the same order. */
export class BookSync {
  readonly #continuity: Continuity;
  readonly #maxBuffered: number;
  #buffer: DiffIds[] = [];
  #bookId: number | undefined;
  /** True until the first diff after a snapshot: only that one may overlap it. */
  #joining = false;

  constructor(continuity: Continuity, maxBuffered: number) {
    this.#continuity = continuity;
    this.#maxBuffered = maxBuffered;
  }

  get position(): BookPosition {
    return {
      buffered: this.#buffer.length,
      ...(this.#bookId === undefined ? {} : { bookId: this.#bookId }),
    };
  }

  /** Forgets book and buffer: a new connection, or a gap. */
  reset(): void {
    this.#buffer = [];
    this.#bookId = undefined;
    this.#joining = false;
  }

  /** Judges a diff. After Gap the state is reset and this diff is the first of the new buffer; the owner does the same and fetches a snapshot. */
  onDiff(diff: DiffIds): DiffVerdict {
    if (this.#bookId === undefined) return this.#keep(diff);
    const verdict = this.#judge(diff, this.#bookId);
    if (verdict === 'Apply') {
      this.#bookId = diff.last;
      this.#joining = false;
    }
    if (verdict === 'Gap') {
      this.reset();
      this.#buffer.push(diff);
    }
    return verdict;
  }

  /** Judges a snapshot against the buffered diffs. When it is used the buffer is empty afterwards and the book stands at its end. */
  onSnapshot(lastUpdateId: number): SnapshotVerdict {
    if (this.#bookId !== undefined && lastUpdateId < this.#bookId) return { use: false };
    const oldest = this.#buffer[0];
    if (oldest !== undefined && this.#tooOld(oldest, lastUpdateId)) return { use: false };
    const fresh = this.#buffer.findIndex((diff) => !this.#contained(diff, lastUpdateId));
    const applyFrom = fresh < 0 ? this.#buffer.length : fresh;
    let bookId = lastUpdateId;
    this.#joining = true;
    for (const diff of this.#buffer.slice(applyFrom)) {
      if (this.#judge(diff, bookId) === 'Gap') return { use: false };
      bookId = diff.last;
      this.#joining = false;
    }
    this.#buffer = [];
    this.#bookId = bookId;
    return { use: true, applyFrom };
  }

  #keep(diff: DiffIds): DiffVerdict {
    const newest = this.#buffer.at(-1);
    if (newest !== undefined && diff.last <= newest.last) return 'Drop';
    const joined = newest === undefined || this.#follows(diff, newest.last);
    // A hole in the buffer can never be mended by a snapshot: start the buffer here.
    if (!joined || this.#buffer.length >= this.#maxBuffered) {
      this.#buffer = [diff];
      return 'Gap';
    }
    this.#buffer.push(diff);
    return 'Buffer';
  }

  #judge(diff: DiffIds, bookId: number): DiffVerdict {
    if (this.#joining) {
      if (this.#contained(diff, bookId)) return 'Drop';
      return this.#joins(diff, bookId) ? 'Apply' : 'Gap';
    }
    if (diff.last <= bookId) return 'Drop';
    return this.#follows(diff, bookId) ? 'Apply' : 'Gap';
  }

  #contained(diff: DiffIds, snapshotId: number): boolean {
    return this.#continuity === 'FirstUpdate' ? diff.last <= snapshotId : diff.last < snapshotId;
  }

  #joins(diff: DiffIds, snapshotId: number): boolean {
    const first = this.#continuity === 'FirstUpdate' ? diff.first - 1 : diff.first;
    return first <= snapshotId || diff.previous === snapshotId;
  }

  #follows(diff: DiffIds, bookId: number): boolean {
    if (this.#continuity === 'PreviousUpdate') return diff.previous === bookId;
    return diff.first <= bookId + 1;
  }

  #tooOld(oldest: DiffIds, lastUpdateId: number): boolean {
    return this.#continuity === 'FirstUpdate'
      ? lastUpdateId < oldest.first - 1
      : lastUpdateId < oldest.first && oldest.previous !== lastUpdateId;
  }
}
