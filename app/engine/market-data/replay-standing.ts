import type { Instrument } from '../domain/instrument.ts';
import { BookTop, L2Book } from '../native/compute/book.ts';
import {
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_SNAPSHOT_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
  isBookKind,
} from '../native/compute/market-record.ts';

/** The newest quote and state of one instrument, and its book. */
interface Standing {
  readonly book: L2Book;
  quote: Uint8Array | undefined;
  status: Uint8Array | undefined;
}

/** How a market stands after records that nobody was told: books, their states and the last quotes. */
export class ReplayStanding {
  readonly #standings: readonly Standing[];

  constructor(instruments: readonly Instrument[]) {
    this.#standings = instruments.map(({ tickSize }) => ({
      book: new L2Book({ tickSize }),
      quote: undefined,
      status: undefined,
    }));
  }

  /** Counts the first `count` records. */
  take(bytes: Uint8Array, count: number): void {
    const records = MarketRecords.over(bytes, count);
    for (let row = 0; row < count; row += 1) {
      const standing = this.#standings[records.instrument(row)];
      if (standing === undefined) continue;
      const kind = records.kind(row);
      if (kind === KIND_BBO) standing.quote = copyOf(bytes, row);
      else if (kind === KIND_BOOK_STATUS) standing.status = copyOf(bytes, row);
      else if (isBookKind(kind)) {
        const end = bookEnd(records, row, count);
        standing.book.apply(records, row, end);
        row = end - 1;
      }
    }
  }

  /** What brings a reader to where the market stands: of each instrument its whole book, its state, its quote. */
  *records(nowNanos: bigint): Generator<MarketRecords> {
    for (const [index, { book, quote, status }] of this.#standings.entries()) {
      if (book.levels('Bid') + book.levels('Ask') > 0) yield snapshotOf(book, index, nowNanos);
      for (const bytes of [status, quote]) {
        if (bytes === undefined) continue;
        const record = MarketRecords.over(bytes, 1);
        record.moveTsInit(1, () => nowNanos);
        yield record;
      }
    }
  }
}

/** Where the book records of one instrument that begin at a row end. */
function bookEnd(records: MarketRecords, from: number, count: number): number {
  let row = from + 1;
  while (row < count && isBookKind(records.kind(row))) {
    if (records.instrument(row) !== records.instrument(from)) break;
    row += 1;
  }
  return row;
}

function copyOf(bytes: Uint8Array, row: number): Uint8Array {
  return bytes.slice(row * MARKET_RECORD_BYTES, (row + 1) * MARKET_RECORD_BYTES);
}

function snapshotOf(book: L2Book, index: number, nowNanos: bigint): MarketRecords {
  const top = new BookTop(Math.max(book.levels('Bid'), book.levels('Ask')));
  book.top(top);
  const levels = top.bids + top.asks;
  const records = new MarketRecords(levels + 1);
  const id = book.lastUpdateId;
  let row = 0;
  const put = (kind: number, px: number, qty: number): void => {
    const flags = FLAG_SNAPSHOT | (row === levels ? FLAG_LAST : 0);
    records.set(row, kind, flags, index, 0n, nowNanos, px, qty, 0, 0, id);
    row += 1;
  };
  put(KIND_SNAPSHOT_HEADER, 0, levels);
  for (let at = 0; at < top.bids; at += 1) {
    put(KIND_BID_LEVEL, top.bidPrices[at] ?? 0, top.bidQuantities[at] ?? 0);
  }
  for (let at = 0; at < top.asks; at += 1) {
    put(KIND_ASK_LEVEL, top.askPrices[at] ?? 0, top.askQuantities[at] ?? 0);
  }
  return records;
}
