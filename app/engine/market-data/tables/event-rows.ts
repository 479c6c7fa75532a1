import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_LAST,
  KIND_TRADE,
} from '../../native/compute/market-record.ts';
import { putMessage, type BookMessage, type ChangedLevel } from './book-rows.ts';
import type { Cells } from './cells.ts';
import type { RecordSink, RowReader } from './table-shape.ts';

const LOCAL = 1 << 30;
const BUY = 1 << 29;
const SELL = 1 << 28;
const KIND_MASK = 0xff;
const DEPTH = 1;
const TRADE = 2;
const CLEAR = 3;
const SNAPSHOT = 4;

/** Events of hftbacktest as they were received: those of the exchange's side alone are passed over. Levels of one time of receipt are one message. */
export class EventRows implements RowReader {
  readonly #sink: RecordSink;
  #message: BookMessage | undefined;
  #levels: ChangedLevel[] = [];

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  read(cells: Cells): void {
    const event = cells.whole('ev');
    if ((event & LOCAL) === 0) return;
    const kind = event & KIND_MASK;
    const initNanos = cells.nanos('local_ts', 'ns');
    const eventNanos = cells.nanos('exch_ts', 'ns');
    if (kind === TRADE) {
      this.end();
      const [price, quantity] = [cells.price('px'), cells.quantity('qty')];
      const flags = FLAG_LAST | aggressorOf(event);
      this.#sink.put(KIND_TRADE, flags, eventNanos, initNanos, price, quantity, 0, 0, 0);
      return;
    }
    if (kind !== DEPTH && kind !== CLEAR && kind !== SNAPSHOT) {
      cells.refuse('ev', 'must be depth 1, trade 2, clear 3 or snapshot 4');
    }
    const snapshot = kind !== DEPTH;
    const before = this.#message;
    if (before?.initNanos !== initNanos || before.snapshot !== snapshot) {
      this.end();
      this.#message = { snapshot, initNanos, eventNanos, id: 0 };
    }
    if (kind === CLEAR) return;
    const bid = (event & BUY) !== 0;
    if (bid === ((event & SELL) !== 0)) cells.refuse('ev', 'must name one side');
    this.#levels.push({ bid, price: cells.price('px'), quantity: cells.quantity('qty') });
  }

  end(): void {
    if (this.#message !== undefined) putMessage(this.#sink, this.#message, this.#levels);
    this.#message = undefined;
    this.#levels = [];
  }
}

function aggressorOf(event: number): number {
  if ((event & SELL) !== 0) return FLAG_AGGRESSOR_SELL;
  return (event & BUY) === 0 ? FLAG_AGGRESSOR_UNKNOWN : 0;
}
