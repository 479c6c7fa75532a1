import { invariant, present } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addon } from '../addon.mjs';
import type { RiskGateCore } from './risk-binding.ts';
import {
  RISK_REASON,
  RISK_SCOPES,
  type RiskExposure,
  type RiskInstrument,
  type RiskOrder,
  type RiskReason,
  type RiskScope,
  type RiskScopeLimits,
  type RiskVerdict,
} from './risk-terms.ts';

const MAX_ID = 4095;
const UNLIMITED = (1n << 127n) - 1n;
const LARGEST_NOTIONAL = 1n << 126n;
const LOW_MASK = (1n << 64n) - 1n;
const STATES = { Locked: 0, Active: 1, Reducing: 2, Halted: 3 } as const;
const PASSED: RiskVerdict = { ok: true };
const REASONS = Object.keys(RISK_REASON) as readonly RiskReason[];

/** What an account may do. */
export type RiskTradingState = keyof typeof STATES;

function whole(field: string, value: number, smallest: number, largest: number): number {
  invariant(
    Number.isSafeInteger(value) && value >= smallest && value <= largest,
    `${field} must be a whole number in ${smallest}..${largest}, was ${value}`,
  );
  return value;
}

function id(field: string, value: number): number {
  return whole(field, value, 0, MAX_ID);
}

function mantissa(field: string, value: number): number {
  return whole(field, value, 0, Number.MAX_SAFE_INTEGER);
}

function amount(field: string, value: bigint): bigint {
  invariant(
    value > -LARGEST_NOTIONAL && value < LARGEST_NOTIONAL,
    `${field} must lie within ±2^126, was ${value.toString()}`,
  );
  return value;
}

function scopeCode(kind: RiskScope): number {
  return RISK_SCOPES.indexOf(kind);
}

/** Checks orders against everything that limits them, over tallies of its own. Knows what it was told, reads no clock; times never go back. */
export class RiskGate {
  readonly #order = new Float64Array(new ArrayBuffer(104));
  readonly #wides = new BigInt64Array(new ArrayBuffer(32));
  readonly #numbers = new Float64Array(16);
  readonly #core: RiskGateCore = new addon.RiskGateCore(this.#order, this.#wides);

  /** Age at which a quote no longer counts and window of the duplicate check, in microseconds; 0 turns the check off. */
  configure(settings: {
    readonly staleAfterMicros: number;
    readonly duplicateWindowMicros: number;
  }): void {
    this.#core.configure(
      mantissa('staleAfterMicros', settings.staleAfterMicros),
      mantissa('duplicateWindowMicros', settings.duplicateWindowMicros),
    );
  }

  /** Defines or changes an instrument; its venue and assets stay what they were first. */
  defineInstrument(instrument: number, terms: RiskInstrument): void {
    const { baseAsset, quoteAsset } = terms;
    const numbers = this.#numbers;
    numbers[0] = whole('tickSize', terms.tickSize, 1, Number.MAX_SAFE_INTEGER);
    numbers[1] = whole('minPrice', terms.minPrice, 1, Number.MAX_SAFE_INTEGER);
    numbers[2] = mantissa('maxPrice', terms.maxPrice);
    numbers[3] = whole('stepSize', terms.stepSize, 1, Number.MAX_SAFE_INTEGER);
    numbers[4] = whole('minQuantity', terms.minQuantity, 1, Number.MAX_SAFE_INTEGER);
    numbers[5] = mantissa('maxQuantity', terms.maxQuantity);
    numbers[6] = whole('notionalMultiplier', terms.notionalMultiplier, 1, Number.MAX_SAFE_INTEGER);
    numbers[7] = id('venue', terms.venue);
    numbers[8] = baseAsset === undefined ? 0 : whole('baseAsset.id', baseAsset.id, 1, MAX_ID);
    numbers[9] = quoteAsset === undefined ? 0 : whole('quoteAsset.id', quoteAsset.id, 1, MAX_ID);
    numbers[10] = whole(
      'baseAsset.multiplier',
      baseAsset?.multiplier ?? 1,
      1,
      Number.MAX_SAFE_INTEGER,
    );
    numbers[11] = whole(
      'quoteAsset.multiplier',
      quoteAsset?.multiplier ?? 1,
      1,
      Number.MAX_SAFE_INTEGER,
    );
    numbers[12] = whole('collarBps', terms.collarBps ?? 0, 0, 1_000_000);
    numbers[13] = whole('passiveCollarBps', terms.passiveCollarBps ?? 0, 0, 1_000_000);
    numbers[14] = terms.collarReference === 'Mid' ? 1 : 0;
    this.#put(0, amount('minNotional', terms.minNotional));
    const taken = this.#core.defineInstrument(id('instrument', instrument), numbers);
    invariant(taken, `venue and assets of instrument ${instrument} must stay the same`);
  }

  /** Defines a scope or changes its limits. Clients and strategies 0, and instruments and venues of `defineInstrument`, exist without limits. */
  defineScope(kind: RiskScope, scopeId: number, limits: RiskScopeLimits): void {
    const numbers = this.#numbers;
    const optional = (field: string, value: number | undefined): number =>
      value === undefined ? -1 : mantissa(field, value);
    numbers[0] = optional('maxOrderQuantity', limits.maxOrderQuantity);
    numbers[1] = optional('maxPosition', limits.maxPosition);
    numbers[2] = optional('maxOpenOrders', limits.maxOpenOrders);
    numbers[3] =
      limits.orderRate === undefined
        ? 0
        : whole('orderRate.count', limits.orderRate.count, 1, 100_000);
    numbers[4] = mantissa('orderRate.windowMicros', limits.orderRate?.windowMicros ?? 0);
    const notional = (field: string, value: bigint | undefined): bigint =>
      value === undefined ? UNLIMITED : amount(field, value);
    this.#put(0, notional('maxOrderNotional', limits.maxOrderNotional));
    this.#put(1, notional('maxWorkingNotional', limits.maxWorkingNotional));
    this.#core.defineScope(scopeCode(kind), id(kind, scopeId), numbers);
  }

  /** Accounts start Locked. */
  setTradingState(account: number, state: RiskTradingState): void {
    this.#core.setTradingState(id('account', account), STATES[state]);
  }

  /** Clients start disarmed. */
  setArmed(client: number, armed: boolean): void {
    this.#core.setArmed(id('client', client), armed ? 1 : 0);
  }

  /** All the account owns of an asset, free and reserved by working orders, in units of the asset's multipliers. */
  setBalance(account: number, asset: number, total: bigint): void {
    this.#put(0, amount('total', total));
    this.#core.setBalance(id('account', account), id('asset', asset));
  }

  /** The touch; a side without orders is 0 and makes the instrument stale, as does a time long ago. */
  onQuote(instrument: number, bid: number, ask: number, tsMicros: number): void {
    this.#core.onQuote(
      id('instrument', instrument),
      mantissa('bid', bid),
      mantissa('ask', ask),
      mantissa('tsMicros', tsMicros),
    );
  }

  /** The code of `RISK_REASON`; 0 passes. Changes nothing; `lastVerdict` tells the rest. */
  check(order: RiskOrder, nowMicros: number): number {
    this.#fill(order, nowMicros);
    this.#verdict = this.#core.check();
    return this.#verdict & 0xff;
  }

  #verdict = 0;

  /** The outcome of the last `check`, with the scope and limit that tripped; valid until the next call of any method. */
  lastVerdict(): RiskVerdict {
    const reason = present(REASONS[this.#verdict & 0xff], 'risk reason');
    if (reason === 'OK') return PASSED;
    const scope = present(RISK_SCOPES[this.#verdict >> 8], 'risk scope');
    return { ok: false, reason, scope, limit: this.#take(0), seen: this.#take(1) };
  }

  /** The order is about to leave: it counts from now on. False when it is known already or its instrument or a scope is not. */
  onSubmitted(order: RiskOrder, nowMicros: number): boolean {
    this.#fill(order, nowMicros);
    return this.#core.onSubmitted();
  }

  /** What is left of a working order, and its price (0: at the market), are now these. False when it is not known. */
  onWorkingChanged(orderId: number, leaves: number, price: number): boolean {
    return this.#core.onWorkingChanged(
      mantissa('orderId', orderId),
      mantissa('leaves', leaves),
      mantissa('price', price),
    );
  }

  /** A fill, once: lowers what works, moves positions and balances. The order need not be working. `fee` in units of `asset`. */
  onFill(fill: RiskOrder, fee?: { readonly asset: number; readonly amount: bigint }): boolean {
    this.#fill(fill, 0);
    this.#put(0, amount('fee', fee?.amount ?? 0n));
    return this.#core.onFill(id('fee.asset', fee?.asset ?? 0));
  }

  /** The order can trade no more. False when it is not known. */
  onDone(orderId: number): boolean {
    return this.#core.onDone(mantissa('orderId', orderId));
  }

  exposure(kind: RiskScope, scopeId: number, instrument: number): RiskExposure {
    const numbers = this.#numbers;
    this.#core.exposure(scopeCode(kind), id(kind, scopeId), id('instrument', instrument), numbers);
    return { position: numbers[0] ?? 0, workingBuy: numbers[1] ?? 0, workingSell: numbers[2] ?? 0 };
  }

  /** Number of open orders of a scope, and what is left of them at the gate's money scale. */
  working(
    kind: RiskScope,
    scopeId: number,
  ): { readonly openOrders: number; readonly notional: bigint } {
    const openOrders = this.#core.working(scopeCode(kind), id(kind, scopeId));
    return { openOrders, notional: this.#take(0) };
  }

  /** What the account could still commit of an asset. */
  available(account: number, asset: number): bigint {
    this.#core.available(id('account', account), id('asset', asset));
    return this.#take(0);
  }

  /** Everything the gate was told, without its configuration, as integers in one canonical order. */
  tallies(): BigInt64Array {
    return this.#core.tallies();
  }

  /** Replaces everything the gate was told; it must be configured as it was. Nothing changes on an error. */
  restore(tallies: BigInt64Array): Result<void, { readonly code: 'TALLIES_MALFORMED' }> {
    return this.#core.restore(tallies) ? ok(undefined) : err({ code: 'TALLIES_MALFORMED' });
  }

  #fill(order: RiskOrder, nowMicros: number): void {
    const row = this.#order;
    row[0] = whole('orderId', order.orderId, 1, Number.MAX_SAFE_INTEGER);
    row[1] = mantissa('replaces', order.replaces ?? 0);
    row[2] = mantissa('instrument', order.instrument) > MAX_ID ? MAX_ID + 1 : order.instrument;
    row[3] = id('account', order.account);
    row[4] = id('client', order.client ?? 0);
    row[5] = id('strategy', order.strategy ?? 0);
    row[6] = order.side === 'Sell' ? 1 : 0;
    row[7] = order.manual === true ? 1 : 0;
    row[8] = order.reduceOnly === true ? 1 : 0;
    row[9] = mantissa('price', order.price ?? 0);
    row[10] = mantissa('quantity', order.quantity);
    row[11] = mantissa('nowMicros', nowMicros);
    row[12] = mantissa('spent', order.spent ?? 0);
  }

  #put(pair: number, value: bigint): void {
    this.#wides[pair * 2] = value >> 64n;
    this.#wides[pair * 2 + 1] = BigInt.asIntN(64, value);
  }

  #take(pair: number): bigint {
    const high = this.#wides[pair * 2] ?? 0n;
    const low = this.#wides[pair * 2 + 1] ?? 0n;
    return (high << 64n) + (low & LOW_MASK);
  }
}
