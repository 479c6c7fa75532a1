import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { present } from '../../engine/base/invariant.ts';
import { epochMillis } from '../clock.ts';

const PROGRAM = join(import.meta.dirname, '../../cli/main.ts');
const TICK_MS = 5;
/** Trade ids of ours, far from those of the exchange. */
const FIRST_TRADE = 1_000_000_000;
const DAY_MS = 86_400_000;

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

/** The sandbox as a process, behind a gate of ours that sees every message, when orders come, and can put trades of its own into the streams. */
export class Venue {
  /** For `--exchange`. */
  readonly file: string;
  readonly symbols: readonly string[];
  /** When order requests arrived, milliseconds since 1970. */
  readonly orders: number[] = [];
  /** Most bytes that waited for the desk to read them. */
  mostWaiting = 0;
  /** Trades put in so far. */
  sent = 0;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #gate: WebSocketServer;
  readonly #streams = new Set<WebSocket>();
  readonly #bids = new Map<string, string>();
  readonly #watched = new Map<string, Set<string>>();
  #load: { readonly timer: NodeJS.Timeout } | undefined;

  private constructor(child: ChildProcess, document: Addresses, gate: WebSocketServer) {
    this.#child = child;
    this.#gate = gate;
    this.symbols = document.symbols;
    const { port } = this.#gate.address() as AddressInfo;
    this.#gate.on('connection', (client, request) => {
      const path = request.url ?? '/';
      const isApi = path.startsWith('/ws-api');
      const base = isApi ? new URL(document.wsApi).origin : document.streams;
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

  /** Puts `perSecond` trades a second into the streams, over all symbols in turn, in place of the exchange's own; each has the time at which it is sent. */
  blow(perSecond: number): void {
    const begun = performance.now();
    let given = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
      for (; given < due; given += 1) this.#sendTrade();
      for (const { bufferedAmount } of this.#streams) {
        this.mostWaiting = Math.max(this.mostWaiting, bufferedAmount);
      }
    }, TICK_MS);
    this.#load = { timer };
  }

  calm(): void {
    clearInterval(this.#load?.timer);
    this.#load = undefined;
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
    if (!isApi) this.#streams.add(client);
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
      const text = textOf(data);
      if (!isApi && this.#isReplaced(text)) return;
      if (client.readyState === WebSocket.OPEN) client.send(text);
    });
    venue.on('ping', (data: Buffer) => client.ping(data));
    client.on('close', () => {
      this.#streams.delete(client);
      venue.close();
    });
    venue.on('close', () => client.close());
    for (const side of [client, venue]) side.on('error', () => side.terminate());
  }

  /** Learns the best bid from what passes; true of the exchange's trades while there are ours. */
  #isReplaced(text: string): boolean {
    const [, symbol, bid] = /"s":"(\w+)","b":"([\d.]+)"/.exec(text) ?? [];
    if (symbol !== undefined && bid !== undefined) this.#bids.set(symbol, bid);
    return this.#load !== undefined && text.includes('@trade"');
  }

  #sendTrade(): void {
    const symbol = present(this.symbols[this.sent % this.symbols.length], 'symbol');
    const bid = this.#bids.get(symbol);
    this.sent += 1;
    if (bid === undefined) return;
    const at = Date.now();
    const id = FIRST_TRADE + this.sent;
    this.#watched.get(symbol)?.add(`${at % DAY_MS} ${Number(bid)}`);
    const stream = `${symbol.toLowerCase()}@trade`;
    const trade = `{"e":"trade","E":${at},"s":"${symbol}","t":${id},"p":"${bid}","q":"1.00000000","T":${at},"m":${id % 2 === 0},"M":true}`;
    for (const client of this.#streams) client.send(`{"stream":"${stream}","data":${trade}}`);
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
