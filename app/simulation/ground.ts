import type { TradingState } from '../engine/domain/account.ts';
import type { InstrumentId } from '../engine/domain/identifiers.ts';
import type { Input, Update } from '../engine/domain/input.ts';
import type { KernelView } from '../engine/kernel/view.ts';

/** What the limits of the process say, and what a step of the clock too small to be noticed may add. */
const STALE_AFTER_MICROS = 5_000_000;
const UNNOTICED_MICROS = 550_000;

/** What is known of an instrument's prices. */
interface Prices {
  /** What the feed says of its data, and whether a quote came since it was last in doubt. */
  live: boolean;
  quoted: boolean;
  /** When the newest quote was made, by the world's time. */
  quotedAt: number;
}

/** What decides whether an order that adds risk may leave. */
export class Ground {
  readonly #prices = new Map<InstrumentId, Prices>();
  readonly #positions = new Map<InstrumentId, number>();
  #state: TradingState = 'Locked';
  #armed = false;

  /** A process begins with what it recovered; no quote has come yet. */
  begin(view: KernelView): void {
    this.#prices.clear();
    this.#positions.clear();
    for (const { instrument, quantity } of view.positions) {
      this.#positions.set(instrument, quantity);
    }
    this.#state = view.accounts[0]?.tradingState ?? 'Locked';
    this.#armed = view.armed.length > 0;
  }

  /** The process reads a quote that the feed made at `micros` of the world's time. */
  noteQuote(instrument: InstrumentId, micros: number): void {
    this.#of(instrument).quotedAt = micros;
  }

  /** What an input says of the prices. */
  note(input: Input): void {
    if (input.type === 'FeedLapped' || input.type === 'ClockAdjusted') {
      for (const prices of this.#prices.values()) prices.quoted = false;
    }
    if (input.type !== 'Market') return;
    const { event } = input;
    const prices = this.#of(event.instrument);
    if (event.type === 'DataStateChanged') prices.live = event.state === 'Live';
    if (event.type === 'QuoteChanged') prices.quoted = true;
  }

  /** What the kernel publishes of trading. */
  learn(update: Update): void {
    if (update.type === 'AccountChanged') this.#state = update.account.tradingState;
    if (update.type === 'ArmingChanged') this.#armed = update.armed;
    if (update.type !== 'PositionChanged') return;
    this.#positions.set(update.position.instrument, update.position.quantity);
  }

  get locked(): boolean {
    return this.#state === 'Locked';
  }

  /** The position by which an order is judged. */
  position(instrument: InstrumentId): number {
    return this.#positions.get(instrument) ?? 0;
  }

  /** Why nothing that adds risk may leave now; undefined when it may. */
  closed(instrument: InstrumentId, nowMicros: number): string | undefined {
    const { live, quoted, quotedAt } = this.#of(instrument);
    const ageMicros = nowMicros - quotedAt;
    if (this.#state !== 'Active') return `trading is ${this.#state}`;
    if (!this.#armed) return 'nobody is armed';
    if (!live || !quoted) return 'the data is in doubt';
    if (ageMicros <= STALE_AFTER_MICROS + UNNOTICED_MICROS) return undefined;
    return `the data is ${ageMicros} us old`;
  }

  #of(instrument: InstrumentId): Prices {
    const known = this.#prices.get(instrument);
    if (known !== undefined) return known;
    const prices = { live: false, quoted: false, quotedAt: 0 };
    this.#prices.set(instrument, prices);
    return prices;
  }
}
