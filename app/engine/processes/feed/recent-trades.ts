import type { TradeRow } from '../../api/feed-service.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { Print } from './instrument-feed.ts';

/** As many as a tape keeps. */
export const RECENT_TRADES = 500;
const NUMBERS = 5;
/** In place of 1, bought, and 0, sold: nobody told. */
const UNTOLD = -1;

/** The newest public trades of an instrument, for a window that begins to look. Packed: keeping them leaves no garbage. */
export class RecentTrades {
  readonly #numbers = new Float64Array(RECENT_TRADES * NUMBERS);
  #added = 0;

  add({ id, price: at, quantity: size, buyer, at: time }: Print): void {
    const numbers = this.#numbers;
    const from = (this.#added % RECENT_TRADES) * NUMBERS;
    numbers[from] = id;
    numbers[from + 1] = at;
    numbers[from + 2] = size;
    numbers[from + 3] = buyer === undefined ? UNTOLD : Number(buyer);
    numbers[from + 4] = time;
    this.#added += 1;
  }

  /** Oldest first. */
  rows(): TradeRow[] {
    const count = Math.min(this.#added, RECENT_TRADES);
    return Array.from({ length: count }, (_, index) => {
      const from = ((this.#added - count + index) % RECENT_TRADES) * NUMBERS;
      const [id = 0, at = 0, size = 0, buyer = 0, time = 0] = this.#numbers.subarray(
        from,
        from + NUMBERS,
      );
      return [
        id,
        price(at),
        quantity(size),
        buyer === UNTOLD ? null : buyer === 1,
        unixMicros(time),
      ];
    });
  }
}
