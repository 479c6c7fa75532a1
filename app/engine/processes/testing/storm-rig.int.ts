import { Xoshiro128 } from '../../base/rng.ts';
import type { ClientOrderId } from '../../domain/identifiers.ts';
import type { OrderStatus, OrderTerms } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { BOOK_LIVE } from '../../native/compute/market-record.ts';
import { until } from '../../ports/contract/until.ts';
import { readSession } from '../../store/journal/session-reader.ts';
import { replaySession } from '../trade/session-replay.ts';
import type { ExchangeOrder } from './exchange-rig.int.ts';
import { ACCOUNT, BTC, differences, makeReady, setUpTrade } from './kill-rig.int.ts';

const SYMBOL = 'BTCUSDT';
const IN_FLIGHT = 64;
const MOST_OPEN = 50;
const QUOTE_EVERY = 100;
/** So many orders leave before a storm is measured. */
const WARM = 400;
/** So many of the newest orders are known here, ended or not. */
const NEWEST = 1000;
/** Far below the ten seconds after which a list of open orders would find what the stream did not tell. */
const AGREE_WITHIN_MS = 3000;

const TAKEN = new Set<OrderStatus>(['Accepted', 'PartiallyFilled', 'Filled']);

/** The trading process on an exchange of its own, in storms of orders that end with its death. */
export class StormRig {
  /** Orders sent so far. */
  asked = 0;
  /** Orders that the window was told were taken, of all storms. */
  readonly acknowledged = new Set<string>();
  readonly #setUp: Awaited<ReturnType<typeof setUpTrade>>;
  readonly #rng: Xoshiro128;
  /** Orders that wait for the exchange, and orders open there, kept up to date from what the window is told. */
  readonly #waiting = new Set<string>();
  #open = new Set<string>();
  /** Orders that the exchange took in the storm that blows. */
  readonly #taken = new Set<string>();
  #heard = 0;
  readonly #unanswered = new Set<string>();

  private constructor(setUp: Awaited<ReturnType<typeof setUpTrade>>, seed: number) {
    this.#setUp = setUp;
    this.#rng = new Xoshiro128(seed);
  }

  static async open(cleanup: AsyncDisposableStack, seed: number): Promise<StormRig> {
    const rig = new StormRig(await setUpTrade(cleanup, seed), seed);
    await rig.#setUp.trade.start();
    return rig;
  }

  /** Waits until the account agrees, with a price, unlocked and armed. */
  async ready(): Promise<void> {
    const { market, trade, quote } = this.#setUp;
    market.status(BOOK_LIVE);
    await quote();
    await makeReady(trade);
  }

  /** Sends as fast as the exchange answers until some hundred orders have left; gives the orders a second that the exchange took. */
  async storm(): Promise<number> {
    const { market, trade } = this.#setUp;
    this.#waiting.clear();
    this.#unanswered.clear();
    this.#taken.clear();
    this.#open = new Set(
      [...trade.orders.values()]
        .filter(({ status }) => status === 'Accepted')
        .map(({ clientOrderId }) => clientOrderId),
    );
    trade.messages.length = 0;
    this.#heard = 0;
    market.status(BOOK_LIVE);
    // A process that has just begun is slow at first.
    await this.#blow(WARM);
    this.#taken.clear();
    const begun = performance.now();
    await this.#blow(400 + this.#rng.nextBelow(600));
    return (this.#taken.size / (performance.now() - begun)) * 1000;
  }

  async #blow(count: number): Promise<void> {
    const { trade, quote } = this.#setUp;
    let touch = await quote();
    for (let sent = 0; sent < count; sent += 1) {
      for (this.#listen(); this.#inFlight() >= IN_FLIGHT; this.#listen()) await trade.next();
      if (sent % QUOTE_EVERY === QUOTE_EVERY - 1) touch = await quote();
      this.#submit(touch.bid, touch.ask);
      const [oldest] = this.#open;
      if (this.#open.size <= MOST_OPEN || oldest === undefined) continue;
      this.#open.delete(oldest);
      trade.send({ type: 'CancelOrder', clientOrderId: oldest as ClientOrderId });
    }
    this.#listen();
  }

  /**
   * Kills the process as it stands and starts it again; gives the milliseconds until every order open at the exchange was known, and
   * what it was told of and does not know any more.
   */
  async dieAndReturn(): Promise<{ readonly knownMs: number; readonly lost: readonly string[] }> {
    const { trade } = this.#setUp;
    await trade.kill();
    const acknowledged = new Set(
      [...trade.answers.values()].flatMap((one) => (one.ok ? one.orders : [])),
    );
    for (const id of acknowledged) this.acknowledged.add(id);
    trade.answers.clear();
    const standing = await this.#openAtExchange();
    const begun = performance.now();
    await trade.start();
    await trade.openWindow();
    const isKnown = (id: string): boolean => {
      const order = trade.orders.get(id as ClientOrderId);
      // Since then it may have met the market.
      return order !== undefined && order.unknownSince === undefined;
    };
    await until('every order open at the exchange known as open here', () =>
      [...standing].every(isKnown),
    );
    const knownMs = performance.now() - begun;
    // Those that ended before are forgotten.
    const newest = [...acknowledged].slice(-NEWEST);
    return { knownMs, lost: newest.filter((id) => !trade.orders.has(id)) };
  }

  /** Waits in quiet until exchange and window agree; gives what still differs after seconds, in words. */
  async settle(): Promise<string[]> {
    const { exchange, instrument, trade } = this.#setUp;
    await this.ready();
    await until(
      'every order settled',
      () => [...trade.orders.values()].every(({ unknownSince }) => unknownSince === undefined),
      30_000,
    );
    const deadline = performance.now() + AGREE_WITHIN_MS;
    for (;;) {
      const all = await exchange.allOrders(SYMBOL);
      // Orders that ended long ago are forgotten here.
      const asked = all.filter(
        ({ clientOrderId, status }, index) =>
          index >= all.length - NEWEST ||
          trade.orders.has(clientOrderId as ClientOrderId) ||
          status === 'NEW' ||
          status === 'PARTIALLY_FILLED',
      );
      const found = differences(trade.orders.values(), asked, instrument.quantityScale);
      // The market goes on: what filled a moment ago may be on its way here.
      if (found.length === 0 || performance.now() > deadline) return found;
      await trade.next();
    }
  }

  /** Stops the process; gives what does not hold between journal, window and exchange, in words. */
  async audit(): Promise<string[]> {
    const { config, exchange, trade } = this.#setUp;
    const found: string[] = [];
    const all = await exchange.allOrders(SYMBOL);
    await trade.stop();
    const replay = replaySession(config.sessionFolder);
    if (!replay.ok) throw new Error(replay.error.message);
    if (replay.value.firstDifference !== undefined) found.push('the journal does not replay');
    const sends = new Set<string>();
    const read = readSession(config.sessionFolder, {
      onIntent: (effect) => {
        if (effect.type !== 'SendOrder') return;
        const { clientOrderId } = effect.order;
        if (sends.has(clientOrderId)) found.push(`${clientOrderId} was sent twice`);
        sends.add(clientOrderId);
      },
    });
    if (!read.ok) throw new Error(read.error.message);
    for (const { clientOrderId } of all) {
      if (!sends.has(clientOrderId)) found.push(`${clientOrderId} has no intent`);
    }
    for (const id of this.acknowledged) {
      if (!sends.has(id)) found.push(`${id} was acknowledged and is lost`);
    }
    return found;
  }

  #listen(): void {
    const { trade } = this.#setUp;
    for (const message of trade.messages.slice(this.#heard)) {
      if (message.type !== 'Updates') continue;
      for (const update of message.updates) {
        if (update.type === 'CommandAnswered') this.#unanswered.delete(update.result.commandId);
        if (update.type !== 'OrderChanged') continue;
        const { clientOrderId: id, status } = update.order;
        if (status === 'Submitted' || status === 'PendingCancel') this.#waiting.add(id);
        else this.#waiting.delete(id);
        if (status === 'Accepted') this.#open.add(id);
        else this.#open.delete(id);
        if (TAKEN.has(status)) this.#taken.add(id);
      }
    }
    this.#heard = trade.messages.length;
  }

  #inFlight(): number {
    return this.#waiting.size + this.#unanswered.size;
  }

  #submit(bid: number, ask: number): void {
    const rng = this.#rng;
    const { instrument, trade } = this.#setUp;
    const side = rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
    // One in ten meets the market.
    const away = rng.nextBelow(10) === 0 ? -20 : 2_000 + rng.nextBelow(1_000);
    const terms: OrderTerms = {
      instrument: BTC,
      account: ACCOUNT,
      side,
      type: 'Limit',
      quantity: quantity(instrument.minQuantity * 20 * (1 + rng.nextBelow(3))),
      price: price(side === 'Buy' ? bid - away : ask + away),
      timeInForce: 'GTC',
      postOnly: false,
      reduceOnly: false,
    };
    this.#unanswered.add(trade.send({ type: 'SubmitOrder', terms }));
    this.asked += 1;
  }

  async #openAtExchange(): Promise<Set<string>> {
    const { exchange } = this.#setUp;
    const rows = await exchange.ask<ExchangeOrder[]>('/api/v3/openOrders', { symbol: SYMBOL });
    return new Set(rows.map(({ clientOrderId }) => clientOrderId));
  }
}
