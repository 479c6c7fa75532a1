import {
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
} from '../../native/compute/market-record.ts';
import type { Cells } from './cells.ts';
import type { RecordSink, RowReader } from './table-shape.ts';

/** A changed level: its new quantity, 0 when it is gone. */
export interface ChangedLevel {
  readonly bid: boolean;
  readonly price: number;
  readonly quantity: number;
}

/** Of which message levels are. */
export interface BookMessage {
  readonly snapshot: boolean;
  readonly eventNanos: bigint;
  readonly initNanos: bigint;
  /** The source's number of it, 0 where it has none. */
  readonly id: number;
}

/** Gives one message of a book to a sink: a header, then its levels. */
export function putMessage(
  sink: RecordSink,
  message: BookMessage,
  levels: readonly ChangedLevel[],
): void {
  const { snapshot, eventNanos, initNanos, id } = message;
  const flags = snapshot ? FLAG_SNAPSHOT : 0;
  const kind = snapshot ? KIND_SNAPSHOT_HEADER : KIND_DIFF_HEADER;
  const last = levels.length - 1;
  const headerFlags = flags | (last < 0 ? FLAG_LAST : 0);
  sink.put(
    kind,
    headerFlags,
    eventNanos,
    initNanos,
    snapshot ? 0 : id,
    last + 1,
    snapshot ? 0 : -1,
    0,
    id,
  );
  for (const [place, { bid, price, quantity }] of levels.entries()) {
    const side = bid ? KIND_BID_LEVEL : KIND_ASK_LEVEL;
    const levelFlags = flags | (place === last ? FLAG_LAST : 0);
    sink.put(side, levelFlags, eventNanos, initNanos, price, quantity, 0, 0, id);
  }
}

/** Rows of `incremental_book_L2`: those of one message share the time of receipt and whether they are of a snapshot. */
export class BookRows implements RowReader {
  readonly #sink: RecordSink;
  #message: BookMessage | undefined;
  #levels: ChangedLevel[] = [];

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  read(cells: Cells): void {
    const initNanos = cells.nanos('local_timestamp', 'us');
    const snapshot = cells.word('is_snapshot', { true: true, false: false });
    const before = this.#message;
    if (before?.initNanos !== initNanos || before.snapshot !== snapshot) {
      this.end();
      const eventNanos = cells.nanos('timestamp', 'us');
      this.#message = { snapshot, initNanos, eventNanos, id: 0 };
    }
    const bid = cells.word('side', { bid: true, ask: false });
    this.#levels.push({ bid, price: cells.price('price'), quantity: cells.quantity('amount') });
  }

  end(): void {
    if (this.#message !== undefined) putMessage(this.#sink, this.#message, this.#levels);
    this.#message = undefined;
    this.#levels = [];
  }
}
