import { expect, test } from 'vitest';
import type { ClientId } from '../../engine/domain/identifiers.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import type { TradeMessage } from '../client/trade-client.ts';
import type { Update } from './account-replica.ts';
import type { Frames } from './pace.ts';
import { fill, order, SOL } from './testdata.ts';
import { TradeSession } from './trade-session.ts';

const ME = 'me' as ClientId;

function harness(): {
  readonly session: TradeSession;
  readonly tell: (...updates: Update[]) => void;
  readonly picture: () => void;
  readonly changes: () => number;
} {
  const waiting: (() => void)[] = [];
  let time = 0;
  const frames: Frames = {
    now: () => time,
    next: (run) => waiting.push(run),
    done: () => undefined,
    later: (_, run) => waiting.push(run),
  };
  const session = new TradeSession(() => true, frames);
  let changes = 0;
  session.store.subscribe(() => (changes += 1));
  session.connectionChanged({ phase: 'Open', attempt: 0, malformed: 0 });
  session.receive(snapshot());
  changes = 0;
  return {
    session,
    tell: (...updates) => session.receive({ type: 'Updates', at: unixMicros(1), updates }),
    picture: () => {
      time += 1000;
      while (waiting.length > 0) for (const run of waiting.splice(0)) run();
    },
    changes: () => changes,
  };
}

function snapshot(): TradeMessage {
  return {
    type: 'Snapshot',
    session: 's',
    environment: 'sandbox',
    client: ME,
    armed: false,
    accounts: [],
    instruments: [SOL],
    orders: [],
    fills: [],
    positions: [],
    balances: [],
    receipts: [],
    evidence: [],
    at: unixMicros(1),
  } as unknown as TradeMessage;
}

const placed = (id: string): Update => ({ type: 'OrderChanged', order: order(id) }) as Update;

test('a thousand messages of one picture are one change of state, and each is told once, in order', () => {
  const { session, tell, picture, changes } = harness();
  const told: string[] = [];
  session.updates.add((updates) => {
    for (const update of updates) {
      if (update.type === 'OrderChanged') told.push(update.order.clientOrderId);
    }
  });
  const ids = Array.from({ length: 1000 }, (_, index) => `order-${index}`);
  for (const id of ids) tell(placed(id));
  expect(changes()).toBe(0);
  picture();
  expect(changes()).toBe(1);
  expect([...session.store.getState().replica.orders.keys()]).toEqual(ids);
  expect(told).toEqual(ids);
});

test('who is told finds the state already changed', () => {
  const { session, tell, picture } = harness();
  let found = 0;
  session.updates.add(() => {
    found = session.store.getState().replica.fills.length;
  });
  tell({ type: 'FillAdded', fill: fill('1') } as Update);
  picture();
  expect(found).toBe(1);
});

test('a lost connection first takes in what had come, then is told', () => {
  const { session, tell } = harness();
  tell(placed('a'));
  session.connectionChanged({ phase: 'Waiting', attempt: 1, malformed: 0 });
  const { replica } = session.store.getState();
  expect(replica.orders.has('a' as never)).toBe(true);
  expect(replica.synced).toBe(false);
});

test('a snapshot replaces what had come before it, which is told all the same', () => {
  const { session, tell, picture } = harness();
  const told: string[] = [];
  session.updates.add((updates) => told.push(...updates.map(({ type }) => type)));
  tell(placed('a'));
  session.receive(snapshot());
  picture();
  expect(session.store.getState().replica.orders.size).toBe(0);
  expect(told).toEqual(['OrderChanged']);
});

test('an answer comes with the picture that shows what it did', async () => {
  const { session, tell, picture } = harness();
  const answered = session.execute('command-1', { type: 'Arm' });
  const result = { commandId: 'command-1', ok: true, orders: [] };
  tell(placed('a'), { type: 'CommandAnswered', client: ME, result } as unknown as Update);
  picture();
  expect(await answered).toMatchObject({ ok: true });
  expect(session.store.getState().replica.orders.size).toBe(1);
});

test('an order is shown as asked for at once, and gives its place to the order in one change', async () => {
  const { session, tell, picture, changes } = harness();
  const seen: string[] = [];
  session.store.subscribe(({ asked, replica }) => {
    seen.push(`${asked.size} asked, ${replica.orders.size} orders`);
  });
  const terms = order('a');
  const answered = session.execute('command-1', { type: 'SubmitOrder', terms });
  expect([...session.store.getState().asked.values()]).toEqual([terms]);
  const result = { commandId: 'command-1', ok: true, orders: [] };
  tell(placed('a'), { type: 'CommandAnswered', client: ME, result } as unknown as Update);
  picture();
  expect(await answered).toMatchObject({ ok: true });
  expect(seen).toEqual(['1 asked, 0 orders', '0 asked, 1 orders']);
  expect(changes()).toBe(2);
});

test('what was asked for is gone when it is refused and when the connection is', () => {
  const { session, tell, picture } = harness();
  const terms = order('a');
  void session.execute('command-1', { type: 'SubmitOrder', terms });
  void session.execute('command-2', { type: 'SubmitOrder', terms });
  const result = { commandId: 'command-1', ok: false, code: 'NO', orders: [] };
  tell({ type: 'CommandAnswered', client: ME, result } as unknown as Update);
  picture();
  expect([...session.store.getState().asked.keys()]).toEqual(['command-2']);
  session.connectionChanged({ phase: 'Waiting', attempt: 1, malformed: 0 });
  expect(session.store.getState().asked.size).toBe(0);
});
