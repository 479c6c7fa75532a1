import type { Clock } from '../../base/clock.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { MarketRecords } from '../../native/compute/market-record.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { AskedFact } from './market.ts';
import type { RestApi } from './rest.ts';

/** What is asked for whom, and who hears it. */
export interface FactAskerDeps {
  readonly fact: AskedFact;
  readonly rest: RestApi;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The instruments that are watched now, with their numbers in records. */
  watched(): readonly { readonly instrument: Instrument; readonly index: number }[];
  isWatched(instrument: Instrument): boolean;
  emit(records: Uint8Array, count: number): void;
  onParseError(reason: string): void;
}

/** Asks over REST for what no stream tells, each instrument in turn. What is not answered is asked for again in the next turn. */
export class FactAsker implements Disposable {
  readonly #deps: FactAskerDeps;
  readonly #records = new MarketRecords(1);
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(deps: FactAskerDeps) {
    this.#deps = deps;
  }

  /** Asks now and from then on; once. */
  start(): void {
    if (this.#timer === undefined && !this.#disposed) void this.#turn();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.[Symbol.dispose]();
  }

  async #turn(): Promise<void> {
    const { fact, scheduler, watched } = this.#deps;
    this.#timer = scheduler.setTimer(fact.everyMs, () => void this.#turn());
    for (const { instrument, index } of watched()) await this.#ask(instrument, index);
  }

  async #ask(instrument: Instrument, index: number): Promise<void> {
    const { fact, rest, clock, isWatched, emit, onParseError } = this.#deps;
    const { path, weight } = fact;
    const params = { symbol: instrument.symbol };
    const answer = await rest.json({ path, params, priority: 'data', weight });
    if (!answer.ok || this.#disposed || !isWatched(instrument)) return;
    const read = fact.read(answer.value, index, clock.nowNanos(), this.#records);
    if (read.ok) emit(this.#records.bytes, 1);
    else onParseError(read.error.message);
  }
}
