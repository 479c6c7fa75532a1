import type { RawData } from 'ws';
import type { SyntheticBar } from '../../engine/synthetic/bar-series.ts';
import type { BestQuote, ExchangeView, MarketView } from '../exchange/market-view.ts';
import type { AggregateTrade, TapeTrade } from '../exchange/tape.ts';
import { DepthDiff } from './depth-diff.ts';
import { INTERVALS, intervalOf } from './klines.ts';
import { levelTexts } from './market-operations.ts';
import { Session, type PeerSocket, type SessionRules } from './session.ts';
import {
  aggregateMessage,
  klineMessage,
  miniTickerMessage,
  quoteMessage,
  tickerMessage,
  tradeMessage,
} from './stream-messages.ts';
import { answerControl } from './stream-control.ts';
import type { NamedMessage, StreamDialect } from './stream-dialect.ts';
import { rawText } from './ws-api.ts';

const FAST_MS = 100;
const SLOW_MS = 1000;
const KLINE_MS = 2000;
const PARTIAL_DEPTHS = [5, 10, 20] as const;

interface Connection {
  readonly session: Session;
  combined: boolean;
  readonly streams: Set<string>;
  inboundSecond: number;
  inbound: number;
}

/** The public streams behind one door of Binance. */
export class MarketStreams {
  readonly #exchange: ExchangeView;
  readonly #rules: SessionRules;
  readonly #enforce: boolean;
  readonly #dialect: StreamDialect;
  readonly #connections = new Set<Connection>();
  readonly #subscribers = new Map<string, Set<Connection>>();
  readonly #fast: readonly DepthDiff[];
  readonly #slow: readonly DepthDiff[];
  #lastFast = 0;
  #lastSlow = 0;
  #lastKline = 0;

  constructor(
    exchange: ExchangeView,
    rules: SessionRules,
    enforceInboundLimit: boolean,
    dialect: StreamDialect,
  ) {
    this.#exchange = exchange;
    this.#rules = rules;
    this.#enforce = enforceInboundLimit;
    this.#dialect = dialect;
    this.#fast = exchange.markets.map((market) => new DepthDiff(market.updateId));
    this.#slow = exchange.markets.map((market) => new DepthDiff(market.updateId));
    for (const market of exchange.markets) {
      market.listen({
        trade: (source, trade) => this.#trade(source, trade),
        aggregate: (source, trade) => this.#aggregate(source, trade),
        level: (source, side, price, total, updateId) => {
          this.#fast[source.index]?.change(side, price, total, updateId);
          this.#slow[source.index]?.change(side, price, total, updateId);
        },
        quote: (source, quote) => this.#quote(source, quote),
        barClosed: (source, bar) => this.#barClosed(source, bar),
      });
    }
  }

  /** Takes over an upgraded connection that asked for `streams`. */
  connect(socket: PeerSocket, streams: readonly string[], combined: boolean): void {
    const connection: Connection = {
      session: new Session(socket, this.#rules, () => this.#farewell(combined)),
      combined,
      streams: new Set(),
      inboundSecond: 0,
      inbound: 0,
    };
    this.#connections.add(connection);
    for (const stream of streams) this.#subscribe(connection, stream);
    socket.on('ping', () => this.#countInbound(connection));
    socket.on('pong', () => this.#countInbound(connection));
    socket.on('message', (data: RawData) => this.#receive(connection, rawText(data)));
    socket.on('close', () => {
      for (const stream of connection.streams) this.#unsubscribe(connection, stream);
      this.#connections.delete(connection);
    });
  }

  sayFarewell(): void {
    for (const { session } of this.#connections) session.sayFarewell();
  }

  /** Sends what is due by the exchange's clock. */
  tick(): void {
    const nowMs = this.#exchange.nowMs();
    for (const { session } of this.#connections) session.tick();
    if (Math.floor(nowMs / FAST_MS) !== this.#lastFast) {
      this.#lastFast = Math.floor(nowMs / FAST_MS);
      this.#depth(this.#fast, '@100ms', nowMs);
    }
    if (Math.floor(nowMs / SLOW_MS) !== this.#lastSlow) {
      this.#lastSlow = Math.floor(nowMs / SLOW_MS);
      this.#depth(this.#slow, '', nowMs);
      this.#tickers(nowMs);
    }
    if (Math.floor(nowMs / KLINE_MS) !== this.#lastKline) {
      this.#lastKline = Math.floor(nowMs / KLINE_MS);
      this.#klines(nowMs);
    }
  }

  #receive(connection: Connection, text: string): void {
    if (this.#countInbound(connection)) return;
    const answer = answerControl(text, {
      streams: connection.streams,
      combined: connection.combined,
      subscribe: (stream) => this.#subscribe(connection, stream),
      unsubscribe: (stream) => this.#unsubscribe(connection, stream),
      setCombined: (combined) => {
        connection.combined = combined;
      },
    });
    connection.session.send(JSON.stringify(answer));
  }

  /** True when the connection was cut because it talks too much. */
  #countInbound(connection: Connection): boolean {
    const second = Math.floor(this.#rules.clockMs() / 1000);
    if (second !== connection.inboundSecond) {
      connection.inboundSecond = second;
      connection.inbound = 0;
    }
    connection.inbound += 1;
    if (!this.#enforce || connection.inbound <= this.#dialect.inbound) return false;
    connection.session.socket.close(1008, 'Too many requests');
    return true;
  }

  #subscribe(connection: Connection, stream: string): void {
    connection.streams.add(stream);
    if (!this.#dialect.carries(stream)) return;
    const subscribers = this.#subscribers.get(stream) ?? new Set();
    subscribers.add(connection);
    this.#subscribers.set(stream, subscribers);
  }

  #unsubscribe(connection: Connection, stream: string): void {
    connection.streams.delete(stream);
    const subscribers = this.#subscribers.get(stream);
    subscribers?.delete(connection);
    if (subscribers?.size === 0) this.#subscribers.delete(stream);
  }

  #publish(stream: string, message: () => object): void {
    const subscribers = this.#subscribers.get(stream);
    if (subscribers === undefined) return;
    const made = message();
    const nowMs = this.#exchange.nowMs();
    const text = JSON.stringify(Array.isArray(made) ? made : this.#dialect.write(made, nowMs));
    for (const connection of subscribers) {
      connection.session.send(connection.combined ? `{"stream":"${stream}","data":${text}}` : text);
    }
  }

  #tell(market: MarketView, told: readonly NamedMessage[]): void {
    for (const { name, message } of told) {
      this.#publish(`${streamSymbol(market)}@${name}`, () => message);
    }
  }

  #trade(market: MarketView, trade: TapeTrade): void {
    this.#tell(market, this.#dialect.ofTrade(market, trade));
    this.#publish(`${streamSymbol(market)}@trade`, () =>
      tradeMessage(market, trade, this.#exchange.nowMs()),
    );
  }

  #aggregate(market: MarketView, trade: AggregateTrade): void {
    this.#publish(`${streamSymbol(market)}@aggTrade`, () =>
      aggregateMessage(market, trade, this.#exchange.nowMs()),
    );
  }

  #quote(market: MarketView, quote: BestQuote): void {
    this.#publish(`${streamSymbol(market)}@bookTicker`, () => quoteMessage(market, quote));
  }

  #barClosed(market: MarketView, minute: SyntheticBar): void {
    const nowMs = this.#exchange.nowMs();
    for (const [interval, lengthMs] of Object.entries(INTERVALS)) {
      const end = minute.openTime + 60_000;
      if (end % lengthMs !== 0) continue;
      this.#publish(`${streamSymbol(market)}@kline_${interval}`, () => {
        const bar = market.barOf(end - lengthMs, lengthMs) ?? minute;
        return klineMessage(market, interval, lengthMs, bar, true, nowMs);
      });
    }
  }

  #depth(diffs: readonly DepthDiff[], suffix: string, nowMs: number): void {
    for (const market of this.#exchange.markets) {
      const symbol = streamSymbol(market);
      const partial = PARTIAL_DEPTHS.map((levels) => `${symbol}@depth${levels}${suffix}`);
      const streams = [`${symbol}@depth${suffix}`, ...partial];
      const diff = diffs[market.index];
      if (!streams.some((stream) => this.#subscribers.has(stream))) {
        diff?.drop();
        continue;
      }
      const message = diff?.take(market, nowMs);
      if (message === undefined) continue;
      this.#publish(`${symbol}@depth${suffix}`, () => message);
      for (const levels of PARTIAL_DEPTHS) {
        this.#publish(`${symbol}@depth${levels}${suffix}`, () => ({
          lastUpdateId: market.updateId,
          bids: levelTexts(market, 'Buy', levels),
          asks: levelTexts(market, 'Sell', levels),
        }));
      }
    }
  }

  #tickers(nowMs: number): void {
    for (const market of this.#exchange.markets) {
      const symbol = streamSymbol(market);
      this.#publish(`${symbol}@ticker`, () => tickerMessage(market, nowMs));
      this.#publish(`${symbol}@miniTicker`, () => miniTickerMessage(market, nowMs));
      this.#tell(market, this.#dialect.eachSecond(market, nowMs));
    }
    this.#publish('!miniTicker@arr', () =>
      this.#exchange.markets.map((market) => miniTickerMessage(market, nowMs)),
    );
  }

  #klines(nowMs: number): void {
    for (const stream of this.#subscribers.keys()) {
      const match = /^([a-z0-9]+)@kline_(\w+)$/.exec(stream);
      const market = this.#exchange.market(match?.[1]?.toUpperCase() ?? '');
      const interval = match?.[2] ?? '';
      const lengthMs = intervalOf(interval);
      if (market === undefined || lengthMs === undefined) continue;
      const bar = market.barOf(Math.floor(nowMs / lengthMs) * lengthMs, lengthMs);
      if (bar === undefined) continue;
      this.#publish(stream, () => klineMessage(market, interval, lengthMs, bar, false, nowMs));
    }
  }

  #farewell(combined: boolean): string | undefined {
    if (!this.#dialect.saysFarewell) return undefined;
    const event = { e: 'serverShutdown', E: this.#exchange.nowMs() };
    return JSON.stringify(combined ? { stream: '!serverShutdown', data: event } : event);
  }
}

function streamSymbol(market: MarketView): string {
  return market.listing.symbol.toLowerCase();
}
