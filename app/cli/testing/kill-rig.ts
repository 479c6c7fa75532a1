import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import type { Receipt } from '../../engine/api/host-service.ts';
import {
  tradeMessageSchema,
  tradeRequestSchema,
  type TradeMessage,
} from '../../engine/api/trade-service.ts';
import { ManualClock } from '../../engine/base/clock.ts';
import { present } from '../../engine/base/invariant.ts';
import type { CommandResult, WindowCommand } from '../../engine/domain/command.ts';
import {
  accountId,
  instrumentId,
  venueId,
  type ClientId,
} from '../../engine/domain/identifiers.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { openControlSocket, type ControlSocket } from '../../engine/net/control-socket.ts';
import { until } from '../../engine/ports/contract/until.ts';
import { handover } from '../../engine/server/socket-door.ts';
import { settingsSchema } from '../../engine/store/settings/schema.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { systemClock } from '../../sandbox/system-clock.ts';
import { DeskEngine } from '../../main/host/desk-engine.ts';
import type { KillNews } from '../../main/host/engine.ts';
import { wallMicros } from '../../main/host/kill-switch.ts';
import { startForked } from '../../main/host/forked-child.ts';
import { LogBook } from '../../main/host/log-book.ts';

const VENUE = venueId('BINANCE', 'testnet');
const DESK = 'desk-1' as ClientId;
const SYMBOLS = ['BTCUSDT', 'SOLUSDT'];
/** Longest wait: processes that start on a busy machine take their time. */
const LIMIT_MS = 60_000;
/** Names and scales the tests speak of. */
export const ACCOUNT = accountId(VENUE, 'main');
export const BTC = instrumentId('BTCUSDT', VENUE);

/** A wire between engine and exchange that can be cut and mended. */
class Wire implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  constructor(toPort: number) {
    this.#server = createServer((near) => {
      near.on('error', () => near.destroy());
      if (this.#cut) {
        near.destroy();
        return;
      }
      const far = connect(toPort, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      far.on('error', () => far.destroy());
      near.pipe(far).pipe(near);
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
  }
}

/** One open order as the exchange states it. */
export interface OpenOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
}

/** A whole engine against an exchange of the test, one window on its trade, and what the kill switch tells. */
export class KillRig implements AsyncDisposable {
  readonly engine: DeskEngine;
  readonly sandbox: Sandbox;
  readonly wire: Wire;
  readonly dataFolder: string;
  readonly news: KillNews[] = [];
  readonly messages: TradeMessage[] = [];
  readonly #stack: AsyncDisposableStack;
  readonly #socketPath: string;
  #window: ControlSocket | undefined;
  #ids = 0;

  private constructor(
    parts: Pick<KillRig, 'engine' | 'sandbox' | 'wire' | 'dataFolder'>,
    stack: AsyncDisposableStack,
  ) {
    this.engine = parts.engine;
    this.sandbox = parts.sandbox;
    this.wire = parts.wire;
    this.dataFolder = parts.dataFolder;
    this.#stack = stack;
    this.#socketPath = join(parts.dataFolder, 'rig.sock');
    parts.engine.onKillNews((news) => this.news.push(news));
  }

  /** Starts exchange and engine; the account holds `btc` BTC. */
  static async open(btc: number): Promise<KillRig> {
    const stack = new AsyncDisposableStack();
    const dataFolder = mkdtempSync(join(tmpdir(), 'qd-kill-'));
    stack.defer(() => rmSync(dataFolder, { recursive: true, force: true }));
    for (const name of ['run', 'journal', 'ticks']) mkdirSync(join(dataFolder, name));
    const started = await createSandbox({
      clock: systemClock(),
      seed: 9,
      port: 0,
      limits: 'open',
      balances: { USDT: 1_000_000, BTC: btc, SOL: 100 },
    });
    if (!started.ok) throw new Error(started.error.reason);
    const sandbox = stack.use(started.value);
    const wire = stack.use(new Wire(sandbox.port));
    const address = await wire.listen();
    const { apiKey, secret } = present(sandbox.keys[0], 'a trading key');
    const urls = {
      http: `http://${address}`,
      ws: `ws://${address}`,
      wsApi: `ws://${address}/ws-api/v3`,
    };
    const log = stack.use(
      new LogBook({
        dataFolder,
        clock: new ManualClock(0),
        level: 'info',
        onError: () => undefined,
      }),
    );
    let sessions = 0;
    const engine = new DeskEngine(
      {
        dataFolder,
        newSession: () => {
          sessions += 1;
          return sessions === 1 ? 'kills' : `kills-${sessions}`;
        },
        venueUrls: { live: urls, testnet: urls },
        startChild: startForked,
        market: {
          kind: 'venue',
          environment: 'testnet',
          urls,
          account: 'main',
          credentials: { apiKey, secret },
        },
        settings: settingsSchema.parse({ market: { symbols: SYMBOLS } }),
        record: false,
      },
      { log, onVitals: () => undefined },
    );
    stack.defer(() => engine.stop());
    const rig = new KillRig({ engine, sandbox, wire, dataFolder }, stack);
    const outcome = await engine.start();
    if (!outcome.ok) throw new Error(outcome.error.message);
    await rig.#serve();
    return rig;
  }

  get tradePid(): number {
    return this.engine.states.find(({ name }) => name === 'trade')?.pid ?? 0;
  }

  /** Asks main as a desk does; gives the id. */
  kill(drill = false): string {
    this.#ids += 1;
    const commandId = `kill-${String(this.#ids).padStart(6, '0')}`;
    this.engine.kill({ commandId, client: DESK, via: 'Key', askedAt: wallMicros(), drill });
    return commandId;
  }

  /** The receipt of `commandId` as main last heard it. */
  receipt(commandId: string): Receipt | undefined {
    const told = this.news.findLast(
      (news) => news.type === 'Receipt' && news.receipt.commandId === commandId,
    );
    return told?.type === 'Receipt' ? told.receipt : undefined;
  }

  /** The finished receipt of `commandId`. */
  async finished(commandId: string): Promise<Receipt> {
    await eventually(
      () =>
        `the receipt of ${commandId}: ${JSON.stringify([this.receipt(commandId), this.engine.states, this.states(commandId)], bigText)}`,
      async () => this.receipt(commandId)?.step === 'Done',
    );
    return present(this.receipt(commandId), 'receipt');
  }

  /** States of `commandId` that main went through. */
  states(commandId: string): string[] {
    return this.news.flatMap((news) =>
      news.type === 'Kill' && news.status.request.commandId === commandId
        ? [news.status.state]
        : [],
    );
  }

  /** Opens a window, unlocks and arms. */
  async makeReady(): Promise<void> {
    await this.openWindow();
    await until(
      'agreement',
      () => {
        const last = this.messages.findLast(
          (message) =>
            message.type === 'Snapshot' ||
            (message.type === 'Updates' &&
              message.updates.some(({ type }) => type === 'AccountChanged')),
        );
        return JSON.stringify(last ?? '', bigText).includes('"state":"Agrees"');
      },
      40_000,
    );
    expectOk(await this.ask({ type: 'Unlock', account: ACCOUNT }));
    expectOk(await this.ask({ type: 'Arm' }));
  }

  async openWindow(): Promise<void> {
    this.#window?.close();
    const before = this.messages.length;
    this.#window = openControlSocket({ socket: this.#socketPath, secret: '' }, 'trade', {
      onMessage: (text) => {
        const decoded = decodeMessage(tradeMessageSchema, text);
        if (decoded.ok) this.messages.push(decoded.value);
      },
      onClose: () => undefined,
    });
    await until('a snapshot', () =>
      this.messages.slice(before).some(({ type }) => type === 'Snapshot'),
    );
  }

  /** Sends a command and gives its answer. */
  async ask(command: WindowCommand): Promise<CommandResult> {
    this.#ids += 1;
    const commandId = `command-${String(this.#ids).padStart(6, '0')}`;
    const answer = (): CommandResult | undefined => {
      for (const message of this.messages) {
        if (message.type !== 'Updates') continue;
        for (const update of message.updates) {
          if (update.type === 'CommandAnswered' && update.result.commandId === commandId) {
            return update.result;
          }
        }
      }
      return undefined;
    };
    this.#window?.send(encodeMessage(tradeRequestSchema, { type: 'Execute', commandId, command }));
    await until(`an answer to ${command.type}`, () => answer() !== undefined);
    return present(answer(), 'answer');
  }

  /** A resting buy far below the market, and a market buy of `size` (five decimals). */
  async trade(size: number): Promise<void> {
    const base = { instrument: BTC, account: ACCOUNT, side: 'Buy', postOnly: false } as const;
    const how = { timeInForce: 'GTC', reduceOnly: false } as const;
    const bid = await this.bid('BTCUSDT');
    await eventually(
      () => 'a quote',
      async () => {
        const resting = { ...base, ...how, type: 'Limit', quantity: quantity(1000) } as const;
        const terms = { ...resting, price: price(Math.round(bid * 0.95) * 100) };
        return (await this.ask({ type: 'SubmitOrder', terms })).ok;
      },
    );
    const market = { ...base, ...how, type: 'Market', quantity: quantity(size) } as const;
    expectOk(await this.ask({ type: 'SubmitOrder', terms: market }));
    await eventually(
      () => 'the fill',
      async () => {
        const { balances } = await this.account();
        return balances.find(({ asset }) => asset === 'USDT')?.free !== '1000000.00000000';
      },
    );
  }

  async bid(symbol: string): Promise<number> {
    const url = `${this.sandbox.url}/api/v3/ticker/bookTicker?symbol=${symbol}`;
    const { bidPrice } = (await (await fetch(url)).json()) as { bidPrice: string };
    return Number(bidPrice);
  }

  /** What the exchange itself says is open. */
  async openOrders(): Promise<readonly OpenOrder[]> {
    return (await this.#exchange('GET', '/api/v3/openOrders')) as readonly OpenOrder[];
  }

  /** Balances at the exchange. */
  async account(): Promise<{ balances: { asset: string; free: string; locked: string }[] }> {
    const answer = await this.#exchange('GET', '/api/v3/account');
    return answer as { balances: { asset: string; free: string; locked: string }[] };
  }

  async held(asset: string): Promise<number> {
    const { balances } = await this.account();
    const line = balances.find((one) => one.asset === asset);
    return Number(line?.free ?? 0) + Number(line?.locked ?? 0);
  }

  /** An order placed elsewhere: at the exchange, not through the engine. */
  async placeElsewhere(symbol: string, size: string): Promise<void> {
    const limit = ((await this.bid(symbol)) * 0.95).toFixed(2);
    const params = `symbol=${symbol}&side=BUY&type=LIMIT&timeInForce=GTC&quantity=${size}&price=${limit}`;
    await this.#exchange('POST', '/api/v3/order', `${params}&newClientOrderId=web-${symbol}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#window?.close();
    await this.#stack.disposeAsync();
  }

  async #exchange(method: string, path: string, params = ''): Promise<unknown> {
    const key = present(this.sandbox.keys[0], 'a trading key');
    const query = `${params}${params === '' ? '' : '&'}timestamp=${Date.now()}&recvWindow=60000`;
    const signature = createHmac('sha256', key.secret).update(query).digest('hex');
    const url = `${this.sandbox.url}${path}?${query}&signature=${signature}`;
    const answer = await fetch(url, { method, headers: { 'X-MBX-APIKEY': key.apiKey } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async #serve(): Promise<void> {
    const server = createHttpServer();
    server.on('upgrade', (request, socket: Socket, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const command = handover(request, head, DESK);
      this.engine.give('trade', command, { kind: 'socket', socket });
    });
    server.listen(this.#socketPath);
    await once(server, 'listening');
    this.#stack.defer(() => {
      server.close();
      server.closeAllConnections();
    });
  }
}

/** Waits until the exchange says so. */
export async function eventually(what: () => string, holds: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`waited too long for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function bigText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function expectOk({ ok, code, message }: CommandResult): void {
  if (!ok) throw new Error(`${code}: ${message}`);
}
