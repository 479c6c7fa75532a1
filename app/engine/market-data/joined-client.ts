import { ok, type Result } from '../base/result.ts';
import type { InstrumentId, VenueId } from '../domain/identifiers.ts';
import { parseInstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketDataClient, VenueError } from '../ports/market-data-client.ts';
import type { MarketHistory } from '../ports/market-history.ts';

/** A venue that is watched beside the one that is traded, and the symbols that are wanted of it. */
export interface WatchedVenue {
  readonly venue: VenueId;
  readonly client: MarketDataClient;
  readonly symbols: readonly string[];
}

/** Several venues as one: each is asked for what is its own. What another venue does or fails to do keeps nothing of the first from coming. */
export class JoinedClient implements MarketDataClient {
  readonly #first: MarketDataClient;
  readonly #others: readonly WatchedVenue[];
  readonly #listed = new Map<VenueId, readonly Instrument[]>();

  constructor(first: MarketDataClient, others: readonly WatchedVenue[]) {
    this.#first = first;
    this.#others = others;
  }

  /** The first venue's instruments, then those of the others as they were listed last. */
  async loadInstruments(
    symbols?: readonly string[],
  ): Promise<Result<readonly Instrument[], VenueError>> {
    const [first] = await Promise.all([this.#first.loadInstruments(symbols), this.listOthers()]);
    return first.ok ? ok([...first.value, ...this.others]) : first;
  }

  /** Asks the other venues for what they list; what each said is returned, in their order. */
  async listOthers(): Promise<readonly Result<readonly Instrument[], VenueError>[]> {
    return Promise.all(
      this.#others.map(async ({ venue, client, symbols }) => {
        const listed = await client.loadInstruments(symbols);
        if (listed.ok) this.#listed.set(venue, listed.value);
        return listed;
      }),
    );
  }

  /** The wanted instruments of other venues that have been listed, in the order of the wish. */
  get others(): readonly Instrument[] {
    return this.#others.flatMap(({ venue, symbols }) => {
      const bySymbol = new Map(this.#listed.get(venue)?.map((one) => [one.symbol, one]));
      return symbols.flatMap((symbol) => bySymbol.get(symbol) ?? []);
    });
  }

  subscribe(
    instruments: readonly { readonly instrument: Instrument; readonly index: number }[],
  ): void {
    for (const client of [this.#first, ...this.#others.map((other) => other.client)]) {
      const own = instruments.filter(({ instrument }) => this.#clientOf(instrument.id) === client);
      if (own.length > 0) client.subscribe(own);
    }
  }

  unsubscribe(instruments: readonly InstrumentId[]): void {
    for (const id of instruments) this.#clientOf(id).unsubscribe([id]);
  }

  doubtBook(...[instrument, because]: Parameters<MarketDataClient['doubtBook']>): void {
    this.#clientOf(instrument).doubtBook(instrument, because);
  }

  loadBars(
    ...[instrument, interval, range]: Parameters<MarketDataClient['loadBars']>
  ): ReturnType<MarketDataClient['loadBars']> {
    return this.#clientOf(instrument.id).loadBars(instrument, interval, range);
  }

  history(instrument: Instrument): MarketHistory {
    return this.#clientOf(instrument.id).history?.(instrument) ?? {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#first[Symbol.asyncDispose]();
    for (const { client } of this.#others) await client[Symbol.asyncDispose]();
  }

  #clientOf(id: InstrumentId): MarketDataClient {
    const parsed = parseInstrumentId(id);
    const other = this.#others.find(({ venue }) => parsed.ok && parsed.value.venue === venue);
    return other?.client ?? this.#first;
  }
}
