import { price } from '../../domain/price.ts';
import type { RiskTradingState } from './risk-gate.ts';
import {
  RISK_SCOPES,
  type RiskInstrument,
  type RiskOrder,
  type RiskScope,
  type RiskScopeLimits,
  type RiskVerdict,
} from './risk-terms.ts';

/** The slow, obvious gate that the tests hold the native one against: keeps what happened as lists and adds them up anew for each question. */
export class ModelGate {
  readonly instruments = new Map<number, RiskInstrument>();
  readonly limits = new Map<string, RiskScopeLimits>();
  readonly states = new Map<number, RiskTradingState>();
  readonly armed = new Set<number>();
  readonly owned = new Map<string, bigint>();
  readonly quotes = new Map<number, { bid: number; ask: number; at: number }>();
  readonly submitted: { order: RiskOrder; at: number }[] = [];
  readonly fills: RiskOrder[] = [];
  working: { order: RiskOrder; leaves: number; notional: bigint; reserve: bigint }[] = [];
  staleAfter = 0;
  duplicateWindow = 0;

  scopeId(kind: RiskScope, order: RiskOrder): number {
    if (kind === 'Instrument') return order.instrument;
    if (kind === 'Account') return order.account;
    if (kind === 'Client') return order.client ?? 0;
    if (kind === 'Strategy') return order.strategy ?? 0;
    return this.instruments.get(order.instrument)?.venue ?? -1;
  }

  in(kind: RiskScope, scopeId: number): (order: RiskOrder) => boolean {
    return (order) => this.scopeId(kind, order) === scopeId;
  }

  position(kind: RiskScope, scopeId: number, instrument: number): number {
    return this.fills
      .filter((fill) => fill.instrument === instrument)
      .filter(this.in(kind, scopeId))
      .reduce((sum, fill) => sum + (fill.side === 'Buy' ? fill.quantity : -fill.quantity), 0);
  }

  leaves(
    kind: RiskScope,
    scopeId: number,
    instrument: number,
    side: string,
    except?: number,
  ): number {
    return this.working
      .filter(({ order }) => order.instrument === instrument && order.side === side)
      .filter(({ order }) => order.orderId !== except && this.in(kind, scopeId)(order))
      .reduce((sum, { leaves }) => sum + leaves, 0);
  }

  valued(order: RiskOrder): number {
    const quote = this.quotes.get(order.instrument) ?? { bid: 0, ask: 0 };
    const touch = order.side === 'Buy' ? quote.ask : quote.bid;
    return (order.price ?? 0) === 0 ? touch : (order.price ?? 0);
  }

  money(order: RiskOrder, size: number): bigint {
    const factor = this.instruments.get(order.instrument)?.notionalMultiplier ?? 0;
    return BigInt(this.valued(order)) * BigInt(size) * BigInt(factor);
  }

  /** Asset a working order reserves, and how much. */
  reserve(order: RiskOrder, size: number): { asset: number; amount: bigint } {
    const terms = this.instruments.get(order.instrument);
    const asset = order.side === 'Buy' ? terms?.quoteAsset : terms?.baseAsset;
    if (asset === undefined) return { asset: 0, amount: 0n };
    const units = order.side === 'Buy' ? BigInt(this.valued(order)) * BigInt(size) : BigInt(size);
    return { asset: asset.id, amount: units * BigInt(asset.multiplier) };
  }

  available(account: number, asset: number, except?: number): bigint {
    const held = this.working
      .filter(({ order }) => order.account === account && order.orderId !== except)
      .filter(({ order }) => this.reserve(order, 0).asset === asset)
      .reduce((sum, { reserve }) => sum + reserve, 0n);
    return (this.owned.get(`${account}/${asset}`) ?? 0n) - held;
  }

  check(order: RiskOrder, now: number): RiskVerdict {
    const deny = (
      reason: Exclude<RiskVerdict, { ok: true }>['reason'],
      limit: number | bigint = 0n,
      seen: number | bigint = 0n,
      scope: RiskScope = 'Instrument',
    ): RiskVerdict => ({ ok: false, reason, scope, limit: BigInt(limit), seen: BigInt(seen) });
    const terms = this.instruments.get(order.instrument);
    if (terms === undefined) return deny('UNKNOWN_INSTRUMENT');
    for (const kind of RISK_SCOPES) {
      if (!this.limits.has(`${kind}/${this.scopeId(kind, order)}`)) return deny('UNKNOWN_SCOPE');
    }
    const find = (orderId: number | undefined) =>
      this.working.find((working) => working.order.orderId === orderId);
    if (find(order.orderId) !== undefined) return deny('DUPLICATE_ORDER_ID');
    const replaced = find(order.replaces);
    if ((order.replaces ?? 0) !== 0 && replaced === undefined) return deny('UNKNOWN_REPLACED');
    const size = order.quantity;
    if (size < terms.minQuantity) return deny('MIN_QUANTITY', terms.minQuantity, size);
    if (size > terms.maxQuantity) return deny('MAX_QUANTITY', terms.maxQuantity, size);
    if (size % terms.stepSize !== 0) return deny('QUANTITY_OFF_STEP', terms.stepSize, size);
    const asked = order.price ?? 0;
    if (asked !== 0 && asked < terms.minPrice) return deny('MIN_PRICE', terms.minPrice, asked);
    if (asked !== 0 && asked > terms.maxPrice) return deny('MAX_PRICE', terms.maxPrice, asked);
    if (asked % terms.tickSize !== 0) return deny('PRICE_OFF_TICK', terms.tickSize, asked);

    const except = replaced?.order.orderId;
    const held = this.position('Account', order.account, order.instrument);
    const open = order.side === 'Sell' ? held : -held;
    const closing = this.leaves('Account', order.account, order.instrument, order.side, except);
    const reducing = open > 0 && size + closing <= open;
    const state = this.states.get(order.account) ?? 'Locked';
    if (state === 'Locked') return deny('TRADING_LOCKED', 0n, 0n, 'Account');
    if (!reducing) {
      if (state === 'Halted') return deny('TRADING_HALTED', 0n, 0n, 'Account');
      if (state === 'Reducing' || order.reduceOnly === true)
        return deny('REDUCE_ONLY', 0n, 0n, 'Account');
      if (order.manual === true && !this.armed.has(order.client ?? 0))
        return deny('NOT_ARMED', 0n, 0n, 'Client');
    }

    const quote = this.quotes.get(order.instrument);
    const fresh =
      quote !== undefined &&
      quote.bid > 0 &&
      quote.ask > 0 &&
      (this.staleAfter === 0 || now - quote.at <= this.staleAfter);
    if (!fresh && !reducing)
      return deny('STALE_DATA', this.staleAfter, quote === undefined ? -1 : now - quote.at);
    if (fresh && asked !== 0) {
      const mid = terms.collarReference === 'Mid';
      // Everything at 2 x 10,000 times the price.
      const touch = 2n * BigInt(order.side === 'Buy' ? quote.ask : quote.bid);
      const reference = mid ? BigInt(quote.bid) + BigInt(quote.ask) : touch;
      const worse = BigInt(terms.collarBps ?? 0);
      const better = BigInt(terms.passiveCollarBps ?? 0);
      const [up, down] = order.side === 'Buy' ? [worse, better] : [better, worse];
      const scaled = BigInt(asked) * 20_000n;
      if (up !== 0n && scaled > reference * (10_000n + up)) return deny('PRICE_COLLAR', up, asked);
      if (down !== 0n && down < 10_000n && scaled < reference * (10_000n - down))
        return deny('PRICE_COLLAR', down, asked);
    }

    const notional = this.money(order, size);
    if (this.valued(order) !== 0 && notional < terms.minNotional)
      return deny('BELOW_MIN_NOTIONAL', terms.minNotional, notional);
    for (const kind of RISK_SCOPES) {
      const scopeId = this.scopeId(kind, order);
      const inScope = this.in(kind, scopeId);
      const limits = this.limits.get(`${kind}/${scopeId}`) ?? {};
      const over = (limit: number | bigint | undefined, seen: number | bigint): boolean =>
        limit !== undefined && seen > limit;
      if (over(limits.maxOrderQuantity, size))
        return deny('MAX_ORDER_QUANTITY', limits.maxOrderQuantity, size, kind);
      if (over(limits.maxOrderNotional, notional))
        return deny('MAX_ORDER_NOTIONAL', limits.maxOrderNotional, notional, kind);
      const rate = limits.orderRate;
      if (rate !== undefined) {
        const within = this.submitted.filter(
          (past) => inScope(past.order) && now - past.at < rate.windowMicros,
        );
        if (within.length >= rate.count)
          return deny('ORDER_RATE', rate.count, rate.count + 1, kind);
      }
      if (reducing) continue;
      const position =
        this.position(kind, scopeId, order.instrument) * (order.side === 'Buy' ? 1 : -1);
      const worst =
        position + this.leaves(kind, scopeId, order.instrument, order.side, except) + size;
      if (over(limits.maxPosition, worst))
        return deny('MAX_POSITION', limits.maxPosition, worst, kind);
      const others = this.working.filter(
        (working) => inScope(working.order) && working.order.orderId !== except,
      );
      if (over(limits.maxOpenOrders, others.length + 1))
        return deny('MAX_OPEN_ORDERS', limits.maxOpenOrders, others.length + 1, kind);
      const total = others.reduce((sum, working) => sum + working.notional, notional);
      if (over(limits.maxWorkingNotional, total))
        return deny('MAX_WORKING_NOTIONAL', limits.maxWorkingNotional, total, kind);
    }
    const same = this.submitted.findLast(
      (past) =>
        past.order.account === order.account &&
        past.order.instrument === order.instrument &&
        past.order.side === order.side &&
        (past.order.price ?? 0) === asked &&
        past.order.quantity === size,
    );
    if (same !== undefined && now - same.at < this.duplicateWindow)
      return deny('DUPLICATE_ORDER', this.duplicateWindow, now - same.at);
    const { asset, amount } = this.reserve(order, size);
    const free = this.available(order.account, asset, except);
    if (asset !== 0 && amount > free) return deny('INSUFFICIENT_BALANCE', free, amount, 'Account');
    return { ok: true };
  }

  submit(order: RiskOrder, at: number): void {
    this.submitted.push({ order, at });
    this.working.push({
      order,
      leaves: order.quantity,
      notional: this.money(order, order.quantity),
      reserve: this.reserve(order, order.quantity).amount,
    });
  }

  change(orderId: number, leaves: number, at: number | undefined): void {
    const index = this.working.findIndex((working) => working.order.orderId === orderId);
    const old = this.working[index];
    if (old === undefined) return;
    const { price: _, ...rest } = old.order;
    const order = at === undefined || at === 0 ? rest : { ...rest, price: price(at) };
    this.working[index] = {
      order,
      leaves,
      notional: this.money(order, leaves),
      reserve: this.reserve(order, leaves).amount,
    };
  }

  fill(fill: RiskOrder, fee: bigint): void {
    const working = this.working.find(({ order }) => order.orderId === fill.orderId);
    if (working !== undefined)
      this.change(fill.orderId, Math.max(working.leaves - fill.quantity, 0), working.order.price);
    this.fills.push(fill);
    const terms = this.instruments.get(fill.instrument);
    const sign = fill.side === 'Buy' ? 1n : -1n;
    const add = (asset: number, by: bigint): void => {
      const key = `${fill.account}/${asset}`;
      this.owned.set(key, (this.owned.get(key) ?? 0n) + by);
    };
    const { baseAsset, quoteAsset } = terms ?? {};
    if (baseAsset !== undefined)
      add(baseAsset.id, sign * BigInt(fill.quantity) * BigInt(baseAsset.multiplier));
    if (quoteAsset !== undefined) {
      add(
        quoteAsset.id,
        -sign * BigInt(fill.price ?? 0) * BigInt(fill.quantity) * BigInt(quoteAsset.multiplier),
      );
    }
    add(3, -fee);
  }
}
