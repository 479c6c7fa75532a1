import { describe, expect, test } from 'vitest';
import { price, quantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import type { FeedMessage, FeedRequest, QuoteMessage } from '../client/feed-client.ts';
import { MarketStore } from './market-store.ts';
import { SOL } from './testdata.ts';

type Frame = Extract<FeedMessage, { type: 'Frame' }>;

function quote(last: number): QuoteMessage {
  return { instrument: SOL.id, last: price(last), state: 'Live', at: unixMicros(1) };
}

function frame(number: number, part: Partial<Frame> = {}): Frame {
  return {
    type: 'Frame',
    frame: number,
    at: unixMicros(1),
    quotes: [],
    depths: [],
    trades: [],
    bars: [],
    studies: [],
    volumes: [],
    trusts: [],
    queues: [],
    consolidated: [],
    ...part,
  };
}

function trades(ids: readonly number[], past = false): Frame['trades'][number] {
  return {
    instrument: SOL.id,
    past,
    rows: ids.map((id) => [id, price(1), quantity(1), true, unixMicros(1)]),
    omittedCount: 0,
    omittedQuantity: quantity(0),
  };
}

function harness(up = true): {
  readonly store: MarketStore;
  readonly sent: FeedRequest[];
  readonly paint: () => void;
} {
  const sent: FeedRequest[] = [];
  const waiting: (() => void)[] = [];
  const store = new MarketStore(
    (request) => {
      sent.push(request);
      return up;
    },
    {
      now: () => 0,
      next: (paint) => waiting.push(paint),
      done: () => undefined,
      later: (_, paint) => waiting.push(paint),
    },
  );
  const paint = (): void => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) run();
  };
  return { store, sent, paint };
}

describe('frames', () => {
  test('are kept at once, told and acknowledged when painted', () => {
    const { store, sent, paint } = harness();
    const heard: (number | undefined)[] = [];
    store.onQuote(SOL.id, (message) => heard.push(message.last));
    store.receive(frame(7, { quotes: [quote(100)] }));
    expect(store.quote(SOL.id)?.last).toBe(100);
    expect(heard).toEqual([]);
    expect(sent).toEqual([]);
    paint();
    expect(heard).toEqual([100]);
    expect(sent).toEqual([{ type: 'Acknowledge', frame: 7 }]);
  });

  test('that arrive together tell state once and every trade', () => {
    const { store, sent, paint } = harness();
    const heard: (number | undefined)[] = [];
    const told: number[] = [];
    store.onQuote(SOL.id, (message) => heard.push(message.last));
    store.onTrades(SOL.id, (batch) => told.push(...batch.rows.map(([id]) => id)));
    sent.length = 0;
    store.receive(frame(1, { quotes: [quote(100)], trades: [trades([1])] }));
    store.receive(frame(2, { quotes: [quote(101)], trades: [trades([2])] }));
    paint();
    expect(heard).toEqual([101]);
    expect(told).toEqual([1, 2]);
    expect(sent).toEqual([{ type: 'Acknowledge', frame: 2 }]);
  });
});

describe('trades of before', () => {
  test('are told once: to who begins, and after a reconnect those that came meanwhile', () => {
    const { store, paint } = harness();
    const first: number[] = [];
    const second: number[] = [];
    store.onTrades(SOL.id, ({ rows }) => first.push(...rows.map(([id]) => id)));
    store.receive(frame(1, { trades: [trades([1, 2], true), trades([3])] }));
    paint();
    store.onTrades(SOL.id, ({ rows }) => second.push(...rows.map(([id]) => id)));
    store.welcome(false);
    store.receive(frame(1, { trades: [trades([2, 3, 4, 5], true), trades([6])] }));
    paint();
    expect(first).toEqual([1, 2, 3, 4, 5, 6]);
    expect(second).toEqual(first);
    store.welcome(false);
    store.receive(frame(1, { trades: [trades([5, 6], true)] }));
    paint();
    expect(first).toHaveLength(6);
  });

  test('of another time of a replay are none', () => {
    const { store, paint } = harness();
    store.onTrades(SOL.id, () => undefined);
    store.receive(frame(1, { trades: [trades([1, 2])] }));
    paint();
    store.welcome(true);
    const later: number[] = [];
    store.onTrades(SOL.id, ({ rows }) => later.push(...rows.map(([id]) => id)));
    expect(later).toEqual([]);
  });
});

describe('subscriptions', () => {
  test('are shared, and end with their last user', () => {
    const { store, sent } = harness();
    const first = store.onDepth(SOL.id, 50, () => undefined);
    const second = store.onDepth(SOL.id, 50, () => undefined);
    expect(sent.map(({ type }) => type)).toEqual(['SubscribeDepth']);
    first();
    first();
    expect(sent).toHaveLength(1);
    second();
    expect(sent.at(-1)?.type).toBe('Unsubscribe');
  });

  test('are made again after a reconnect', () => {
    const { store, sent } = harness();
    store.watchQuotes([SOL.id]);
    store.onTrades(SOL.id, () => undefined);
    store.onBars(SOL.id, '1m', () => undefined);
    sent.length = 0;
    store.welcome(false);
    expect(sent.map(({ type }) => type)).toEqual([
      'WatchQuotes',
      'SubscribeTrades',
      'SubscribeBars',
    ]);
  });
});

describe('loading bars', () => {
  test('settles with the answer of its own request', async () => {
    const { store } = harness();
    const first = store.loadBars(SOL.id, '1m', 10);
    const second = store.loadBars(SOL.id, '1m', 10);
    store.receive({ type: 'RequestFailed', request: 2, code: 'NO_BARS', message: 'none' });
    store.receive({ type: 'Bars', request: 1, instrument: SOL.id, interval: '1m', bars: [] });
    expect(await first).toEqual({ ok: true, value: [] });
    expect(await second).toMatchObject({ ok: false, error: { code: 'NO_BARS' } });
  });

  test('fails when the feed is not there or goes, and prices are stale from then', async () => {
    const down = harness(false);
    expect(await down.store.loadBars(SOL.id, '1m', 10)).toMatchObject({ ok: false });
    const { store } = harness();
    store.receive(frame(1, { quotes: [quote(100)] }));
    const states: string[] = [];
    store.onQuote(SOL.id, ({ state }) => states.push(state));
    const waiting = store.loadBars(SOL.id, '1m', 10);
    store.disconnected();
    expect(states).toEqual(['Live', 'Stale']);
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'FEED_DISCONNECTED' } });
  });

  test('shows every quote as stale while the window is behind, and as it is again after', () => {
    const { store, paint } = harness();
    const heard: string[] = [];
    store.receive(frame(1, { quotes: [quote(1)] }));
    paint();
    store.onQuote(SOL.id, ({ state }) => heard.push(state));
    store.setBehind(true);
    expect(store.quote(SOL.id)?.state).toBe('Stale');
    store.setBehind(false);
    expect(heard).toEqual(['Live', 'Stale', 'Live']);
  });
});
