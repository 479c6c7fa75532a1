import { randomUUID } from 'node:crypto';
import { decodeMessage, encodeMessage } from '../../../engine/api/codec.ts';
import {
  feedMessageSchema,
  feedRequestSchema,
  type DepthMessage,
  type FeedMessage,
  type FeedRequest,
  type QuoteMessage,
} from '../../../engine/api/feed-service.ts';
import type { EngineFile } from '../../../engine/api/supervision.ts';
import {
  tradeMessageSchema,
  tradeRequestSchema,
  type TradeMessage,
} from '../../../engine/api/trade-service.ts';
import type { CommandResult } from '../../../engine/domain/command.ts';
import type { ClientOrderId, InstrumentId } from '../../../engine/domain/identifiers.ts';
import { openControlSocket, type ControlSocket } from '../../../engine/net/control-socket.ts';
import { resolveOrderText } from '../../order-text.ts';

const LIMIT_MS = 30_000;

type Snapshot = Extract<TradeMessage, { type: 'Snapshot' }>;
type Update = Extract<TradeMessage, { type: 'Updates' }>['updates'][number];
type Evidence = Extract<Update, { type: 'EvidenceChanged' }>['evidence'];
type Health = Extract<FeedMessage, { type: 'Health' }>;

/** What the trading process says, kept as a window keeps it, with everything that was ever said of an order. */
export class DeskClient implements Disposable {
  readonly orders = new Map<string, Snapshot['orders'][number]>();
  readonly fills = new Map<string, Snapshot['fills'][number]>();
  readonly positions = new Map<string, Snapshot['positions'][number]>();
  readonly balances = new Map<string, Snapshot['balances'][number]>();
  readonly alerts: string[] = [];
  /** What each source said last of an order. */
  readonly evidence = new Map<string, Evidence>();
  /** Every status an order has shown, in order. */
  readonly history = new Map<string, string[]>();
  /** Every state of the newest quote, in order, repeats left out. */
  readonly states = new Map<string, string[]>();
  readonly quotes = new Map<string, QuoteMessage>();
  depth: DepthMessage | undefined;
  health: Health | undefined;
  account: Snapshot['accounts'][number] | undefined;
  armed = false;
  /** Why a process ended its connection, when one did: nothing more comes of it. */
  lost: string | undefined;
  #snapshot: Snapshot | undefined;
  readonly #answers = new Map<string, CommandResult>();
  readonly #trade: ControlSocket;
  readonly #feed: ControlSocket;
  #wake = new Set<() => void>();

  constructor(engine: EngineFile, symbol: string) {
    this.#trade = openControlSocket(engine, 'trade', {
      onMessage: (text) => this.#onTrade(text),
      onClose: (reason) => this.#onClose('trade', reason),
    });
    this.#feed = openControlSocket(engine, 'feed', {
      onMessage: (text) => this.#onFeed(text, symbol),
      onClose: (reason) => this.#onClose('feed', reason),
    });
  }

  /** Settles when `holds`; throws what `said` about it when it does not within the limit. */
  async until(holds: () => boolean, said: () => unknown): Promise<void> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    while (!holds()) {
      if (this.lost !== undefined) throw new Error(`the connection ended, ${this.lost}`);
      if (limit.aborted) throw new Error(`it never held: ${JSON.stringify(said())}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => resolve();
        this.#wake.add(wake);
        limit.addEventListener('abort', wake, { once: true });
      });
    }
  }

  /** Sends a line of the order language and waits for the kernel's answer; the order goes on by itself. */
  async line(text: string): Promise<CommandResult> {
    await this.until(
      () => this.#snapshot !== undefined,
      () => 'snapshot',
    );
    const snapshot = {
      ...(this.#snapshot as Snapshot),
      orders: [...this.orders.values()],
    };
    const resolved = await resolveOrderText(text, snapshot, (id) => this.#quoteOf(id));
    if (!resolved.ok) throw new Error(resolved.error);
    const commandId = randomUUID();
    if (resolved.value.type === 'Kill') throw new Error('a kill is asked of main, not of trade');
    const request = { type: 'Execute' as const, commandId, command: resolved.value };
    this.#trade.send(encodeMessage(tradeRequestSchema, request));
    await this.until(
      () => this.#answers.has(commandId),
      () => text,
    );
    return this.#answers.get(commandId) as CommandResult;
  }

  /** As `line`, for one that must make an order; returns its id. */
  async order(text: string): Promise<ClientOrderId> {
    const result = await this.line(text);
    const [id] = result.orders;
    if (!result.ok || id === undefined) throw new Error(`${text}: ${JSON.stringify(result)}`);
    return id;
  }

  /** Waits until an order shows one of these. */
  async shows(id: string, ...statuses: readonly string[]): Promise<void> {
    await this.until(
      () => statuses.includes(this.history.get(id)?.at(-1) ?? ''),
      () => [
        id,
        statuses,
        this.history.get(id),
        this.orders.get(id)?.reason,
        this.alerts.slice(-5),
      ],
    );
  }

  /** Waits until an order has shown this, however briefly. */
  async showed(id: string, status: string): Promise<void> {
    await this.until(
      () => this.history.get(id)?.includes(status) === true,
      () => [id, status, this.history.get(id), this.alerts.slice(-5)],
    );
  }

  /** The rules of an instrument as they are known now. */
  rules(id: string): Snapshot['instruments'][number] | undefined {
    return this.#snapshot?.instruments.find((one) => one.id === id);
  }

  /** Waits until an instrument's rules are so. */
  async knows(id: string, status: string, tickSize: number): Promise<void> {
    await this.until(
      () => this.rules(id)?.status === status && this.rules(id)?.tickSize === tickSize,
      () => this.rules(id)?.status,
    );
  }

  /** The order that took another's place. */
  successorOf(id: string): string {
    const found = [...this.orders.values()].find(({ replaces }) => replaces === id);
    return found?.clientOrderId ?? '';
  }

  /** Times the feed took a book's snapshot anew. */
  get resyncs(): number {
    return this.#count(({ resyncs }) => resyncs);
  }

  get reconnects(): number {
    return this.#count(({ reconnects }) => reconnects);
  }

  /** What a source said last of how much of an order has filled. */
  saidOf(id: string, source: string): number | undefined {
    return this.evidence.get(id)?.statements.find((one) => one.source === source)?.cumQty;
  }

  get parseErrors(): number {
    return this.#count(({ parseErrors }) => parseErrors);
  }

  [Symbol.dispose](): void {
    this.#trade.close();
    this.#feed.close();
  }

  #onClose(process: string, reason: string): void {
    this.lost ??= `${process}: ${reason}`;
    this.#rouse();
  }

  #count(of: (connection: Health['connections'][number]) => number): number {
    return (this.health?.connections ?? []).reduce((sum, one) => sum + of(one), 0);
  }

  async #quoteOf(id: InstrumentId): Promise<QuoteMessage> {
    await this.until(
      () => this.quotes.get(id)?.bid !== undefined,
      () => `a quote of ${id}`,
    );
    return this.quotes.get(id) as QuoteMessage;
  }

  #onTrade(text: string): void {
    const decoded = decodeMessage(tradeMessageSchema, text);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const message = decoded.value;
    if (message.type === 'Snapshot') {
      this.#snapshot = message;
      [this.account] = message.accounts;
      this.armed = message.armed;
      for (const order of message.orders) this.#take({ type: 'OrderChanged', order });
      for (const fill of message.fills) this.#take({ type: 'FillAdded', fill });
      for (const balance of message.balances) this.#take({ type: 'BalanceChanged', balance });
      for (const position of message.positions) this.#take({ type: 'PositionChanged', position });
    }
    if (message.type === 'Updates') for (const update of message.updates) this.#take(update);
    this.#rouse();
  }

  #take(update: Update): void {
    switch (update.type) {
      case 'OrderChanged': {
        const { clientOrderId: id } = update.order;
        const status = shownStatus(update.order);
        this.orders.set(id, update.order);
        const seen = this.history.get(id) ?? [];
        if (seen.at(-1) !== status) this.history.set(id, [...seen, status]);
        return;
      }
      case 'FillAdded':
        this.fills.set(`${update.fill.instrument} ${update.fill.tradeId}`, update.fill);
        return;
      case 'PositionChanged':
        this.positions.set(update.position.instrument, update.position);
        return;
      case 'BalanceChanged':
        this.balances.set(update.balance.asset, update.balance);
        return;
      case 'AccountChanged':
        this.account = update.account;
        return;
      case 'ArmingChanged':
        this.armed = update.armed;
        return;
      case 'EvidenceChanged':
        this.evidence.set(update.evidence.clientOrderId, update.evidence);
        return;
      case 'CommandAnswered':
        this.#answers.set(update.result.commandId, update.result);
        return;
      case 'Alert':
        this.alerts.push(`${update.code}: ${update.message}`);
        return;
      default:
    }
  }

  #onFeed(text: string, symbol: string): void {
    const decoded = decodeMessage(feedMessageSchema, text);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const message = decoded.value;
    if (message.type === 'Welcome') {
      const ids = message.instruments.map(({ id }) => id);
      const deep = ids.find((id) => id.startsWith(`${symbol}.`));
      this.#ask({ type: 'WatchQuotes', instruments: ids });
      if (deep !== undefined) {
        this.#ask({ type: 'SubscribeDepth', subscription: 'depth', instrument: deep, levels: 10 });
      }
    }
    if (message.type === 'Health') this.health = message;
    if (message.type === 'Frame') {
      for (const quote of message.quotes) this.#quoted(quote);
      this.depth = message.depths.at(-1) ?? this.depth;
      this.#ask({ type: 'Acknowledge', frame: message.frame });
    }
    this.#rouse();
  }

  #quoted(quote: QuoteMessage): void {
    this.quotes.set(quote.instrument, quote);
    const seen = this.states.get(quote.instrument) ?? [];
    if (seen.at(-1) !== quote.state) this.states.set(quote.instrument, [...seen, quote.state]);
  }

  #ask(request: FeedRequest): void {
    this.#feed.send(encodeMessage(feedRequestSchema, request));
  }

  #rouse(): void {
    const waiting = this.#wake;
    this.#wake = new Set();
    for (const wake of waiting) wake();
  }
}

/** What a desk shows: Unknown before anything else. */
function shownStatus({ status, unknownSince }: Snapshot['orders'][number]): string {
  return unknownSince === undefined ? status : 'Unknown';
}
