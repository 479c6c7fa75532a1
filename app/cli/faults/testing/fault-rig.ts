import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { ControlClient } from '../../../sandbox/testing/control-client.ts';
import { hmac, type Json } from '../../../sandbox/testing/sandbox-client.ts';
import { findEngine } from '../../running-engine.ts';
import { qd, RunningCommand, TestFolder } from '../../testing/running-command.ts';
import { DeskClient } from './desk-client.ts';

interface Addresses {
  readonly rest: string;
  readonly keys: readonly {
    readonly name: string;
    readonly apiKey: string;
    readonly secret: string;
  }[];
  readonly control: { readonly url: string; readonly token: string };
}

/** Our words for the venue's. */
const STATUS: Readonly<Record<string, string>> = {
  NEW: 'Accepted',
  PARTIALLY_FILLED: 'PartiallyFilled',
  FILLED: 'Filled',
  CANCELED: 'Canceled',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
};
/** How long both sides may take to agree once nothing goes wrong any more. */
export const PATIENCE = { timeout: 45_000, interval: 250 };

/** A sandbox and an engine on it, each in its own process, and both sides of the truth. */
export class FaultRig implements AsyncDisposable {
  readonly control: ControlClient;
  readonly desk: DeskClient;
  readonly symbol: string;
  readonly #addresses: Addresses;
  readonly #folder: TestFolder;
  readonly #sandbox: RunningCommand;
  readonly #engine: RunningCommand;
  #sizes = 0;

  private constructor(
    parts: { folder: TestFolder; sandbox: RunningCommand; engine: RunningCommand },
    addresses: Addresses,
    symbol: string,
  ) {
    this.#folder = parts.folder;
    this.#sandbox = parts.sandbox;
    this.#engine = parts.engine;
    this.#addresses = addresses;
    this.symbol = symbol;
    this.control = new ControlClient(addresses.control);
    this.desk = new DeskClient(findEngine(parts.folder.path), symbol);
  }

  /** Starts both; `market` is what the sandbox is told besides. */
  static async start(
    seed: number,
    symbol = 'SOLUSDT',
    ...market: readonly string[]
  ): Promise<FaultRig> {
    await using held = new AsyncDisposableStack();
    const folder = held.use(new TestFolder());
    const sandbox = held.use(
      new RunningCommand(
        'sandbox',
        '--json',
        '--limits',
        'open',
        '--seed',
        String(seed),
        ...market,
      ),
    );
    await sandbox.says('"control"');
    await sandbox.says('\n');
    const file = join(folder.path, 'sandbox.json');
    writeFileSync(file, sandbox.stdout);
    const engine = held.use(
      new RunningCommand('--data', folder.path, 'engine', '--exchange', file),
    );
    await engine.says('engine ready');
    const addresses = JSON.parse(sandbox.stdout) as Addresses;
    const rig = new FaultRig({ folder, sandbox, engine }, addresses, symbol);
    held.use(rig);
    await rig.ready();
    held.move();
    return rig;
  }

  /** The id of the instrument the rig trades. */
  get instrument(): string {
    return `${this.symbol}.BINANCE@sandbox`;
  }

  /** A quantity no order had before: equal ones in quick succession are taken for a slip. */
  size(): string {
    this.#sizes += 1;
    return (1 + this.#sizes / 1000).toFixed(3);
  }

  /** Takes every fault away and waits until trading is possible; throws what a process said that has died. */
  async fresh(): Promise<void> {
    this.#sandbox.assertRuns();
    this.#engine.assertRuns();
    if (this.desk.lost !== undefined) throw new Error(`${this.desk.lost}\n${this.#log()}`);
    await this.control.clear();
    await this.ready();
  }

  /** What the engine logged last. */
  #log(): string {
    const folder = join(this.#folder.path, 'log');
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').split('\n'),
    );
    return lines.slice(-40).join('\n');
  }

  /** Lets no list of open orders come for so long that an order without an answer goes Unknown: a list may tell of it before. */
  async withoutLists(): Promise<void> {
    const request = 'GET /api/v3/openOrders';
    await this.control.set({ kind: 'unavailable', on: 'rest', request, times: 0, forMs: 9000 });
  }

  /** Waits until the account is connected and agrees, then unlocks and arms. */
  async ready(): Promise<void> {
    const { desk } = this;
    await desk.until(
      () => desk.account?.connected === true && desk.account.reconciliation.state === 'Agrees',
      () => [desk.account, desk.alerts.slice(-5)],
    );
    if (desk.account?.tradingState !== 'Active') {
      await vi.waitFor(async () => {
        expect(await desk.line('unlock')).toMatchObject({ ok: true });
      }, PATIENCE);
    }
    if (!desk.armed) await desk.line('arm');
    await desk.until(
      () => desk.quotes.get(this.instrument)?.state === 'Live',
      () => desk.states.get(this.instrument),
    );
  }

  /** A signed question to the exchange, past every part of ours. */
  async ask(path: string, parameters: Readonly<Record<string, string | number>>): Promise<Json[]> {
    const key = this.#addresses.keys.find(({ name }) => name === 'trading');
    const query = Object.entries({ ...parameters, timestamp: Date.now() })
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const signature = hmac(key?.secret ?? '', query);
    const response = await fetch(`${this.#addresses.rest}${path}?${query}&signature=${signature}`, {
      headers: { 'X-MBX-APIKEY': key?.apiKey ?? '' },
    });
    const body: unknown = await response.json();
    return (Array.isArray(body) ? body : [body]) as Json[];
  }

  /** A public question to the exchange; rows of a list. */
  async seen(path: string, parameters: Readonly<Record<string, string | number>>): Promise<Json[]> {
    const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    const response = await fetch(`${this.#addresses.rest}${path}?${query.join('&')}`);
    const body: unknown = await response.json();
    return (Array.isArray(body) ? body : [body]) as Json[];
  }

  /** Stops the engine and runs its journal again. */
  async replay(): Promise<{ readonly stopped: unknown; readonly sessions: readonly unknown[] }> {
    this.desk[Symbol.dispose]();
    const status = await this.#engine.stop();
    const end = await qd('--data', this.#folder.path, 'journal', 'replay', '--json');
    const { sessions } = JSON.parse(end.stdout) as { sessions: readonly unknown[] };
    return { stopped: { status, stderr: this.#engine.stderr }, sessions };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.desk[Symbol.dispose]();
    await this.#engine[Symbol.asyncDispose]();
    await this.#sandbox[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }

  /** Where our orders, fills, position and balances are not the exchange's own. */
  async differences(symbol = this.symbol): Promise<string[]> {
    const { desk } = this;
    const instrument = `${symbol}.BINANCE@sandbox`;
    const unit = 10 ** (desk.rules(instrument)?.quantityScale ?? 0);
    const found: string[] = [];
    const theirs = await this.ask('/api/v3/allOrders', { symbol, limit: 1000 });
    const byId = new Map(theirs.map((order) => [order['clientOrderId'], order]));
    for (const [id, order] of desk.orders) {
      if (order.instrument !== instrument) continue;
      const venue = byId.get(id);
      byId.delete(id);
      if (order.status === 'Denied') continue;
      const said = venue === undefined ? 'Rejected' : STATUS[String(venue['status'])];
      const executed = venue === undefined ? 0 : Number(venue['executedQty']);
      // An order the exchange never had may rest in peace by several names.
      const gone =
        venue === undefined && ['Rejected', 'Canceled', 'Expired'].includes(order.status);
      if (order.status !== said && !gone) found.push(`${id} is ${said}, shown ${order.status}`);
      const shown = order.cumQty / unit;
      if (Math.abs(shown - executed) > 1e-9) found.push(`${id} did ${executed}, shown ${shown}`);
    }
    for (const id of byId.keys()) found.push(`${String(id)} is not shown`);
    const trades = await this.ask('/api/v3/myTrades', { symbol, limit: 1000 });
    const ours = [...desk.fills.values()]
      .filter((fill) => fill.instrument === instrument)
      .map(({ tradeId }) => Number(tradeId));
    const venueIds = trades.map((trade) => Number(trade['id']));
    if (ours.sort((a, b) => a - b).join() !== venueIds.sort((a, b) => a - b).join()) {
      found.push(`trades ${venueIds.join()}, shown ${ours.join()}`);
    }
    const net = trades.reduce(
      (sum, { isBuyer, qty }) => sum + Math.round(Number(qty) * unit) * (isBuyer === true ? 1 : -1),
      0,
    );
    const held = desk.positions.get(instrument)?.quantity ?? 0;
    if (net !== held) found.push(`position ${net}, shown ${held}`);
    const [account] = await this.ask('/api/v3/account', {});
    const balances = account?.['balances'];
    for (const { asset, free, locked } of Array.isArray(balances) ? (balances as Json[]) : []) {
      const balance = desk.balances.get(String(asset));
      if (balance === undefined) continue;
      const mine = `${decimal(balance.free)} ${decimal(balance.locked)}`;
      if (mine !== `${String(free)} ${String(locked)}`) {
        found.push(`${String(asset)} ${String(free)} ${String(locked)}, shown ${mine}`);
      }
    }
    return found;
  }

  /** How the book we show differs from the exchange's; empty when it does not. */
  async bookDifference(): Promise<string> {
    const [seen] = await this.seen('/api/v3/depth', { symbol: this.symbol, limit: 10 });
    const book = seen as Record<'bids' | 'asks', [string, string][]>;
    const { depth } = this.desk;
    if (depth?.state !== 'Live') return `the book is ${depth?.state ?? 'unknown'}`;
    const plain = (rows: readonly (readonly (string | number)[])[], scale: number): string =>
      rows.map(([at, size]) => `${Math.round(Number(at) * scale)}`.concat(`:${size}`)).join(' ');
    const theirs = (rows: [string, string][]): string =>
      plain(
        rows.map(([at, size]) => [at, Math.round(Number(size) * 1000)]),
        100,
      );
    const shown = `${plain(depth.bids, 1)} | ${plain(depth.asks, 1)}`;
    const real = `${theirs(book.bids)} | ${theirs(book.asks)}`;
    return shown === real ? '' : `shown ${shown}, is ${real}`;
  }
}

function decimal(mantissa: bigint): string {
  const text = mantissa.toString().padStart(9, '0');
  return `${text.slice(0, -8)}.${text.slice(-8)}`;
}
