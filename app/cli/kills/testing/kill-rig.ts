import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { EngineFile } from '../../../engine/api/supervision.ts';
import { readSession } from '../../../engine/store/journal/session-reader.ts';
import { ControlClient } from '../../../sandbox/testing/control-client.ts';
import { hmac, type Json } from '../../../sandbox/testing/sandbox-client.ts';
import { DeskClient } from '../../faults/testing/desk-client.ts';
import { findEngine } from '../../running-engine.ts';
import { qd, RunningCommand, TestFolder } from '../../testing/running-command.ts';

const SYMBOL = 'BTCUSDT';
/** Room for a storm: nothing here is what the storm is about. */
const SETTINGS = {
  risk: {
    maxOrderNotional: '1000000',
    maxPositionNotional: '900000000',
    maxOpenOrders: 1000,
    maxOrdersPerWindow: 100_000,
    priceCollarBps: 1000,
    duplicateWindowMs: 1,
    staleAfterMs: 1000,
  },
};
const PAGE = 1000;
const PATIENCE = { timeout: 45_000, interval: 200 };

interface Addresses {
  readonly rest: string;
  readonly keys: readonly {
    readonly name: string;
    readonly apiKey: string;
    readonly secret: string;
  }[];
  readonly control: { readonly url: string; readonly token: string };
}

/** An exchange that outlives every engine on it, and an engine whose processes can be killed one by one. */
export class KillRig implements AsyncDisposable {
  readonly instrument = `${SYMBOL}.BINANCE@sandbox`;
  readonly folder = new TestFolder();
  readonly #exchange: RunningCommand;
  #addresses: Addresses | undefined;
  #engine: RunningCommand | undefined;
  readonly #suspended = new Set<number>();

  private constructor(seed: number) {
    this.#exchange = new RunningCommand(
      'sandbox',
      '--json',
      '--limits',
      'open',
      '--seed',
      String(seed),
    );
  }

  static async start(seed: number): Promise<KillRig> {
    await using held = new AsyncDisposableStack();
    const rig = held.use(new KillRig(seed));
    await rig.#exchange.says('"control"');
    await rig.#exchange.says('\n');
    const text = rig.#exchange.stdout;
    writeFileSync(rig.#exchangeFile, text);
    writeFileSync(join(rig.folder.path, 'settings.json'), JSON.stringify(SETTINGS));
    rig.#addresses = JSON.parse(text) as Addresses;
    await rig.startEngine();
    held.move();
    return rig;
  }

  get #exchangeFile(): string {
    return join(this.folder.path, 'sandbox.json');
  }

  /** A new engine on the same data and the same exchange, once it is ready. */
  async startEngine(): Promise<EngineFile> {
    const from = ['--data', this.folder.path, 'engine', '--exchange', this.#exchangeFile];
    this.#engine = new RunningCommand(...from);
    await this.#engine.says('engine ready');
    return this.engineFile;
  }

  get engineFile(): EngineFile {
    return findEngine(this.folder.path);
  }

  /** The process id of a process of the engine. */
  pid(name: 'feed' | 'trade' | 'main'): number {
    const main = this.#engine?.pid ?? 0;
    if (name === 'main') return main;
    const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ');
    const found = children.find((pid) => commandLine(pid).includes(`processes/${name}`));
    if (found === undefined) throw new Error(`${name} does not run`);
    return Number(found);
  }

  /** Every process of the engine. */
  pids(): number[] {
    const main = this.pid('main');
    const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ');
    return [main, ...children.map(Number)];
  }

  /** Stops a process as a debugger does, until `resume`. */
  suspend(name: 'feed' | 'trade' | 'main'): void {
    const pid = this.pid(name);
    this.#suspended.add(pid);
    process.kill(pid, 'SIGSTOP');
  }

  /** Lets every stopped process go on. */
  resume(): void {
    for (const pid of this.#suspended) process.kill(pid, 'SIGCONT');
    this.#suspended.clear();
  }

  /** Settles once `ms` have passed on the exchange, whose clock goes on whatever is stopped here. */
  async passed(ms: number): Promise<void> {
    const goal = (await this.#exchangeMs()) + ms;
    const timing = { timeout: ms + 30_000, interval: 50 };
    await expect.poll(() => this.#exchangeMs(), timing).toBeGreaterThanOrEqual(goal);
  }

  async #exchangeMs(): Promise<number> {
    const response = await fetch(`${this.#known.rest}/api/v3/time`);
    return ((await response.json()) as { readonly serverTime: number }).serverTime;
  }

  /** Waits until the account agrees, then unlocks and arms. */
  async ready(): Promise<void> {
    using desk = new DeskClient(this.engineFile, SYMBOL);
    await desk.until(
      () => desk.account?.connected === true && desk.account.reconciliation.state === 'Agrees',
      () => [desk.account, desk.alerts.slice(-5)],
    );
    await desk.until(
      () => desk.quotes.get(this.instrument)?.state === 'Live',
      () => desk.states.get(this.instrument),
    );
    await vi.waitFor(async () => {
      if (desk.account?.tradingState !== 'Active') {
        expect(await desk.line('unlock')).toMatchObject({ ok: true });
      }
      expect(await desk.line('arm')).toMatchObject({ ok: true });
    }, PATIENCE);
  }

  /** Sends one line of the order language. */
  async line(text: string): Promise<Awaited<ReturnType<DeskClient['line']>>> {
    using desk = new DeskClient(this.engineFile, SYMBOL);
    return await desk.line(text);
  }

  /** The position as the desk shows it; below 0 when more was sold than bought. */
  async held(): Promise<number> {
    using desk = new DeskClient(this.engineFile, SYMBOL);
    await desk.until(
      () => desk.account !== undefined,
      () => 'snapshot',
    );
    return desk.positions.get(this.instrument)?.quantity ?? 0;
  }

  /** Client order ids open at the exchange. */
  async openAtExchange(): Promise<string[]> {
    const rows = await this.#ask('/api/v3/openOrders', { symbol: SYMBOL });
    return rows.map((row) => String(row['clientOrderId']));
  }

  /** What does not hold between the exchange's account and ours, once both are quiet; nothing is what is wanted. */
  async differences(): Promise<string[]> {
    using desk = new DeskClient(this.engineFile, SYMBOL);
    await desk.until(
      () => desk.account?.reconciliation.state === 'Agrees',
      () => desk.account,
    );
    const found: string[] = [];
    const all = await this.#all('/api/v3/allOrders', 'orderId', 'orderId');
    const ids = new Set(all.map((row) => String(row['clientOrderId'])));
    if (ids.size !== all.length) found.push(`${all.length - ids.size} orders stand there twice`);
    const { sent, twice } = this.intents();
    if (twice.length > 0) found.push(`sent twice: ${twice.slice(0, 3).join(' ')}`);
    for (const id of ids) if (!sent.has(id)) found.push(`${id} has no intent`);
    const control = new ControlClient(this.#known.control);
    const { orders } = await control.report();
    if (orders.repeated.length > 0) found.push(`came twice: ${orders.repeated.join(' ')}`);
    for (const row of all) {
      const ours = desk.orders.get(String(row['clientOrderId']));
      if (ours === undefined) continue;
      const executed = Math.round(Number(row['executedQty']) * 100_000);
      if (ours.cumQty !== executed) {
        found.push(`${ours.clientOrderId} did ${executed}, shown ${ours.cumQty}`);
      }
      const open = row['status'] === 'NEW' || row['status'] === 'PARTIALLY_FILLED';
      const shown = ours.status === 'Accepted' || ours.status === 'PartiallyFilled';
      if (open !== shown) {
        found.push(`${ours.clientOrderId} is ${String(row['status'])}, shown ${ours.status}`);
      }
      if (ours.origin === 'External') found.push(`${ours.clientOrderId} is taken for another's`);
    }
    const trades = await this.#all('/api/v3/myTrades', 'fromId', 'id');
    const net = trades.reduce(
      (sum, { isBuyer, qty }) =>
        sum + Math.round(Number(qty) * 100_000) * (isBuyer === true ? 1 : -1),
      0,
    );
    const held = desk.positions.get(this.instrument)?.quantity ?? 0;
    if (held !== net) found.push(`position ${net}, shown ${held}`);
    const [account] = await this.#ask('/api/v3/account', {});
    const balances = account?.['balances'];
    for (const { asset, free, locked } of Array.isArray(balances) ? (balances as Json[]) : []) {
      const ours = desk.balances.get(String(asset));
      if (ours === undefined) continue;
      const units = (text: unknown): bigint => BigInt(String(text).replace('.', ''));
      if (ours.free !== units(free) || ours.locked !== units(locked)) {
        found.push(
          `${String(asset)} ${String(free)} ${String(locked)}, shown ${ours.free} ${ours.locked}`,
        );
      }
    }
    return found;
  }

  /** Orders of all sessions' intents, and those that two intents would send. */
  intents(): { readonly sent: ReadonlySet<string>; readonly twice: readonly string[] } {
    const sent = new Set<string>();
    const twice: string[] = [];
    const root = join(this.folder.path, 'journal');
    for (const session of readdirSync(root)) {
      const read = readSession(join(root, session), {
        onIntent: (effect) => {
          if (effect.type !== 'SendOrder') return;
          const id = effect.order.clientOrderId;
          if (sent.has(id)) twice.push(id);
          sent.add(id);
        },
      });
      if (!read.ok) throw new Error(`${session}: ${read.error.message}`);
    }
    return { sent, twice };
  }

  /**
   * Cancels all, then demands that engine, exchange and journals agree: none of the `acknowledged` orders is lost, none went twice, every one of
   * so many `sessions` replays. Stops the engine; gives how many orders were sent.
   */
  async agrees(acknowledged: Iterable<string>, sessions: number): Promise<number> {
    await this.ready();
    expect(await this.line('cancel all')).toMatchObject({ ok: true });
    await expect.poll(() => this.openAtExchange(), { timeout: 30_000 }).toEqual([]);
    await expect.poll(() => this.differences(), { timeout: 60_000 }).toEqual([]);
    const { sent } = this.intents();
    // What the engine said it took is in a journal, whichever process died since.
    expect([...acknowledged].filter((id) => !sent.has(id))).toEqual([]);
    expect(await this.stopEngine()).toMatchObject({ status: 0 });
    const replay = await qd('--data', this.folder.path, 'journal', 'replay', '--json');
    const replayed = JSON.parse(replay.stdout) as { sessions: { agrees: boolean }[] };
    expect(replayed.sessions.map(({ agrees }) => agrees)).toEqual(Array(sessions).fill(true));
    return sent.size;
  }

  /** Stops the engine as a service manager would. */
  async stopEngine(): Promise<{ readonly status: number | null; readonly stderr: string }> {
    const status = (await this.#engine?.stop()) ?? null;
    return { status, stderr: this.#engine?.stderr ?? '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await this.#engine?.[Symbol.asyncDispose]();
    await this.#exchange[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }

  get #known(): Addresses {
    if (this.#addresses === undefined) throw new Error('the exchange has not started');
    return this.#addresses;
  }

  /** All rows of a list, page by page. */
  async #all(path: string, parameter: string, id: string): Promise<Json[]> {
    const rows: Json[] = [];
    for (let from = 0; ;) {
      const page = await this.#ask(path, { symbol: SYMBOL, limit: PAGE, [parameter]: from });
      rows.push(...page);
      if (page.length < PAGE) return rows;
      from = Number(page.at(-1)?.[id]) + 1;
    }
  }

  /** A signed question to the exchange, past every part of ours. */
  async #ask(path: string, parameters: Readonly<Record<string, string | number>>): Promise<Json[]> {
    const { rest, keys } = this.#known;
    const key = keys.find(({ name }) => name === 'trading');
    const query = Object.entries({ ...parameters, timestamp: Date.now() })
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const signature = hmac(key?.secret ?? '', query);
    const response = await fetch(`${rest}${path}?${query}&signature=${signature}`, {
      // A connection kept from an earlier question may be closed just when it is taken again.
      headers: { 'X-MBX-APIKEY': key?.apiKey ?? '', connection: 'close' },
    });
    const body: unknown = await response.json();
    return (Array.isArray(body) ? body : [body]) as Json[];
  }
}

function commandLine(pid: string): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}
