import { randomUUID } from 'node:crypto';
import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  tradeMessageSchema,
  tradeRequestSchema,
  type TradeMessage,
  type TradeRequest,
} from '../../engine/api/trade-service.ts';
import { isTerminal } from '../../engine/domain/order.ts';
import type { MessageEnd } from '../../engine/server/port-channel.ts';

/** Trading tells its state within this time, or it is not known. */
const STATE_WITHIN_MS = 3000;
/** So long a venue may take to confirm cancels before the person is asked again. */
const CANCELED_WITHIN_MS = 8000;

type Command = Extract<TradeRequest, { type: 'Execute' }>['command'];
type Orders = Extract<TradeMessage, { type: 'Snapshot' }>['orders'];

/** Main's own word with the trading process, in the name of the desk: a channel of its own for each question. */
export class TradeLine {
  readonly #open: () => MessageEnd | undefined;

  /** `open` gives a channel; undefined while trading does not run. */
  constructor(open: () => MessageEnd | undefined) {
    this.#open = open;
  }

  /** How many orders are open; undefined when trading does not say. */
  openOrders(): Promise<number | undefined> {
    return this.#talk(STATE_WITHIN_MS, (talk) => {
      talk.onOrders = (open) => talk.done(open);
    });
  }

  /** Cancels everything that is open; how many still are, undefined when trading does not say. */
  async cancelAll(): Promise<number | undefined> {
    return this.#talk(CANCELED_WITHIN_MS, (talk) => {
      talk.onAccounts = (accounts) => {
        for (const account of accounts) talk.execute({ type: 'CancelAll', account });
      };
      talk.onOrders = (open) => {
        if (open === 0) talk.done(0);
      };
    });
  }

  /** Disarms the desk; false when trading did not take it. */
  async disarm(): Promise<boolean> {
    const answer = await this.#talk(STATE_WITHIN_MS, (talk) => {
      let asked = '';
      talk.onAccounts = () => {
        asked = talk.execute({ type: 'Disarm' });
      };
      talk.onAnswer = (commandId) => {
        if (commandId === asked) talk.done(0);
      };
    });
    return answer !== undefined;
  }

  /** Settles with what `begin` finds done, with the newest count when time is up, undefined when nothing was said. */
  #talk(withinMs: number, begin: (talk: Talk) => void): Promise<number | undefined> {
    const port = this.#open();
    if (port === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end = (count: number | undefined): void => {
        clearTimeout(timer);
        port.close();
        resolve(count);
      };
      const talk = new Talk(port, end);
      const timer = setTimeout(() => end(talk.open), withinMs);
      port.on('close', () => end(undefined));
      begin(talk);
      port.start();
    });
  }
}

/** One question: the orders as they are told, and what is asked meanwhile. */
class Talk {
  onAccounts: (accounts: readonly AccountOf[]) => void = () => undefined;
  onOrders: (open: number) => void = () => undefined;
  onAnswer: (commandId: string) => void = () => undefined;
  readonly done: (count: number) => void;
  readonly #port: MessageEnd;
  readonly #open = new Set<string>();
  #known = false;

  constructor(port: MessageEnd, done: (count: number) => void) {
    this.#port = port;
    this.done = done;
    port.on('message', ({ data }) => this.#onData(data));
  }

  /** Orders that are open as far as was told; undefined before anything was. */
  get open(): number | undefined {
    return this.#known ? this.#open.size : undefined;
  }

  /** Sends a command; gives its id. */
  execute(command: Command): string {
    const commandId = randomUUID();
    const request: TradeRequest = { type: 'Execute', commandId, command };
    this.#port.postMessage(encodeMessage(tradeRequestSchema, request));
    return commandId;
  }

  #onData(data: unknown): void {
    if (typeof data !== 'string') return;
    this.#port.postMessage(data.length);
    const decoded = decodeMessage(tradeMessageSchema, data);
    if (!decoded.ok) return;
    const message = decoded.value;
    if (message.type === 'Snapshot') {
      this.#known = true;
      this.#take(message.orders);
      this.onAccounts(message.accounts.map(({ account }) => account));
      this.onOrders(this.#open.size);
    }
    if (message.type !== 'Updates') return;
    for (const update of message.updates) {
      if (update.type === 'OrderChanged') this.#take([update.order]);
      if (update.type === 'CommandAnswered') this.onAnswer(update.result.commandId);
    }
    this.onOrders(this.#open.size);
  }

  #take(orders: Orders): void {
    for (const { clientOrderId, status } of orders) {
      if (isTerminal(status)) this.#open.delete(clientOrderId);
      else this.#open.add(clientOrderId);
    }
  }
}

type AccountOf = Extract<TradeMessage, { type: 'Snapshot' }>['accounts'][number]['account'];
