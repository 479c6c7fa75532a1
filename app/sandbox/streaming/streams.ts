import type { RawData } from 'ws';
import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import { Session, type PeerSocket, type SessionRules } from '../binance/session.ts';
import { rawText } from '../binance/ws-api.ts';
import type { BestQuote, ExchangeView, MarketView } from '../exchange/market-view.ts';
import type { TapeTrade } from '../exchange/tape.ts';
import { textOf } from '../faults/passing.ts';
import type { BookLevels, Channel, Message, PublicAnswer, Speaker, Topic } from './speaker.ts';

const BOOK_MS = 100;
const BAR_MS = 2_000;
const SECOND_MS = 1_000;
const MOST_LEVELS = 1_000;
/** The code of a connection that ends because a client may not have it. */
const POLICY = 1008;
/** As many best levels as a checksum may cover. */
const BEST_LEVELS = 25;

interface Client {
  readonly session: Session;
  readonly topics: Map<string, Topic>;
  /** Books whose snapshot is still to come. */
  readonly begins: Set<MarketView>;
  sequence: number;
  admitted: boolean;
}

/** The changes of one book since the last message. */
interface Changes {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  /** Where the last message left the book, and how many there were. */
  id: number;
  ordinal: number;
}

/** The public streams of an exchange in the words of one venue. */
export class SpokenStreams {
  readonly #exchange: ExchangeView;
  readonly #speaker: Speaker;
  readonly #rules: SessionRules;
  readonly #clients = new Set<Client>();
  readonly #changes: readonly Changes[];
  readonly #bySymbol: ReadonlyMap<string, MarketView>;
  #lastBooks = 0;
  #lastBars = 0;
  #lastSecond = 0;

  constructor(exchange: ExchangeView, speaker: Speaker, rules: SessionRules) {
    this.#exchange = exchange;
    this.#speaker = speaker;
    this.#rules = rules;
    this.#bySymbol = new Map(exchange.markets.map((one) => [speaker.symbolOf(one), one]));
    this.#changes = exchange.markets.map(({ updateId }) => ({
      bids: new Map(),
      asks: new Map(),
      id: updateId,
      ordinal: 1,
    }));
    for (const market of exchange.markets) {
      market.listen({
        trade: (source, trade) => this.#onTrade(source, trade),
        aggregate: () => undefined,
        level: ({ index }, side, price, total) => {
          this.#changes[index]?.[side === 'Buy' ? 'bids' : 'asks'].set(price, total);
        },
        quote: (source, quote) => this.#onQuote(source, quote),
        barClosed: (source, bar) => this.#onBar(source, bar, true),
      });
    }
  }

  /** Takes over an upgraded connection. */
  connect(socket: PeerSocket): void {
    const client: Client = {
      session: new Session(socket, this.#rules, () => undefined),
      topics: new Map(),
      begins: new Set(),
      sequence: 0,
      admitted: this.#speaker.admission === undefined,
    };
    this.#clients.add(client);
    for (const message of this.#speaker.greeting?.() ?? []) send(client, message);
    socket.on('message', (data: RawData) => this.#hear(client, rawText(data)));
    socket.on('close', () => this.#clients.delete(client));
  }

  /** Sends what is due by the exchange's clock. */
  tick(): void {
    const nowMs = this.#exchange.nowMs();
    for (const { session } of this.#clients) session.tick();
    this.#endUnknown();
    if (Math.floor(nowMs / BOOK_MS) !== this.#lastBooks) {
      this.#lastBooks = Math.floor(nowMs / BOOK_MS);
      for (const market of this.#exchange.markets) this.#sendBook(market, nowMs);
    }
    if (Math.floor(nowMs / BAR_MS) !== this.#lastBars) {
      this.#lastBars = Math.floor(nowMs / BAR_MS);
      for (const market of this.#exchange.markets) this.#onBar(market, market.current, false);
    }
    const second = Math.floor(nowMs / SECOND_MS);
    if (second === this.#lastSecond) return;
    this.#lastSecond = second;
    const beat = this.#speaker.heartbeat?.(second, nowMs);
    if (beat !== undefined) for (const client of this.#clients) send(client, beat);
  }

  /** Says farewell to everybody. */
  sayFarewell(): void {
    for (const { session } of this.#clients) session.sayFarewell();
  }

  /** Answers a public question; `url` begins behind the venue's path. */
  answer(url: string, headers: Readonly<Record<string, unknown>> = {}): PublicAnswer {
    const [path = '', query = ''] = url.split('?', 2);
    const said = this.#speaker.answer(path, {
      query: new URLSearchParams(query),
      exchange: this.#exchange,
      header: (name) => textOf(headers[name]),
    });
    return said ?? { status: 404, body: '{"message":"no such question"}' };
  }

  #hear(client: Client, text: string): void {
    const { admitted, topics } = client;
    const heard = this.#speaker.hear(text, { admitted, topics: [...topics.values()] });
    if (heard === undefined) return;
    for (const reply of heard.replies) send(client, reply);
    if (heard.admits === true) client.admitted = true;
    if (heard.ends === true) client.session.socket.close(POLICY);
    for (const { channel, symbol } of heard.unsubscribe ?? []) {
      client.topics.delete(topicOf(channel, symbol));
    }
    for (const { channel, symbol } of heard.subscribe ?? []) {
      const market = this.#bySymbol.get(symbol);
      if (market === undefined) continue;
      client.topics.set(topicOf(channel, symbol), { channel, symbol });
      // It comes with the next change, so that the two join.
      if (channel === 'book') client.begins.add(market);
    }
  }

  /** Whoever has not shown a key in time hears so and is cut off. */
  #endUnknown(): void {
    const { admission } = this.#speaker;
    if (admission === undefined) return;
    const since = this.#rules.clockMs() - admission.withinMs;
    for (const client of this.#clients) {
      if (client.admitted || client.session.connectedMs > since) continue;
      send(client, admission.late);
      client.session.socket.close(POLICY);
    }
  }

  #sendBook(market: MarketView, nowMs: number): void {
    const changes = this.#changes[market.index];
    const topic = topicOf('book', this.#speaker.symbolOf(market));
    const clients = [...this.#clients].filter(({ topics }) => topics.has(topic));
    if (changes === undefined) return;
    const previous = changes.id;
    const { bids, asks } = changes;
    const moved = bids.size > 0 || asks.size > 0;
    changes.id = market.updateId;
    if (moved) changes.ordinal += 1;
    const { book } = this.#speaker;
    if (clients.length > 0 && book !== undefined) {
      const { id, ordinal } = changes;
      const about = { market, id, ordinal, nowMs, best: levelsOf(market, BEST_LEVELS) };
      const diff = book({ ...about, previous, bids: [...bids], asks: [...asks] });
      const standing = clients.filter(({ begins }) => !begins.has(market));
      if (moved) for (const client of standing) send(client, diff);
      const begins = clients.filter((client) => client.begins.delete(market));
      if (begins.length > 0) {
        const snapshot = book({ ...about, ...levelsOf(market, MOST_LEVELS) });
        for (const client of begins) send(client, snapshot);
      }
    }
    bids.clear();
    asks.clear();
  }

  #onTrade(market: MarketView, trade: TapeTrade): void {
    this.#publish('trades', market, () => this.#speaker.trade(market, trade));
  }

  #onQuote(market: MarketView, quote: BestQuote): void {
    this.#publish('quote', market, () =>
      this.#speaker.quote?.(market, quote, this.#exchange.nowMs()),
    );
  }

  #onBar(market: MarketView, bar: SyntheticBar, closed: boolean): void {
    this.#publish('bars', market, () =>
      this.#speaker.bar?.(market, bar, closed, this.#exchange.nowMs()),
    );
  }

  #publish(channel: Channel, market: MarketView, make: () => Message | undefined): void {
    const topic = topicOf(channel, this.#speaker.symbolOf(market));
    const clients = [...this.#clients].filter(({ topics }) => topics.has(topic));
    const message = clients.length === 0 ? undefined : make();
    if (message !== undefined) for (const client of clients) send(client, message);
  }
}

function send(client: Client, message: Message): void {
  client.session.send(message(client.sequence));
  client.sequence += 1;
}

function topicOf(channel: Channel, symbol: string): string {
  return `${channel} ${symbol}`;
}

function levelsOf(market: MarketView, most: number): BookLevels {
  return { bids: market.levels('Buy', most), asks: market.levels('Sell', most) };
}
