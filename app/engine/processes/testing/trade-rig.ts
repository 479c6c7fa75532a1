import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMessage, encodeMessage } from '../../api/codec.ts';
import {
  processCommandSchema,
  processReportSchema,
  type ProcessCommand,
  type ProcessReport,
  type TradeConfig,
} from '../../api/supervision.ts';
import { tradeMessageSchema, type TradeMessage } from '../../api/trade-service.ts';
import type { Command, CommandResult } from '../../domain/command.ts';
import type { AccountState, Position } from '../../domain/account.ts';
import type { ClientId, ClientOrderId, InstrumentId } from '../../domain/identifiers.ts';
import type { Order } from '../../domain/order.ts';
import {
  FLAG_LAST,
  KIND_BBO,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { RingWriter } from '../../native/io/ring.ts';
import { openControlSocket, type ControlSocket } from '../../net/control-socket.ts';
import { handover } from '../../server/socket-door.ts';
import { until } from '../../ports/contract/until.ts';
import { SystemTime } from '../system-time.ts';

const ENTRY = new URL('../trade/main.ts', import.meta.url);
const CLIENT = 'desk-1' as ClientId;
const RING_RECORDS = 4096;

/** A folder of its own with a ring this process writes: what feed does for trade. */
export class MarketRig implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'qd-trade-'));
  readonly ringPath = join(this.folder, 'market.ring');
  readonly #records = new MarketRecords(1);
  readonly #time = new SystemTime();
  #ring: RingWriter;

  constructor() {
    this.#ring = this.#create();
  }

  #create(): RingWriter {
    const created = RingWriter.create(this.ringPath, RING_RECORDS);
    if (!created.ok) throw new Error(`${created.error.code}: ${created.error.detail}`);
    return created.value;
  }

  /** As a feed that died and was started again. */
  restart(): void {
    this.#ring.close();
    this.#ring = this.#create();
  }

  quote(bid: number, ask: number): void {
    this.#put(KIND_BBO, [bid, 1_000_000, ask, 1_000_000]);
  }

  status(state: number): void {
    this.#put(KIND_BOOK_STATUS, [state, 0, 0, 0]);
  }

  #put(kind: number, [one, two, three, four]: [number, number, number, number]): void {
    const now = this.#time.nowNanos();
    this.#records.set(0, kind, FLAG_LAST, 0, now, now, one, two, three, four, 1);
    this.#ring.publish(this.#records.bytes, 1);
  }

  [Symbol.dispose](): void {
    this.#ring.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The real trading process as main runs it, with one window. */
export class TradeRig implements AsyncDisposable {
  readonly reports: ProcessReport[] = [];
  readonly messages: TradeMessage[] = [];
  /** Newest state of each order, position and account, as a window keeps it. */
  readonly orders = new Map<ClientOrderId, Order>();
  readonly positions = new Map<InstrumentId, Position>();
  readonly answers = new Map<string, CommandResult>();
  account: AccountState | undefined;
  readonly #config: TradeConfig;
  readonly #server: Server;
  readonly #path: string;
  #child: ChildProcess | undefined;
  #window: ControlSocket | undefined;
  #open = false;
  #commands = 0;
  readonly #waiting: (() => void)[] = [];
  starts = 0;

  private constructor(config: TradeConfig, path: string) {
    this.#config = config;
    this.#path = path;
    this.#server = createServer();
    this.#server.on('upgrade', (request, socket: Socket, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const command = handover(request, head, CLIENT);
      if (this.#child?.connected !== true) socket.destroy();
      else this.#child.send(encodeMessage(processCommandSchema, command), socket, () => undefined);
    });
  }

  static async open(config: TradeConfig, folder: string): Promise<TradeRig> {
    const rig = new TradeRig(config, join(folder, 'rig.sock'));
    rig.#server.listen(rig.#path);
    await once(rig.#server, 'listening');
    return rig;
  }

  /** Opens the window and waits until account and exchange agree. */
  async agree(): Promise<void> {
    await this.openWindow();
    await until(
      `agreement with the exchange, ${JSON.stringify(this.account?.reconciliation)}`,
      () => this.account?.reconciliation.state === 'Agrees',
      40_000,
    );
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process and settles when it said that it is ready; throws when it says it cannot. */
  async start(): Promise<void> {
    const child = fork(ENTRY, [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.starts += 1;
    child.on('error', () => undefined);
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (text) => {
        const report = decodeMessage(processReportSchema, text);
        if (!report.ok) throw new Error(report.error.message);
        this.reports.push(report.value);
        if (report.value.type === 'TradeReady') resolve();
        if (report.value.type === 'Failed') reject(new Error(report.value.message));
      });
      child.on('exit', (code, signal) => reject(new Error(`trade ended by ${signal ?? code}`)));
    });
    const command: ProcessCommand = { type: 'ConfigureTrade', config: this.#config };
    child.send(encodeMessage(processCommandSchema, command));
    await ready;
  }

  /** Opens the window; settles with the snapshot it begins with. */
  async openWindow(): Promise<void> {
    this.#window?.close();
    const before = this.messages.length;
    this.#open = true;
    const window = openControlSocket({ socket: this.#path, secret: '' }, 'trade', {
      onMessage: (text) => this.#onMessage(text),
      onClose: () => {
        if (this.#window === window) this.#open = false;
      },
    });
    this.#window = window;
    await until('a snapshot', () =>
      this.messages.slice(before).some(({ type }) => type === 'Snapshot'),
    );
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.#child = undefined;
  }

  /** Ends the process as main does at the end. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.send(encodeMessage(processCommandSchema, { type: 'Stop' }));
    await ended;
    this.#child = undefined;
  }

  /** Settles with the next message. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Sends a command; gives its id. */
  send(command: Command): string {
    this.#commands += 1;
    const commandId = `command-${String(this.#commands).padStart(6, '0')}`;
    this.raw(JSON.stringify({ type: 'Execute', commandId, command }));
    return commandId;
  }

  /** Sends text as it is. */
  raw(text: string): void {
    this.#window?.send(text);
  }

  /** Sends a command and waits for its answer; undefined when the window closed first. */
  async ask(command: Command): Promise<CommandResult | undefined> {
    const id = this.send(command);
    await until(`an answer to ${command.type}`, () => this.answers.has(id) || !this.#open);
    return this.answers.get(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#window?.close();
    await this.kill();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #onMessage(text: string): void {
    const decoded = decodeMessage(tradeMessageSchema, text);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const message = decoded.value;
    this.messages.push(message);
    for (const resolve of this.#waiting.splice(0)) resolve();
    if (message.type === 'Snapshot') {
      this.orders.clear();
      for (const order of message.orders) this.orders.set(order.clientOrderId, order);
      this.positions.clear();
      for (const position of message.positions as Position[]) {
        this.positions.set(position.instrument, position);
      }
      this.account = message.accounts[0] as AccountState;
    }
    if (message.type !== 'Updates') return;
    for (const update of message.updates) {
      if (update.type === 'OrderChanged') this.orders.set(update.order.clientOrderId, update.order);
      if (update.type === 'PositionChanged') {
        this.positions.set(update.position.instrument, update.position as Position);
      }
      if (update.type === 'AccountChanged') this.account = update.account as AccountState;
      if (update.type === 'CommandAnswered')
        this.answers.set(update.result.commandId, update.result);
    }
  }
}
