import type { FeedMessage } from '../../api/feed-service.ts';
import type { InstrumentId, VenueId } from '../../domain/identifiers.ts';
import { unixMicros } from '../../domain/time.ts';
import {
  ReferencePrices,
  type DivergenceChange,
  type SourceSwitch,
} from '../../market-data/reference-prices.ts';
import type { ConnectionHealth } from '../../ports/market-data-client.ts';
import type { InstrumentFeed } from './instrument-feed.ts';

const LOOK_MICROS = 1_000_000;

/** What the feed's data quality is watched with, and who is told. */
export interface FeedQualityParts {
  readonly nowMicros: () => number;
  /** Records are of the past, and tell their time. */
  readonly replayed: boolean;
  /** How far an instrument may lie from the same elsewhere. */
  readonly limitBps: number;
  readonly onDivergence: (change: DivergenceChange) => void;
  readonly onSwitch: (change: SourceSwitch) => void;
}

/** The quality of all that a feed follows: each instrument by itself, and against the same elsewhere. */
export class FeedQuality {
  readonly #parts: FeedQualityParts;
  readonly #feeds: readonly InstrumentFeed[];
  readonly #byId: ReadonlyMap<InstrumentId, InstrumentFeed>;
  readonly #references: ReferencePrices;
  /** Of the newest record that was looked at, in a replay. */
  #replayMicros = 0;
  #lookedMicros = Number.POSITIVE_INFINITY;
  readonly #offsets = new Map<VenueId, number>();

  constructor(feeds: readonly InstrumentFeed[], parts: FeedQualityParts) {
    this.#parts = parts;
    this.#feeds = feeds;
    this.#byId = new Map(feeds.map((feed) => [feed.instrument.id, feed]));
    const instruments = feeds.map(({ instrument }) => instrument);
    this.#references = new ReferencePrices(instruments, parts.limitBps);
  }

  /** A connection says how far its venue's clock is from ours. */
  onHealth({ venue, clockOffsetMicros }: ConnectionHealth): void {
    if (venue !== undefined && clockOffsetMicros !== undefined)
      this.#offsets.set(venue, clockOffsetMicros);
  }

  /** A record of a replay is of this time of the venue: however fast it runs, it is looked at for each of its seconds. */
  onReplayed(atMicros: number): void {
    if (atMicros < this.#replayMicros + LOOK_MICROS) return;
    this.#replayMicros = atMicros;
    this.look();
  }

  /** Looks at each instrument by itself: once a second. */
  look(): void {
    const { replayed } = this.#parts;
    const nowMicros = replayed ? this.#replayMicros : this.#parts.nowMicros();
    if (nowMicros === 0) return;
    // A recording was whole between two of its records; a machine that slept was not there.
    const sinceMicros = replayed ? this.#lookedMicros : nowMicros;
    this.#lookedMicros = nowMicros;
    for (const { instrument, quality } of this.#feeds) {
      const offsetMicros = this.#offsets.get(instrument.venue);
      quality.look({ nowMicros, sinceMicros, offsetMicros });
    }
  }

  /** Compares what is priced alike: some times a second. */
  compare(): void {
    const now = this.#parts.nowMicros();
    const { divergences, switches } = this.#references.look(
      ({ id }) => this.#byId.get(id)?.mid,
      now,
    );
    for (const change of divergences) {
      const { quality } = this.#byId.get(change.instrument.id) ?? {};
      quality?.onDivergence(change.divergence !== undefined);
      this.#parts.onDivergence(change);
    }
    for (const change of switches) this.#parts.onSwitch(change);
  }

  /** All of it, as windows that ask for it get it. */
  message(): Extract<FeedMessage, { type: 'Quality' }> {
    return {
      type: 'Quality',
      at: unixMicros(this.#parts.nowMicros()),
      instruments: this.#feeds.map((feed) => {
        const { instrument, quality, state, at, divergence } = feed;
        const offsetMicros = this.#offsets.get(instrument.venue);
        const { delays } = quality;
        return {
          instrument: instrument.id,
          state,
          counts: { ...quality.counts },
          ...(at > 0 && { at }),
          ...(delays && { delays }),
          ...(offsetMicros !== undefined && { offsetMicros }),
          ...(divergence && { divergence }),
        };
      }),
      references: this.#references.references.map(
        ({ pair, sources, source, switches, switchedAt }) => ({
          pair,
          sources: [...sources],
          switches,
          ...(source !== undefined && { source }),
          ...(switchedAt > 0 && { switchedAt: unixMicros(switchedAt) }),
        }),
      ),
    };
  }
}
