import type { L2Book } from '../native/compute/book.ts';
import {
  FLAG_CHECKSUM,
  KIND_SNAPSHOT_HEADER,
  type MarketRecords,
} from '../native/compute/market-record.ts';

/**
 * What became of a message of a book. `Applied`: it follows. `Proved`: and the venue's checksum is ours. `Early`: the book
 * has no snapshot yet. `Late`: it was applied before. `Gap`: it follows another one than ours. `Differs`: the checksums do.
 * After the last two the book waits for a snapshot.
 */
export type StreamVerdict = 'Applied' | 'Proved' | 'Early' | 'Late' | 'Gap' | 'Differs';

/** A book that proves itself: the levels are kept for the venue's checksum, or for whoever reads them. */
export interface ProvedBook {
  readonly book: L2Book;
  /** The venue's checksum of it, where its messages have one. */
  readonly checksum?: ((book: L2Book) => number) | undefined;
}

/** One book of a venue that begins each with a snapshot on the stream: follows the ids of its changes and its checksums, as far as the venue gives them. */
export class StreamBook {
  readonly #kept: ProvedBook | undefined;
  readonly #numbersChanges: boolean;
  #live = false;
  #lastId = 0;
  #ours: number | undefined;

  /** Without `kept` only the ids are followed. `numbersChanges`: the id of each change is that of the one before and one. */
  constructor(kept?: ProvedBook, numbersChanges = false) {
    this.#kept = kept;
    this.#numbersChanges = numbersChanges;
  }

  /** Holds what the venue's messages say. */
  get live(): boolean {
    return this.#live;
  }

  /** The id of the last change, where the venue gives them. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Our checksum after the last message that had one of the venue's. */
  get ownChecksum(): number | undefined {
    return this.#ours;
  }

  /** Nothing is known until the next snapshot. */
  drop(): void {
    this.#live = false;
  }

  /** Judges and applies the message in records [from, to): a header and its levels. */
  apply(records: MarketRecords, from: number, to: number): StreamVerdict {
    const snapshot = records.kind(from) === KIND_SNAPSHOT_HEADER;
    if (!snapshot && !this.#live) return 'Early';
    const id = records.id(from);
    if (!snapshot && this.#numbersChanges && id <= this.#lastId) return 'Late';
    const previous = this.#numbersChanges ? id - 1 : records.price2(from);
    if (!snapshot && previous >= 0 && previous !== this.#lastId) {
      this.#live = false;
      return 'Gap';
    }
    this.#lastId = id;
    this.#kept?.book.apply(records, from, to);
    const told = (records.flags(from) & FLAG_CHECKSUM) === 0 ? undefined : records.price(from);
    this.#ours = told === undefined ? undefined : this.#proof();
    this.#live = this.#ours === undefined || this.#ours === told;
    if (!this.#live) return 'Differs';
    return this.#ours === undefined ? 'Applied' : 'Proved';
  }

  #proof(): number | undefined {
    const { book, checksum } = this.#kept ?? {};
    return book === undefined ? undefined : checksum?.(book);
  }
}
