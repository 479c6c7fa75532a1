import { randomUUID } from 'node:crypto';
import type { FeedMessage } from '../../../engine/api/feed-service.ts';
import type { EngineFile } from '../../../engine/api/supervision.ts';
import type { TradeMessage } from '../../../engine/api/trade-service.ts';
import type { Rng } from '../../../engine/base/rng.ts';
import { openControlSocket, type ControlSocket } from '../../../engine/net/control-socket.ts';

/** Requests that wait for an answer at once; enough to be as fast as the engine. */
const IN_FLIGHT = 64;
/** Open orders at most: the exchange takes 200 of an instrument. */
const MOST_OPEN = 100;
const AGAIN_MS = 25;
/** So many orders are taken before a storm is measured. */
const WARM = 200;
/** Orders a second below which it is no storm and proves nothing. */
export const LEAST_RATE = 500;

type Update = Extract<TradeMessage, { type: 'Updates' }>['updates'][number];
type Order = Extract<Update, { type: 'OrderChanged' }>['order'];

/** Orders as fast as an engine and its exchange answer, one in ten through the touch, the oldest canceled again. It comes back by itself when a process dies. */
export class Storm implements Disposable {
  /** Orders as they were last told of. */
  readonly orders = new Map<string, Pick<Order, 'side' | 'status' | 'unknownSince'>>();
  /** Orders that the engine said it took. */
  readonly acknowledged = new Set<string>();
  /** Orders that the exchange took, as far as was told. */
  readonly taken = new Set<string>();
  readonly refusals = new Map<string, number>();
  readonly #engine: EngineFile;
  readonly #instrument: string;
  readonly #rng: Rng;
  readonly #inFlight: number;
  readonly #open = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #unanswered = new Map<string, 'order' | 'cancel'>();
  readonly #wake = new Set<() => void>();
  #trade: ControlSocket | undefined;
  #feed: ControlSocket | undefined;
  #account: string | undefined;
  #touch: { readonly bid: number; readonly ask: number; readonly live: boolean } | undefined;
  #blowing = false;
  /** Something was refused: the next comes with the next price or word of health, not as fast as refusals do. */
  #held = false;
  #ended = false;

  constructor(engine: EngineFile, instrument: string, rng: Rng, inFlight = IN_FLIGHT) {
    this.#inFlight = inFlight;
    this.#engine = engine;
    this.#instrument = instrument;
    this.#rng = rng;
    this.#openTrade();
    this.#openFeed();
  }

  /** True once a snapshot of the present trading process has come. */
  get connected(): boolean {
    return this.#account !== undefined;
  }

  get live(): boolean {
    return this.#touch?.live === true;
  }

  /** Which of the orders that are open at the exchange are not known here, or not in what state they are. */
  unknownOf(open: readonly string[]): string[] {
    return open.filter((id) => {
      const order = this.orders.get(id);
      return order === undefined || order.unknownSince !== undefined;
    });
  }

  /** Blows until the exchange has taken `count` orders once it is at full strength; gives orders a second. */
  async rate(count: number): Promise<number> {
    await this.until('a price and an account', () => this.live && this.connected);
    const warm = this.taken.size + WARM;
    this.blow();
    await this.until('the storm blows', () => this.taken.size >= warm);
    const before = this.taken.size;
    const begun = performance.now();
    await this.until('the storm has blown', () => this.taken.size >= before + count);
    return ((this.taken.size - before) / (performance.now() - begun)) * 1000;
  }

  /** Arms the client: the account must be unlocked. */
  arm(): void {
    this.#trade?.send(
      JSON.stringify({ type: 'Execute', commandId: randomUUID(), command: { type: 'Arm' } }),
    );
  }

  blow(): void {
    this.#blowing = true;
    this.#send();
  }

  calm(): void {
    this.#blowing = false;
  }

  /** Settles when `holds`; looked at after each message. Throws after `limitMs`. */
  async until(what: string, holds: () => boolean, limitMs = 30_000): Promise<void> {
    const limit = AbortSignal.timeout(limitMs);
    while (!holds()) {
      if (limit.aborted) throw new Error(`never: ${what}; ${this.#condition()}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => resolve();
        this.#wake.add(wake);
        limit.addEventListener('abort', wake, { once: true });
      });
    }
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#trade?.close();
    this.#feed?.close();
  }

  #condition(): string {
    const { connected, live, refusals } = this;
    const waiting = [...this.#waiting].slice(0, 3).map((id) => [id, this.orders.get(id)]);
    return JSON.stringify({
      connected,
      live,
      refusals: [...refusals],
      taken: this.taken.size,
      open: this.#open.size,
      unanswered: this.#unanswered.size,
      inFlight: this.#waiting.size,
      waiting,
    });
  }

  #openTrade(): void {
    this.#account = undefined;
    this.#unanswered.clear();
    this.#waiting.clear();
    this.#trade = openControlSocket(this.#engine, 'trade', {
      onMessage: (text) => this.#onTrade(JSON.parse(text) as TradeMessage),
      onClose: () => {
        this.#account = undefined;
        this.#again(() => this.#openTrade());
      },
    });
  }

  #openFeed(): void {
    this.#touch = undefined;
    const feed = openControlSocket(this.#engine, 'feed', {
      onMessage: (text) => this.#onFeed(JSON.parse(text) as FeedMessage),
      onClose: () => {
        this.#touch = undefined;
        this.#again(() => this.#openFeed());
      },
    });
    this.#feed = feed;
    feed.send(JSON.stringify({ type: 'WatchQuotes', instruments: [this.#instrument] }));
  }

  #again(open: () => void): void {
    for (const wake of this.#wake) wake();
    if (!this.#ended) setTimeout(() => this.#ended || open(), AGAIN_MS);
  }

  #onFeed(message: FeedMessage): void {
    if (message.type !== 'Frame') return;
    this.#feed?.send(JSON.stringify({ type: 'Acknowledge', frame: message.frame }));
    const quote = message.quotes.find(({ instrument }) => instrument === this.#instrument);
    if (quote?.bid !== undefined && quote.ask !== undefined) {
      this.#touch = { bid: quote.bid, ask: quote.ask, live: quote.state === 'Live' };
      this.#held = false;
    }
    this.#rouse();
  }

  #onTrade(message: TradeMessage): void {
    if (message.type === 'Health') this.#held = false;
    if (message.type === 'Snapshot') {
      this.#open.clear();
      for (const order of message.orders) this.#note(order);
      this.#account = message.accounts[0]?.account;
    }
    if (message.type === 'Updates') for (const update of message.updates) this.#take(update);
    this.#rouse();
  }

  #take(update: Update): void {
    if (update.type === 'OrderChanged') this.#note(update.order);
    if (update.type !== 'CommandAnswered') return;
    const { commandId, ok, orders, code = '' } = update.result;
    const what = this.#unanswered.get(commandId);
    if (what === undefined) return;
    this.#unanswered.delete(commandId);
    if (!ok) {
      this.#held = true;
      this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    } else if (what === 'order') for (const id of orders) this.acknowledged.add(id);
  }

  #note({ clientOrderId: id, side, status, unknownSince }: Order): void {
    this.orders.set(id, { side, status, ...(unknownSince !== undefined && { unknownSince }) });
    if (status === 'Submitted' || status === 'PendingCancel') this.#waiting.add(id);
    else this.#waiting.delete(id);
    if (status === 'Accepted' || status === 'PartiallyFilled') this.#open.add(id);
    else this.#open.delete(id);
    if (['Accepted', 'PartiallyFilled', 'Filled', 'Canceled'].includes(status)) this.taken.add(id);
  }

  #rouse(): void {
    this.#send();
    const waiting = [...this.#wake];
    this.#wake.clear();
    for (const wake of waiting) wake();
  }

  #send(): void {
    const account = this.#account;
    const touch = this.#touch;
    if (!this.#blowing || this.#held || account === undefined || touch?.live !== true) return;
    while (this.#waiting.size + this.#unanswered.size < this.#inFlight) {
      const [oldest] = this.#open;
      if (this.#open.size > MOST_OPEN && oldest !== undefined) {
        this.#open.delete(oldest);
        this.#execute('cancel', { type: 'CancelOrder', clientOrderId: oldest });
      }
      this.#submit(account, touch);
    }
  }

  #submit(account: string, { bid, ask }: { readonly bid: number; readonly ask: number }): void {
    const rng = this.#rng;
    const side = rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
    const away = rng.nextBelow(10) === 0 ? -20 : 20_000 + rng.nextBelow(10_000);
    const terms = {
      instrument: this.#instrument,
      account,
      side,
      type: 'Limit',
      quantity: 20 * (1 + rng.nextBelow(20)),
      price: side === 'Buy' ? bid - away : ask + away,
      timeInForce: 'GTC',
      postOnly: false,
      reduceOnly: false,
    };
    this.#execute('order', { type: 'SubmitOrder', terms });
  }

  #execute(what: 'order' | 'cancel', command: unknown): void {
    const commandId = randomUUID();
    this.#unanswered.set(commandId, what);
    this.#trade?.send(JSON.stringify({ type: 'Execute', commandId, command }));
  }
}
