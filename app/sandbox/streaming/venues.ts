import type { SessionRules } from '../binance/session.ts';
import { shownBy } from '../exchange/following-market.ts';
import type { ExchangeView } from '../exchange/market-view.ts';
import { ALPACA } from './alpaca.ts';
import { BYBIT } from './bybit.ts';
import { COINBASE } from './coinbase.ts';
import { DERIBIT } from './deribit.ts';
import { KRAKEN } from './kraken.ts';
import { OKX } from './okx.ts';
import type { PublicAnswer, Speaker } from './speaker.ts';
import { SpokenStreams } from './streams.ts';
import type { Differences } from '../venue-differences.ts';

const SPEAKERS: readonly Speaker[] = [KRAKEN, OKX, COINBASE, DERIBIT, BYBIT, ALPACA];

/** The exchange in the words of every other venue, each below a path of its own. */
export class SpokenVenues {
  readonly #venues: readonly {
    readonly path: string;
    readonly streams: SpokenStreams;
    advance(): void;
  }[];

  constructor(exchange: ExchangeView, rules: SessionRules, differences: Differences) {
    this.#venues = SPEAKERS.map((speaker) => {
      const shown = shownBy(exchange, differences.get(speaker.path.slice(1).toUpperCase()));
      return {
        path: speaker.path,
        streams: new SpokenStreams(shown, speaker, rules),
        advance: () => shown.advance(),
      };
    });
  }

  /** The streams below a path; undefined where no venue is. */
  streamsAt(path: string): SpokenStreams | undefined {
    return this.#at(path)?.streams;
  }

  /** The answer to a public question; undefined where no venue is. */
  answer(
    method: string,
    url: string,
    headers?: Readonly<Record<string, unknown>>,
  ): PublicAnswer | undefined {
    const venue = this.#at(url);
    if (venue === undefined || method !== 'GET') return undefined;
    return venue.streams.answer(url.slice(venue.path.length), headers);
  }

  tick(): void {
    for (const { streams, advance } of this.#venues) {
      advance();
      streams.tick();
    }
  }

  sayFarewell(): void {
    for (const { streams } of this.#venues) streams.sayFarewell();
  }

  #at(url: string) {
    return this.#venues.find(({ path }) => url.startsWith(`${path}/`));
  }
}
