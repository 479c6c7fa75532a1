import { createStore } from 'zustand/vanilla';
import type { CommandResult, WindowCommand } from '../../engine/domain/command.ts';
import type { OrderTerms } from '../../engine/domain/order.ts';
import type { ConnectionState } from '../client/connection.ts';
import type { TradeHealth, TradeMessage, TradeRequest } from '../client/trade-client.ts';
import {
  answersTo,
  applyUpdates,
  EMPTY_REPLICA,
  replicaFrom,
  type AccountReplica,
  type Update,
} from './account-replica.ts';
import { Lag } from './lag.ts';
import { Listeners } from './listeners.ts';
import { Pace, pageFrames, type Frames } from './pace.ts';

/** What risk says of an order that was not sent. */
export interface Verdict {
  readonly ok: boolean;
  readonly code: string;
  readonly message: string;
}

/** While orders change all the time they are shown this often: nobody reads faster. */
const ORDERS_PAUSE_MS = 60;

/** What the window knows of `trade`. */
export interface TradeState {
  readonly connection: ConnectionState;
  readonly replica: AccountReplica;
  /** What this window has asked to place and heard nothing of yet, by command. */
  readonly asked: ReadonlyMap<string, OrderTerms>;
  readonly health: TradeHealth | undefined;
}

/** The window's session with `trade`: the replica, commands and their answers, previews. */
export class TradeSession {
  readonly store = createStore<TradeState>(() => ({
    connection: { phase: 'Connecting', attempt: 0, malformed: 0 },
    replica: EMPTY_REPLICA,
    asked: new Map(),
    health: undefined,
  }));
  /** Every update, once, in order; those that one picture shows come together. */
  readonly updates = new Listeners<readonly Update[]>();
  /** How old what is shown is. */
  readonly lag = new Lag('every second');
  readonly refusals = new Listeners<{ readonly code: string; readonly message: string }>();
  readonly #send: (request: TradeRequest) => boolean;
  readonly #answers = new Map<string, (result: CommandResult) => void>();
  readonly #previews = new Map<number, (verdict: Verdict | undefined) => void>();
  readonly #pace: Pace;
  #pending: Update[] = [];
  /** When the engine said the newest of what came. */
  #saidAt = 0;
  #nextPreview = 1;

  constructor(send: (request: TradeRequest) => boolean, frames: Frames = pageFrames()) {
    this.#send = send;
    this.#pace = new Pace(frames, ORDERS_PAUSE_MS, () => this.#show());
  }

  /** Sends a command under its idempotency key; settles with the kernel's answer, or CONNECTION_LOST when none can come. */
  execute(commandId: string, command: WindowCommand): Promise<CommandResult> {
    const { promise, resolve } = Promise.withResolvers<CommandResult>();
    this.#answers.set(commandId, resolve);
    if (command.type === 'SubmitOrder') {
      const { asked } = this.store.getState();
      this.store.setState({ asked: new Map(asked).set(commandId, command.terms) });
    }
    if (!this.#send({ type: 'Execute', commandId, command })) {
      this.#answer({
        commandId,
        ok: false,
        orders: [],
        code: 'NOT_CONNECTED',
        message: 'The trading process is not connected; nothing was sent',
      });
    }
    return promise;
  }

  /** Asks what risk would say of an order; undefined when the connection goes before the answer comes. */
  preview(terms: OrderTerms): Promise<Verdict | undefined> {
    const request = this.#nextPreview++;
    const { promise, resolve } = Promise.withResolvers<Verdict | undefined>();
    this.#previews.set(request, resolve);
    if (!this.#send({ type: 'Preview', request, terms })) this.#judge(request, undefined);
    return promise;
  }

  connectionChanged(connection: ConnectionState): void {
    const lost = connection.phase !== 'Open';
    if (lost) this.#show();
    this.lag.reset();
    this.store.setState((state) => ({
      connection,
      replica: lost ? { ...state.replica, synced: false, armed: false } : state.replica,
    }));
    if (!lost) return;
    this.store.setState({ health: undefined });
    for (const commandId of this.#answers.keys()) {
      this.#answer({
        commandId,
        ok: false,
        orders: [],
        code: 'CONNECTION_LOST',
        message:
          'The connection was lost before the answer; the orders list will show what happened',
      });
    }
    for (const request of this.#previews.keys()) this.#judge(request, undefined);
  }

  receive(message: TradeMessage): void {
    switch (message.type) {
      case 'Snapshot':
        this.#show();
        this.store.setState({ replica: replicaFrom(message) });
        this.#said(message.at);
        return;
      case 'Updates':
        for (const update of message.updates) this.#pending.push(update);
        this.#saidAt = message.at;
        this.#pace.ask();
        return;
      case 'Previewed':
        this.#judge(message.request, message);
        return;
      case 'Health':
        this.store.setState({ health: message.health });
        if (this.#pending.length === 0) this.#said(message.at);
        return;
      case 'Refused':
        this.refusals.notify(message);
        return;
      default:
    }
  }

  /** Takes in what came since the last picture: one change of state, then everyone is told. */
  #show(): void {
    const updates = this.#pending;
    if (updates.length === 0) return;
    this.#pending = [];
    const { replica } = this.store.getState();
    const next = applyUpdates(replica, updates);
    const results = [...answersTo(updates, next.client)];
    // An order takes the place of what was asked in one change: neither stands alone, nor both together.
    const asked = this.#unanswered(results);
    if (next !== replica || asked !== undefined) {
      this.store.setState({ replica: next, ...(asked !== undefined && { asked }) });
    }
    this.#said(this.#saidAt);
    this.updates.notify(updates);
    for (const result of results) this.#answer(result);
  }

  #said(at: number): void {
    this.lag.shown(at, Date.now() * 1000);
  }

  /** What is still asked when these are answered; undefined when nothing changes. */
  #unanswered(results: readonly CommandResult[]): ReadonlyMap<string, OrderTerms> | undefined {
    const { asked } = this.store.getState();
    if (!results.some(({ commandId }) => asked.has(commandId))) return undefined;
    const left = new Map(asked);
    for (const { commandId } of results) left.delete(commandId);
    return left;
  }

  #answer(result: CommandResult): void {
    const asked = this.#unanswered([result]);
    if (asked !== undefined) this.store.setState({ asked });
    const settle = this.#answers.get(result.commandId);
    this.#answers.delete(result.commandId);
    settle?.(result);
  }

  #judge(request: number, verdict: Verdict | undefined): void {
    const settle = this.#previews.get(request);
    this.#previews.delete(request);
    settle?.(verdict);
  }
}
