import type { BarSeries, SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { PastTradesView } from './market-view.ts';
import type { AggregateTrade, Tape, TapeTrade } from './tape.ts';

/** The trades of an exchange from the beginning of its minutes on: those on its tape, and of the time before the session trades that add up to its bars. */
export class PastTrades implements PastTradesView {
  readonly #minutes: BarSeries;
  /** Minutes from here on are the session's. */
  readonly #lived: number;
  readonly #tape: Tape;

  /** `minutes` end where the session begins. */
  constructor(minutes: BarSeries, tape: Tape) {
    this.#minutes = minutes;
    this.#lived = minutes.length;
    this.#tape = tape;
  }

  from(id: number, most: number): readonly TapeTrade[] {
    const trades: TapeTrade[] = [];
    for (let at = this.#minuteOf(id); at < this.#lived && trades.length < most; at += 1) {
      const bar = this.#minutes.bar(at);
      trades.push(...tradesOf(bar, this.#minutes.intervalMs).filter((trade) => trade.id >= id));
    }
    if (trades.length >= most) return trades.slice(0, most);
    const own = this.#tape.trades;
    const first = own.findIndex((trade) => trade.id >= id);
    return first < 0 ? trades : [...trades, ...own.slice(first, first + most - trades.length)];
  }

  before(id: number, most: number): readonly TapeTrade[] {
    return this.from(Math.max(1, id - most), most).filter((trade) => trade.id < id);
  }

  idAt(timeMs: number): number {
    const minute = Math.max(0, this.#minutes.indexAt(timeMs));
    if (minute < this.#lived) {
      const bar = this.#minutes.bar(minute);
      const trade = tradesOf(bar, this.#minutes.intervalMs).find((one) => one.timeMs >= timeMs);
      return trade?.id ?? bar.firstTradeId + bar.trades;
    }
    const own = this.#tape.trades;
    const next = (own.at(-1)?.id ?? Number.MAX_SAFE_INTEGER - 1) + 1;
    return own.find((one) => one.timeMs >= timeMs)?.id ?? next;
  }

  aggregatesFrom(id: number, most: number): readonly AggregateTrade[] {
    const { firstId, aggregates } = this.#tape;
    const before = id >= firstId ? [] : this.from(id, most).filter((one) => one.id < firstId);
    const own = aggregates.filter((one) => one.id >= id);
    return [...before.map(alone), ...own].slice(0, most);
  }

  aggregateIdAt(timeMs: number): number {
    const id = this.idAt(timeMs);
    const { firstId, aggregates } = this.#tape;
    if (id < firstId) return id;
    return aggregates.find((one) => one.timeMs >= timeMs)?.id ?? (aggregates.at(-1)?.id ?? id) + 1;
  }

  /** The last minute whose first trade is not above this id. */
  #minuteOf(id: number): number {
    let low = 0;
    let high = this.#lived;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#minutes.value('firstTradeId', middle) <= id) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

function alone({ id, ...trade }: TapeTrade): AggregateTrade {
  return { ...trade, id, firstTradeId: id, lastTradeId: id };
}

/** Trades that make a bar: as many, of its volume and its buyers' part of it, from its open over its extremes to its close. A bar of fewer than four trades misses the prices there is no trade for. */
export function tradesOf(bar: SyntheticBar, intervalMs: number): readonly TapeTrade[] {
  const { trades: count, firstTradeId, openTime } = bar;
  const prices = pathOf(bar);
  const buys = buyersOf(bar);
  const bought = spread(bar.takerBuyVolume, buys.filter(Boolean).length);
  const sold = spread(bar.volume - bar.takerBuyVolume, buys.filter((one) => !one).length);
  return Array.from({ length: count }, (_, row) => {
    const isBuy = buys[row] === true;
    return {
      id: firstTradeId + row,
      price: prices[row] ?? bar.close,
      quantity: (isBuy ? bought : sold)() ?? 0,
      timeMs: openTime + Math.floor((row * intervalMs) / count),
      buyerIsMaker: !isBuy,
    };
  });
}

/** Open, the extremes in the order in which the way is shorter, close; what lies between two of them stands at the nearer one. */
function pathOf({ open, high, low, close, trades }: SyntheticBar): readonly number[] {
  if (trades < 4) return [...[open, close].slice(2 - Math.max(1, trades)), close];
  const turns = close >= open ? [open, low, high, close] : [open, high, low, close];
  const steps = trades - 1;
  const path: number[] = [];
  for (let leg = 0; leg < 3; leg += 1) {
    const [from = open, to = close] = turns.slice(leg, leg + 2);
    const first = Math.floor((leg * steps) / 3);
    const last = Math.floor(((leg + 1) * steps) / 3);
    for (let row = first; row < last; row += 1) path.push(row * 2 < first + last ? from : to);
    path[first] = from;
  }
  return [...path, close];
}

/** Which trades a buyer began, spread evenly by their part of the volume; both sides have one where both have volume. */
function buyersOf({ trades, volume, takerBuyVolume }: SyntheticBar): readonly boolean[] {
  const sold = volume - takerBuyVolume;
  const least = takerBuyVolume > 0 ? 1 : 0;
  const most = trades - (sold > 0 ? 1 : 0);
  const share = volume === 0 ? 0 : takerBuyVolume / volume;
  const buys = Math.min(most, Math.max(least, Math.round(trades * share)));
  return Array.from(
    { length: trades },
    (_, row) => Math.floor(((row + 1) * buys) / trades) > Math.floor((row * buys) / trades),
  );
}

/** Gives an amount away in so many parts, one at a call; they add up to it. */
function spread(amount: number, parts: number): () => number | undefined {
  let given = 0;
  let part = 0;
  return () => {
    if (part >= parts) return undefined;
    part += 1;
    const until = Math.floor((amount * part) / parts);
    const one = until - given;
    given = until;
    return one;
  };
}
