import { invariant, present } from '../base/invariant.ts';
import type { Balance, Position, RiskLimits, TradingState } from '../domain/account.ts';
import { rescale } from '../domain/decimal.ts';
import type {
  AccountId,
  AssetCode,
  ClientId,
  ClientOrderId,
  InstrumentId,
  VenueId,
} from '../domain/identifiers.ts';
import { notionalScale, type Instrument } from '../domain/instrument.ts';
import type { Fill, Order } from '../domain/order.ts';
import { price, quantity, type Price, type Quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';
import { RiskGate } from '../native/compute/risk-gate.ts';
import type { RiskOrder } from '../native/compute/risk-terms.ts';
import { denialOf, GATE_SCALE, type Denial } from './denial.ts';
import { NumberBook } from './number-book.ts';

/** The gate's own facts in plain data: which number each name has, and its tallies. */
export interface PreTradeRecord {
  readonly instruments: readonly InstrumentId[];
  readonly accounts: readonly AccountId[];
  readonly clients: readonly ClientId[];
  readonly assets: readonly AssetCode[];
  readonly venues: readonly VenueId[];
  readonly orders: readonly { readonly id: ClientOrderId; readonly number: number }[];
  readonly nextOrder: number;
  readonly tallies: readonly bigint[];
}

/** What the gate was set up with, needed to go on from a record. */
interface PreTradeSetup {
  readonly limits: RiskLimits | undefined;
  readonly instruments: readonly Instrument[];
}

interface Touch {
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
}

const LARGEST_QUANTITY = BigInt(Number.MAX_SAFE_INTEGER);

/** Pre-trade risk: names and scales of ours on one side, the native gate with its own tallies on the other. */
export class PreTrade {
  readonly #gate = new RiskGate();
  readonly #instruments: NumberBook<InstrumentId>;
  readonly #accounts: NumberBook<AccountId>;
  readonly #clients: NumberBook<ClientId>;
  readonly #assets: NumberBook<AssetCode>;
  readonly #venues: NumberBook<VenueId>;
  readonly #orders = new Map<ClientOrderId, number>();
  readonly #terms = new Map<InstrumentId, Instrument>();
  readonly #touches = new Map<InstrumentId, Touch>();
  #nextOrder: number;
  #limits: RiskLimits | undefined;

  constructor(record?: PreTradeRecord, setup?: PreTradeSetup) {
    this.#instruments = new NumberBook(record?.instruments);
    this.#accounts = new NumberBook(record?.accounts);
    this.#clients = new NumberBook(record?.clients);
    this.#assets = new NumberBook(record?.assets);
    this.#venues = new NumberBook(record?.venues);
    this.#nextOrder = record?.nextOrder ?? 1;
    if (record === undefined) return;
    if (setup?.limits !== undefined) this.setLimits(setup.limits);
    for (const client of record.clients) this.#defineClient(client);
    for (const instrument of setup?.instruments ?? []) this.setInstrument(instrument);
    for (const { id, number } of record.orders) this.#orders.set(id, number);
    const restored = this.#gate.restore(BigInt64Array.from(record.tallies));
    invariant(restored.ok, 'tallies of the risk gate must fit its configuration');
  }

  /** The limits in force from now on. */
  setLimits(limits: RiskLimits): void {
    this.#limits = limits;
    const { staleAfterMicros, duplicateWindowMicros } = limits;
    this.#gate.configure({ staleAfterMicros, duplicateWindowMicros });
    for (const account of this.#accounts.names()) this.#defineAccount(account);
    for (const instrument of this.#terms.values()) this.setInstrument(instrument);
  }

  /** An instrument, its filters and its collars. */
  setInstrument(instrument: Instrument): void {
    this.#terms.set(instrument.id, instrument);
    const scale = notionalScale(instrument);
    invariant(
      scale <= GATE_SCALE,
      `${instrument.id}: notional scale must be at most ${GATE_SCALE}`,
    );
    const notionalMultiplier = 10 ** (GATE_SCALE - scale);
    const limits = this.#limits;
    this.#gate.defineInstrument(this.#instruments.number(instrument.id), {
      // A venue's 0 turns a filter off; the smallest whole number does the same here.
      tickSize: price(Math.max(1, instrument.tickSize)),
      minPrice: price(Math.max(1, instrument.minPrice)),
      maxPrice: instrument.maxPrice,
      stepSize: quantity(Math.max(1, instrument.stepSize)),
      minQuantity: quantity(Math.max(1, instrument.minQuantity)),
      maxQuantity: instrument.maxQuantity,
      minNotional: rescale(instrument.minNotional, scale, GATE_SCALE),
      notionalMultiplier,
      venue: this.#venues.number(instrument.venue),
      baseAsset: {
        id: this.#assets.number(instrument.base),
        multiplier: 10 ** (GATE_SCALE - instrument.quantityScale),
      },
      quoteAsset: { id: this.#assets.number(instrument.quote), multiplier: notionalMultiplier },
      ...(limits === undefined
        ? {}
        : { collarBps: limits.priceCollarBps, passiveCollarBps: limits.maxDistanceBps }),
    });
  }

  /** An account and its trading state. */
  setAccount(account: AccountId, state: TradingState): void {
    if (this.#accounts.find(account) === undefined) this.#defineAccount(account);
    this.#gate.setTradingState(this.#accounts.number(account), state);
  }

  /** Whether a client is armed. */
  setArmed(client: ClientId, armed: boolean): void {
    this.#gate.setArmed(this.#clientNumber(client), armed);
  }

  /** A balance as the venue states it. */
  setBalance(balance: Balance): void {
    const total = rescale(balance.free + balance.locked, balance.scale, GATE_SCALE);
    const account = this.#accounts.number(balance.account);
    this.#gate.setBalance(account, this.#assets.number(balance.asset), total);
  }

  /** The touch and when it came in our time; an absent side counts as none, and no new exposure is taken. */
  setQuote(
    instrument: InstrumentId,
    bid: Price | undefined,
    ask: Price | undefined,
    at: UnixMicros,
  ): void {
    const number = this.#instruments.find(instrument);
    if (number === undefined) return;
    this.#touches.set(instrument, { bid, ask });
    this.#gate.onQuote(number, Math.max(0, bid ?? 0), Math.max(0, ask ?? 0), at);
  }

  /** The first check that denies the order, or undefined; of the position `spent` was taken as fees. Changes no tally. */
  check(
    order: Order,
    replaced: Order | undefined,
    at: UnixMicros,
    spent = quantity(0),
  ): Denial | undefined {
    const instrument = present(this.#terms.get(order.instrument), `instrument ${order.instrument}`);
    this.#definePositionLimit(order, instrument);
    const replaces = replaced && this.#orders.get(replaced.clientOrderId);
    const asked = { ...this.#riskOrder(order, this.#nextOrder), spent };
    this.#gate.check(replaces === undefined ? asked : { ...asked, replaces }, at);
    const verdict = this.#gate.lastVerdict();
    return verdict.ok ? undefined : denialOf(verdict, instrument);
  }

  /** The order is sent, or was found working at the venue. */
  submitted(order: Order, at: UnixMicros): void {
    const number = this.#nextOrder;
    this.#nextOrder += 1;
    this.#orders.set(order.clientOrderId, number);
    const taken = this.#gate.onSubmitted(this.#riskOrder(order, number), at);
    invariant(taken, `${order.clientOrderId} must be new to the risk gate`);
  }

  /** The open quantity of a working order changed. */
  changed(order: Order): void {
    const number = this.#numberOf(order);
    const at = order.price ?? order.stopPrice ?? 0;
    const taken = this.#gate.onWorkingChanged(number, order.leavesQty, at);
    invariant(taken, `${order.clientOrderId} must be working in the risk gate`);
  }

  /** A fill was counted. */
  filled(fill: Fill, order: Order): void {
    const number = this.#orders.get(order.clientOrderId) ?? Number.MAX_SAFE_INTEGER;
    const { lastPx, lastQty } = fill;
    const asked = this.#riskOrder(order, number);
    const executed = { ...asked, price: lastPx, quantity: lastQty };
    const asset = this.#assets.number(fill.feeAsset as AssetCode);
    const amount = rescale(fill.fee, fill.feeScale, GATE_SCALE);
    const taken = this.#gate.onFill(executed, { asset, amount });
    invariant(taken, `fill ${fill.tradeId} must be taken by the risk gate`);
  }

  /** A position that comes from an earlier session, or (against it) is given up. Balances are to be set after it. */
  carry(position: Pick<Position, 'account' | 'instrument' | 'quantity'>): void {
    const { account, instrument, quantity: held } = position;
    if (held === 0) return;
    const taken = this.#gate.onFill({
      orderId: Number.MAX_SAFE_INTEGER,
      instrument: this.#instruments.number(instrument),
      account: this.#accounts.number(account),
      side: held > 0 ? 'Buy' : 'Sell',
      manual: false,
      reduceOnly: false,
      quantity: quantity(Math.abs(held)),
    });
    invariant(taken, `a carried position of ${instrument} must be taken by the risk gate`);
  }

  /** The order ended. */
  done(order: Order): void {
    const taken = this.#gate.onDone(this.#numberOf(order));
    invariant(taken, `${order.clientOrderId} must be working in the risk gate`);
    this.#orders.delete(order.clientOrderId);
  }

  /** The gate's own position and working quantities, to compare with ours. */
  exposure(
    account: AccountId,
    instrument: InstrumentId,
  ): { readonly position: number; readonly workingBuy: number; readonly workingSell: number } {
    const number = this.#instruments.number(instrument);
    return this.#gate.exposure('Account', this.#accounts.number(account), number);
  }

  /** Everything it was told, in plain data. */
  record(): PreTradeRecord {
    return {
      instruments: this.#instruments.names(),
      accounts: this.#accounts.names(),
      clients: this.#clients.names(),
      assets: this.#assets.names(),
      venues: this.#venues.names(),
      orders: [...this.#orders].map(([id, number]) => ({ id, number })),
      nextOrder: this.#nextOrder,
      tallies: [...this.#gate.tallies()],
    };
  }

  #riskOrder(order: Order, orderId: number): RiskOrder {
    const at = order.price ?? order.stopPrice;
    // A client that was never armed is no scope of the gate: unarmed, like none.
    const client = order.client === undefined ? undefined : this.#clients.find(order.client);
    return {
      orderId,
      instrument: this.#instruments.number(order.instrument),
      account: this.#accounts.number(order.account),
      side: order.side,
      manual: order.origin === 'Manual',
      reduceOnly: order.reduceOnly,
      quantity: order.quantity,
      ...(client === undefined ? {} : { client }),
      ...(at === undefined ? {} : { price: at }),
    };
  }

  #numberOf(order: Order): number {
    return present(this.#orders.get(order.clientOrderId), `gate number of ${order.clientOrderId}`);
  }

  #clientNumber(client: ClientId): number {
    if (this.#clients.find(client) === undefined) this.#defineClient(client);
    return this.#clients.number(client);
  }

  #defineClient(client: ClientId): void {
    this.#gate.defineScope('Client', this.#clients.number(client), {});
  }

  #defineAccount(account: AccountId): void {
    const number = this.#accounts.number(account);
    const limits = this.#limits;
    if (limits === undefined) {
      this.#gate.defineScope('Account', number, {});
      return;
    }
    this.#gate.defineScope('Account', number, {
      maxOrderNotional: limits.maxOrderNotional * 10n ** BigInt(GATE_SCALE),
      maxOpenOrders: limits.maxOpenOrders,
      orderRate: { count: limits.maxOrdersPerWindow, windowMicros: limits.orderRateWindowMicros },
    });
  }

  // The limit is money, the gate's is quantity: converted at the price that the check values the order at.
  #definePositionLimit(order: Order, instrument: Instrument): void {
    const touch = this.#touches.get(instrument.id);
    const reference = order.side === 'Buy' ? touch?.ask : touch?.bid;
    const limits = this.#limits;
    if (limits === undefined || reference === undefined || reference <= 0) return;
    const money = limits.maxPositionNotional * 10n ** BigInt(notionalScale(instrument));
    const units = money / BigInt(reference);
    const maxPosition: Quantity = quantity(
      Number(units < LARGEST_QUANTITY ? units : LARGEST_QUANTITY),
    );
    this.#gate.defineScope('Instrument', this.#instruments.number(instrument.id), { maxPosition });
  }
}
