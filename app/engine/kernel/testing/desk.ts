import { present } from '../../base/invariant.ts';
import type { RiskLimits } from '../../domain/account.ts';
import type { Command, CommandResult, Drill } from '../../domain/command.ts';
import {
  accountId,
  instrumentId,
  venueId,
  type AssetCode,
  type ClientId,
} from '../../domain/identifiers.ts';
import type { Effect, Input, SessionStarted, Update } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order, OrderTerms } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { VenueReport } from '../../domain/venue-report.ts';
import { createKernel, type Kernel } from '../kernel.ts';
import { KERNEL_RULES } from '../rules.ts';

/** Names and rules that kernel tests share. */
export const VENUE = venueId('BINANCE', 'sandbox');
export const ACCOUNT = accountId(VENUE, 'main');
export const BTC = instrumentId('BTCUSDT', VENUE);
export const CLIENT = 'desk-1' as ClientId;
export const START = 1_700_000_000_000_000;

/** BTCUSDT: ticks of 0.01, steps of 0.00010, at least 5 USDT. */
export const INSTRUMENT: Instrument = {
  id: BTC,
  venue: VENUE,
  symbol: 'BTCUSDT',
  base: 'BTC' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 2,
  quantityScale: 5,
  tickSize: price(1),
  minPrice: price(1),
  maxPrice: price(100_000_000),
  stepSize: quantity(10),
  minQuantity: quantity(10),
  maxQuantity: quantity(900_000_000),
  minNotional: 50_000_000n,
  maxDisplayParts: 100,
  orderLists: true,
  status: 'Trading',
};

/** Limits wide enough not to matter. */
export const WIDE: RiskLimits = {
  maxOrderNotional: 100_000_000n,
  maxPositionNotional: 1_000_000_000n,
  maxOpenOrders: 10_000,
  maxOrdersPerWindow: 9_000,
  orderRateWindowMicros: 1_000_000,
  priceCollarBps: 1_000,
  maxDistanceBps: 9_000,
  staleAfterMicros: 10_000_000_000,
  duplicateWindowMicros: 0,
};

/** The first input of a session. */
export function sessionStarted(changes: Partial<SessionStarted> = {}): SessionStarted {
  return {
    type: 'SessionStarted',
    session: 's1',
    idPrefix: 'q1',
    accounts: [ACCOUNT],
    instruments: [INSTRUMENT],
    limits: WIDE,
    recovered: false,
    rules: KERNEL_RULES,
    ...changes,
  };
}

/** A limit order of BTCUSDT: 0.10000 at 100.00 unless told otherwise. */
export function terms(changes: Partial<OrderTerms> = {}): OrderTerms {
  return {
    instrument: BTC,
    account: ACCOUNT,
    side: 'Buy',
    type: 'Limit',
    quantity: quantity(10_000),
    price: price(10_000),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    ...changes,
  };
}

/** The balances a test account begins with: 5 BTC and 1,000,000 USDT. */
export const BALANCES = [
  { asset: 'BTC' as AssetCode, scale: 8, free: 500_000_000n, locked: 0n },
  { asset: 'USDT' as AssetCode, scale: 8, free: 100_000_000_000_000n, locked: 0n },
];

type Body = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never;

/** A kernel with a clock by hand that keeps every input and effect. */
export class Desk {
  readonly kernel: Kernel;
  readonly inputs: Input[] = [];
  readonly effects: Effect[] = [];
  now = START;
  #commands = 0;

  constructor(kernel: Kernel = createKernel()) {
    this.kernel = kernel;
  }

  /** Applies an input now. */
  apply(body: Body): readonly Effect[] {
    const input = { ...body, at: unixMicros(this.now) } as Input;
    this.inputs.push(input);
    const effects = this.kernel.apply(input);
    this.effects.push(...effects);
    return effects;
  }

  /** Sends a command and gives its answer. */
  command(command: Command | Drill, client: ClientId = CLIENT): CommandResult {
    this.#commands += 1;
    const commandId = `c${this.#commands}`;
    const effects = this.apply({ type: 'UserCommand', envelope: { commandId, client, command } });
    const answer = updates(effects).find((update) => update.type === 'CommandAnswered');
    return present(answer, 'answer').result;
  }

  /** Applies a report. */
  venue(report: VenueReport): readonly Effect[] {
    return this.apply({ type: 'Venue', report });
  }

  /** Quotes BTCUSDT. */
  quote(bid = 9_999, ask = 10_001): void {
    const tsEvent = unixMicros(this.now);
    const event = { instrument: BTC, bid: price(bid), ask: price(ask), tsEvent };
    this.apply({ type: 'Market', event: { type: 'QuoteChanged', ...event } });
  }

  /** Lets time pass and fires what is due. */
  wait(micros: number): readonly Effect[] {
    const until = this.now + micros;
    const all: Effect[] = [];
    for (;;) {
      const due = this.#nextTimer(until);
      if (due === undefined) break;
      this.now = Math.max(this.now, due.dueAt);
      this.#timers.delete(due.timer);
      all.push(...this.apply({ type: 'TimerFired', timer: due.timer }));
    }
    this.now = until;
    return all;
  }

  readonly #timers = new Map<string, number>();
  #read = 0;

  #nextTimer(until: number): { readonly timer: string; readonly dueAt: number } | undefined {
    for (const effect of this.effects.slice(this.#read)) {
      if (effect.type === 'SetTimer') this.#timers.set(effect.timer, effect.dueAt);
    }
    this.#read = this.effects.length;
    const due = [...this.#timers]
      .map(([timer, dueAt]) => ({ timer, dueAt }))
      .filter(({ dueAt }) => dueAt <= until)
      .sort((left, right) => left.dueAt - right.dueAt || (left.timer < right.timer ? -1 : 1));
    return due[0];
  }

  /** The order as it is now. */
  order(id: string | undefined): Order {
    const found = this.kernel.view().orders.find((order) => order.clientOrderId === id);
    return present(found, `order ${id}`);
  }

  /** Connects, answers the reconcile with `report`'s lists, unlocks and arms. */
  open(report: Partial<Extract<VenueReport, { readonly type: 'AccountSnapshot' }>> = {}): this {
    this.apply(sessionStarted());
    this.quote();
    const effects = this.venue({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' });
    const asked = present(
      effects.find((effect) => effect.type === 'SendReconcile'),
      'reconcile',
    );
    const lists = { balances: BALANCES, openOrders: [], fills: [], ...report };
    const { requestId } = asked;
    const venueTime = unixMicros(this.now);
    this.venue({ type: 'AccountSnapshot', account: ACCOUNT, requestId, venueTime, ...lists });
    this.command({ type: 'Unlock', account: ACCOUNT });
    this.command({ type: 'Arm' });
    return this;
  }
}

/** The facts among effects. */
export function updates(effects: readonly Effect[]): Update[] {
  return effects.flatMap((effect) => (effect.type === 'Publish' ? [effect.update] : []));
}

/** Effects of a type. */
export function sent<Type extends Effect['type']>(
  effects: readonly Effect[],
  type: Type,
): Extract<Effect, { readonly type: Type }>[] {
  return effects.filter(
    (effect): effect is Extract<Effect, { readonly type: Type }> => effect.type === type,
  );
}
