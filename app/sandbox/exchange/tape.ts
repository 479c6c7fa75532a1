/** A public trade; mantissas at the listing's scales. */
export interface TapeTrade {
  readonly id: number;
  readonly price: number;
  readonly quantity: number;
  readonly timeMs: number;
  readonly buyerIsMaker: boolean;
}

/** Trades of one taker at one price. */
export interface AggregateTrade {
  readonly id: number;
  readonly price: number;
  quantity: number;
  readonly firstTradeId: number;
  lastTradeId: number;
  readonly timeMs: number;
  readonly buyerIsMaker: boolean;
}

const KEPT = 20_000;

/** The latest trades, oldest first. */
export class Tape {
  readonly #trades: TapeTrade[] = [];
  readonly #aggregates: AggregateTrade[] = [];
  /** Of its first trade, and of its first aggregate: before them each trade is one of its own. */
  readonly firstId: number;
  #nextAggregate: number;
  #taker = 0;

  constructor(firstId: number) {
    this.firstId = firstId;
    this.#nextAggregate = firstId;
  }

  get trades(): readonly TapeTrade[] {
    return this.#trades;
  }

  get aggregates(): readonly AggregateTrade[] {
    return this.#aggregates;
  }

  /** Records a trade of taker order `taker`; true when it opened a new aggregate. */
  add(trade: TapeTrade, taker: number): boolean {
    this.#trades.push(trade);
    if (this.#trades.length > KEPT * 2) this.#trades.splice(0, KEPT);
    const last = this.#aggregates.at(-1);
    if (last !== undefined && taker === this.#taker && last.price === trade.price) {
      last.quantity += trade.quantity;
      last.lastTradeId = trade.id;
      return false;
    }
    this.#taker = taker;
    this.#aggregates.push({
      id: this.#nextAggregate,
      price: trade.price,
      quantity: trade.quantity,
      firstTradeId: trade.id,
      lastTradeId: trade.id,
      timeMs: trade.timeMs,
      buyerIsMaker: trade.buyerIsMaker,
    });
    this.#nextAggregate += 1;
    if (this.#aggregates.length > KEPT * 2) this.#aggregates.splice(0, KEPT);
    return true;
  }
}
