import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { present } from '../../engine/base/invariant.ts';
import { epochMillis } from '../clock.ts';

const PROGRAM = join(import.meta.dirname, '../../cli/main.ts');
const TICK_MS = 5;
/** Trade ids of ours, far from those of the exchange. */
const FIRST_TRADE = 1_000_000_000;
const DAY_MS = 86_400_000;
/** Levels that a made change of a book has, and the prices they go round. */
const LEVELS = 10;
const LEVEL_PRICES = 500;

interface Addresses {
  readonly streams: string;
  readonly wsApi: string;
  readonly symbols: readonly string[];
}

/** How a venue is run. */
export interface VenueOptions {
  readonly seed: number;
  /** An instruments file; the five coins without one. */
  readonly instruments?: object;
}

/** A message that the gate can make. */
export type MadeMessage = 'trade' | 'bookTicker' | 'depthUpdate';

/** Fifty coins at 100 dollars, for `instruments`. */
export const FIFTY_COINS = {
  instruments: Array.from({ length: 50 }, (_, at) => ({
    symbol: `C${at + 10}USDT`,
    base: `C${at + 10}`,
    quote: 'USDT',
    price: '100.00',
    tickSize: '0.01',
    stepSize: '0.001',
  })),
};

/** What the gate knows of a symbol, and how many changes of its book are its own. */
interface Passing {
  /** The best bid, and the message from the best ask on. */
  quote?: { readonly bid: string; readonly ask: string };
  /** The id of the last change of its book that was told. */
  lastUpdate: number;
  lastQuote: number;
  /** Ids that were put in front of the exchange's own. */
  made: number;
  /** Those of them that quotes have told and no change yet. */
  ahead: number;
}

/** The sandbox as a process, behind a gate of ours that sees every message, when orders come, and can put trades of its own into the streams. */
export class Venue {
  /** For `--exchange`. */
  readonly file: string;
  readonly symbols: readonly string[];
  /** When order requests arrived, milliseconds since 1970. */
  readonly orders: number[] = [];
  /** Most bytes that waited for the desk to read them. */
  mostWaiting = 0;
  /** Messages put in so far. */
  sent = 0;
  /** Messages of each kind that were told on the streams, ours and the exchange's. */
  readonly told: Record<MadeMessage, number> = { trade: 0, bookTicker: 0, depthUpdate: 0 };
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #gate: WebSocketServer;
  readonly #streams = new Map<WebSocket, Socket>();
  readonly #passing = new Map<string, Passing>();
  readonly #watched = new Map<string, Set<string>>();
  #load: NodeJS.Timeout | undefined;

  private constructor(child: ChildProcess, document: Addresses, gate: WebSocketServer) {
    this.#child = child;
    this.#gate = gate;
    this.symbols = document.symbols;
    const { port } = this.#gate.address() as AddressInfo;
    this.#gate.on('connection', (client, request) => {
      const path = request.url ?? '/';
      const isApi = path.startsWith('/ws-api');
      const base = isApi ? new URL(document.wsApi).origin : document.streams;
      if (!isApi) this.#streams.set(client, request.socket);
      this.#join(client, new WebSocket(`${base}${path}`), isApi);
    });
    const ours = { streams: `ws://127.0.0.1:${port}`, wsApi: `ws://127.0.0.1:${port}/ws-api/v3` };
    this.#folder = mkdtempSync(join(tmpdir(), 'qd-bench-venue-'));
    this.file = join(this.#folder, 'exchange.json');
    writeFileSync(this.file, JSON.stringify({ ...document, ...ours }));
  }

  static async start({ seed, instruments }: VenueOptions): Promise<Venue> {
    const folder = mkdtempSync(join(tmpdir(), 'qd-bench-market-'));
    const file = join(folder, 'instruments.json');
    const listed = instruments === undefined ? [] : ['--instruments', file];
    if (instruments !== undefined) writeFileSync(file, JSON.stringify(instruments));
    const args = [PROGRAM, 'sandbox', '--json', '--limits', 'open', '--seed', String(seed)];
    const child = spawn(process.execPath, [...args, ...listed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const text = await new Promise<string>((resolve, reject) => {
      let heard = '';
      child.stdout.on('data', (chunk: Buffer) => {
        heard += chunk.toString();
        if (heard.endsWith('\n')) resolve(heard);
      });
      child.once('exit', (status) => {
        reject(new Error(`the sandbox ended with ${status}`));
      });
    });
    rmSync(folder, { recursive: true, force: true });
    const gate = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(gate, 'listening');
    return new Venue(child, JSON.parse(text) as Addresses, gate);
  }

  /** Keeps what is sent of a symbol, so that `wasSent` knows it. */
  watch(symbol: string): void {
    this.#watched.set(symbol, new Set());
  }

  /** True when a trade of `symbol` with this time (milliseconds since midnight) and price was put in. */
  wasSent(symbol: string, stamp: number, price: number): boolean {
    return this.#watched.get(symbol)?.has(`${stamp} ${price}`) === true;
  }

  /** True once a best price of every symbol has passed. */
  get isQuoted(): boolean {
    return this.symbols.every((symbol) => this.#passing.get(symbol)?.quote !== undefined);
  }

  /** Puts `perSecond` messages a second into the streams, those of `mix` in turn for each symbol in turn, trades in place of the exchange's own; each trade has the time at which it is sent. */
  blow(perSecond: number, mix: readonly MadeMessage[] = ['trade']): void {
    const begun = performance.now();
    let given = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
      for (const socket of this.#streams.values()) socket.cork();
      for (; given < due; given += 1) this.#sendMade(given, mix);
      for (const socket of this.#streams.values()) socket.uncork();
      for (const { bufferedAmount } of this.#streams.keys()) {
        this.mostWaiting = Math.max(this.mostWaiting, bufferedAmount);
      }
    }, TICK_MS);
    this.#load = timer;
  }

  calm(): void {
    clearInterval(this.#load);
    this.#load = undefined;
  }

  /** Resolves when the desk has read all that was put in. */
  async drained(): Promise<void> {
    while ([...this.#streams.keys()].some(({ bufferedAmount }) => bufferedAmount > 0)) {
      await pause(TICK_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.calm();
    for (const client of this.#gate.clients) client.terminate();
    this.#gate.close();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.kill('SIGTERM')) await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #join(client: WebSocket, venue: WebSocket, isApi: boolean): void {
    const early: string[] = [];
    client.on('message', (data: RawData) => {
      const text = textOf(data);
      if (isApi && text.includes('"order.place"')) this.orders.push(epochMillis());
      if (venue.readyState === WebSocket.OPEN) venue.send(text);
      else early.push(text);
    });
    venue.on('open', () => {
      for (const text of early) venue.send(text);
    });
    venue.on('message', (data: RawData) => {
      const text = isApi ? textOf(data) : this.#passed(textOf(data));
      if (text !== undefined && client.readyState === WebSocket.OPEN) client.send(text);
    });
    venue.on('ping', (data: Buffer) => client.ping(data));
    client.on('close', () => {
      this.#streams.delete(client);
      venue.close();
    });
    venue.on('close', () => client.close());
    for (const side of [client, venue]) side.on('error', () => side.terminate());
  }

  /** What is told of a message of the exchange: its changes are numbered behind ours; undefined for its trades once there were ours, whose numbers are higher. */
  #passed(text: string): string | undefined {
    const [, symbol, kind = ''] = /^{"stream":"(\w+)@(trade|bookTicker|depth)/.exec(text) ?? [];
    if (symbol === undefined) return text;
    if (kind === 'trade') {
      if (this.sent > 0) return undefined;
      this.told.trade += 1;
      return text;
    }
    const passing = this.#passingOf(symbol.toUpperCase());
    this.told[kind === 'depth' ? 'depthUpdate' : 'bookTicker'] += 1;
    const [, bid, ask] = /"b":"([\d.]+)","B":"[\d.]+",("a":.+)}}$/.exec(text) ?? [];
    if (bid !== undefined && ask !== undefined) passing.quote = { bid, ask };
    const last = text.replace(/"u":(\d+)/, (_, id) => `"u":${Number(id) + passing.made}`);
    if (kind !== 'depth') {
      passing.lastQuote = Number(/"u":(\d+)/.exec(last)?.[1]);
      return last;
    }
    const first = passing.lastUpdate + 1;
    passing.lastUpdate = Number(/"u":(\d+)/.exec(last)?.[1]);
    passing.ahead = 0;
    return passing.made === 0 ? text : last.replace(/"U":\d+/, `"U":${first}`);
  }

  #passingOf(symbol: string): Passing {
    const known = this.#passing.get(symbol) ?? { lastUpdate: 0, lastQuote: 0, made: 0, ahead: 0 };
    this.#passing.set(symbol, known);
    return known;
  }

  #sendMade(at: number, mix: readonly MadeMessage[]): void {
    const turn = Math.floor(at / mix.length);
    const symbol = present(this.symbols[turn % this.symbols.length], 'symbol');
    const kind = present(mix[at % mix.length], 'message');
    this.sent += 1;
    const passing = this.#passingOf(symbol);
    if (passing.quote === undefined) return;
    const name = kind === 'depthUpdate' ? 'depth@100ms' : kind;
    const data = this.#made(kind, symbol, passing.quote, passing);
    const text = `{"stream":"${symbol.toLowerCase()}@${name}","data":${data}}`;
    for (const client of this.#streams.keys()) client.send(text);
    this.told[kind] += this.#streams.size;
  }

  #made(
    kind: MadeMessage,
    symbol: string,
    { bid, ask }: NonNullable<Passing['quote']>,
    passing: Passing,
  ): string {
    if (kind === 'bookTicker') {
      const size = `${(this.sent % 9) + 1}.00000000`;
      passing.made += 1;
      passing.ahead += 1;
      // Quotes run ahead of the changes that tell what they say.
      passing.lastQuote = Math.max(passing.lastQuote, passing.lastUpdate + passing.ahead - 1) + 1;
      return `{"u":${passing.lastQuote},"s":"${symbol}","b":"${bid}","B":"${size}",${ask}}`;
    }
    const at = Date.now();
    if (kind === 'trade') {
      const id = FIRST_TRADE + this.sent;
      this.#watched.get(symbol)?.add(`${at % DAY_MS} ${Number(bid)}`);
      return `{"e":"trade","E":${at},"s":"${symbol}","t":${id},"p":"${bid}","q":"1.00000000","T":${at},"m":${id % 2 === 0},"M":true}`;
    }
    const first = passing.lastUpdate + 1;
    passing.made += 1;
    passing.lastUpdate = first + passing.ahead;
    passing.ahead = 0;
    // Far below the market, so that nothing crosses however the price walks.
    const levels = Array.from({ length: LEVELS }, (_, level) => {
      const cents = 4000 + ((passing.made * LEVELS + level) % LEVEL_PRICES);
      return `["${(cents / 100).toFixed(8)}","${((passing.made % 9) + 1).toFixed(8)}"]`;
    });
    return `{"e":"depthUpdate","E":${at},"s":"${symbol}","U":${first},"u":${passing.lastUpdate},"b":[${levels.join(',')}],"a":[]}`;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
