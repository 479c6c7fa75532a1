import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { Command } from '../domain/command.ts';
import type { Effect } from '../domain/input.ts';
import { isTerminal, type Order } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { newOrder } from '../orders/order-events.ts';
import { createKernel } from './kernel.ts';
import { ACCOUNT, BTC, Desk, terms, updates } from './testing/desk.ts';
import { VenueModel, type Fate } from './testing/venue-model.ts';

type Step =
  | { readonly kind: 'submit'; readonly sell: boolean; readonly size: number; readonly px: number }
  | { readonly kind: 'cancel' | 'replace'; readonly pick: number; readonly size: number }
  | { readonly kind: 'cancelAll' | 'flatten' | 'kill' | 'disconnect' | 'reconnect' | 'restart' }
  | { readonly kind: 'unlock' | 'elsewhere'; readonly size: number }
  | { readonly kind: 'process'; readonly fate: Fate }
  | { readonly kind: 'fill'; readonly pick: number; readonly size: number }
  | { readonly kind: 'deliver'; readonly pick: number; readonly twice: boolean }
  | { readonly kind: 'wait'; readonly micros: number };

const size = fc.integer({ min: 100, max: 3_000 }).map((units) => units * 10);
const pick = fc.nat({ max: 7 });
const fate = fc.oneof(
  { arbitrary: fc.constant<Fate>('Arrives'), weight: 8 },
  { arbitrary: fc.constantFrom<Fate>('Lost', 'AnswerLost', 'NotSent'), weight: 2 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      sell: fc.boolean(),
      size,
      px: fc.integer({ min: 9_500, max: 10_500 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'replace' as const),
      pick,
      size,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['cancelAll', 'flatten', 'kill', 'disconnect', 'reconnect', 'restart'] as const),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('unlock' as const, 'elsewhere' as const), size }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('process' as const), fate }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('fill' as const), pick, size }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick, twice: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      micros: fc.constantFrom(1_000, 500_000, 2_000_000, 6_000_000, 31_000_000),
    }),
  },
);

class Run {
  readonly desk = new Desk().open();
  readonly venue = new VenueModel();

  feed(effects: readonly Effect[]): void {
    this.venue.now = this.desk.now;
    this.venue.receive(effects);
    for (const update of updates(effects)) {
      if (update.type === 'FlattenChanged' && update.receipt.flat) this.isFlat();
    }
  }

  /** What a receipt that says flat must find: the baseline, and at most the dust of 5 USDT at 100. */
  isFlat(): void {
    // Somebody who trades elsewhere may do so after the venue answered.
    if ([...this.venue.orders.keys()].some((id) => id.startsWith('web'))) return;
    const rest = this.venue.base - 500_000_000n;
    const feesPaid = this.venue.trades.reduce((sum, { fee, feeAsset }) => {
      return feeAsset === 'BTC' ? sum + fee : sum;
    }, 0n);
    expect(rest).toBeLessThan(6_000_000n);
    expect(rest).toBeGreaterThan(-6_000_000n - feesPaid);
  }

  // A quote for every step: the checks of stale data and collars have their own tests.
  command(command: Command): void {
    const before = this.desk.effects.length;
    this.desk.command(command);
    this.feed(this.desk.effects.slice(before));
  }

  deliver(index: number, twice: boolean): void {
    const { outbox } = this.venue;
    const at = Math.min(index, outbox.length - 1);
    const report = outbox[at];
    if (report === undefined) return;
    // What a connector says of its connection and of snapshots comes in order.
    const ordered = ['ConnectionChanged', 'AccountSnapshot'].includes(report.type);
    const from = ordered ? outbox.findIndex(({ type }) => type === report.type) : at;
    const [taken] = outbox.splice(from, 1);
    if (taken === undefined) return;
    this.feed(this.desk.venue(taken));
    const again = twice && taken.type !== 'ConnectionChanged';
    if (again) outbox.push(taken);
  }

  wait(micros: number): void {
    this.feed(this.desk.wait(micros));
  }

  step(one: Step): void {
    const live = this.desk.kernel.view().orders.filter(({ status }) => !isTerminal(status));
    switch (one.kind) {
      case 'submit': {
        const side = one.sell ? 'Sell' : 'Buy';
        const wanted = terms({ side, quantity: quantity(one.size), price: price(one.px) });
        this.command({ type: 'SubmitOrder', terms: wanted });
        return;
      }
      case 'cancel': {
        const order = live[one.pick % Math.max(1, live.length)];
        if (order) this.command({ type: 'CancelOrder', clientOrderId: order.clientOrderId });
        return;
      }
      case 'replace': {
        const order = live[one.pick % Math.max(1, live.length)];
        if (order === undefined) return;
        const { clientOrderId } = order;
        this.command({ type: 'ReplaceOrder', clientOrderId, quantity: quantity(one.size) });
        return;
      }
      case 'cancelAll':
        this.command({ type: 'CancelAll', account: ACCOUNT });
        return;
      case 'flatten':
        this.command({ type: 'Flatten', account: ACCOUNT });
        return;
      case 'kill':
        this.command({ type: 'Kill' });
        return;
      case 'elsewhere':
        this.elsewhere(one.size);
        return;
      case 'unlock':
        this.unlock();
        return;
      case 'disconnect':
        this.venue.disconnect();
        return;
      case 'reconnect':
        this.venue.reconnect();
        return;
      case 'restart':
        this.venue.outbox.length = 0;
        this.restart();
        return;
      case 'process':
        this.venue.process(one.fate);
        return;
      case 'fill':
        this.venue.fill(one.pick, one.size);
        return;
      case 'deliver':
        this.deliver(one.pick % 4, one.twice);
        return;
      case 'wait':
        this.wait(one.micros);
    }
  }

  elsewhere(wanted: number): void {
    const clientOrderId = `web-${this.venue.orders.size}` as Order['clientOrderId'];
    const side = wanted % 20 === 0 ? 'Buy' : 'Sell';
    const at = unixMicros(this.desk.now);
    const birth = { clientOrderId, origin: 'External', at } as const;
    this.venue.placeElsewhere(newOrder(terms({ side, quantity: quantity(wanted) }), birth));
  }

  unlock(): void {
    this.desk.quote();
    this.command({ type: 'Unlock', account: ACCOUNT });
    this.command({ type: 'Arm' });
  }

  restart(): void {
    const first = present(this.desk.inputs[0], 'first input');
    if (first.type !== 'SessionStarted') throw new Error('the first input starts the session');
    const { at: _at, ...body } = first;
    const idPrefix = `q${this.desk.inputs.length}`;
    this.feed(this.desk.apply({ ...body, idPrefix, recovered: true }));
    this.venue.reconnect();
  }

  /** Lets everything on its way arrive and every question be answered. */
  settle(): void {
    if (!this.venue.connected) this.venue.reconnect();
    for (let round = 0; round < 60; round += 1) {
      for (let guard = 0; guard < 500; guard += 1) {
        if (this.venue.inbox.length > 0) this.venue.process('Arrives');
        else if (this.venue.outbox.length > 0) this.deliver(0, false);
        else break;
      }
      this.wait(2_000_000);
    }
  }
}

function trial(steps: readonly Step[]): Run {
  const run = new Run();
  for (const one of steps) {
    run.step(one);
    for (const order of run.desk.kernel.view().orders) {
      if (isTerminal(order.status)) expect(order.leavesQty).toBe(0);
      else expect(order.cumQty + order.leavesQty).toBe(order.quantity);
    }
  }
  return run;
}

function agrees(run: Run): void {
  // Encoding asserts that the gate's tallies are those of orders and portfolio.
  expect(run.desk.kernel.encodeState().length).toBeGreaterThan(0);
  const view = run.desk.kernel.view();
  const { venue } = run;
  for (const order of view.orders) {
    const truth = venue.orders.get(order.clientOrderId);
    if (order.status === 'Denied') {
      expect(truth, `${order.clientOrderId} was denied`).toBeUndefined();
      continue;
    }
    expect(order.unknownSince, `${order.clientOrderId} stays Unknown`).toBeUndefined();
    expect(order.cumQty).toBe(truth?.filled ?? 0);
    expect(order.cumNotional).toBe(truth?.notional ?? 0n);
    const open = truth?.status === 'PartiallyFilled' || truth?.status === 'Accepted';
    if (truth === undefined) expect(order.status).toBe('Rejected');
    else if (open) expect(order.status).toBe(truth.status);
    else expect(isTerminal(order.status), `${order.clientOrderId} ${order.status}`).toBe(true);
  }
  let held = 0;
  for (const trade of venue.trades) {
    const buys = venue.orders.get(trade.clientOrderId)?.order.side === 'Buy';
    held += buys ? trade.lastQty : -trade.lastQty;
  }
  expect(view.fillCount).toBe(venue.trades.length);
  expect(view.positions.find(({ instrument }) => instrument === BTC)?.quantity ?? 0).toBe(held);
  expect(view.accounts[0]?.reconciliation).toMatchObject({ state: 'Agrees', differences: [] });
  for (const receipt of view.receipts) expect(receipt.step).toBe('Done');
}

const RUNS = process.env['QD_LONG'] === '1' ? 5_000 : 150;
const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' });

describe('kernel against a venue model', { timeout: 20_000 + RUNS * 50 }, () => {
  it('arrives at the truth of the venue whatever happens on the way', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const run = trial(list);
        run.settle();
        agrees(run);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the same bytes and effects for the same inputs, also through a snapshot at any point', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, cut) => {
        const run = trial(list);
        const again = createKernel();
        const effects: Effect[] = [];
        const at = cut % run.desk.inputs.length;
        let kernel = again;
        run.desk.inputs.forEach((input, index) => {
          if (index === at) {
            const bytes = kernel.snapshot();
            kernel = createKernel();
            kernel.restore(bytes);
            expect(kernel.encodeState()).toEqual(bytes);
          }
          effects.push(...kernel.apply(input));
        });
        expect(effects).toEqual(run.desk.effects);
        expect(kernel.encodeState()).toEqual(run.desk.kernel.encodeState());
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  it('never sends an order twice under any id', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const run = trial(list);
        run.settle();
        const ids = run.desk.effects.flatMap((effect) => {
          if (effect.type === 'SendOrder') return [effect.order.clientOrderId];
          return effect.type === 'SendReplace' ? [effect.replacement.clientOrderId] : [];
        });
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  });
});
