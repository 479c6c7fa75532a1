import { expect, test } from 'vitest';
import { RequestQueue, type Priority, type QueueError } from './request-queue.ts';
import { ManualTime } from './scheduler.ts';

function setUp(weightLimit = 100, maxLength = 50) {
  const time = new ManualTime(1_700_000_040_000 - (1_700_000_040_000 % 60_000));
  const log: string[] = [];
  const errors: QueueError[] = [];
  const queue = new RequestQueue({
    clock: time,
    scheduler: time,
    weightLimit,
    windowMs: 60_000,
    maxLength,
  });
  const submit = (name: string, priority: Priority, weight: number, maxWaitMs = 600_000) =>
    queue.submit({
      priority,
      weight,
      maxWaitMs,
      run: () => log.push(name),
      refuse: (error) => {
        errors.push(error);
        log.push(`${name}:${error.code}`);
      },
    });
  return { time, queue, log, errors, submit };
}

test('a request within the budget leaves at once', () => {
  const { log, submit, queue } = setUp();
  submit('a', 'data', 10);
  expect(log).toEqual(['a']);
  expect(queue.usedWeight).toBe(10);
});

test('data may not use what is kept for orders and cancels', () => {
  const { log, submit } = setUp();
  submit('data-1', 'data', 60);
  submit('data-2', 'data', 20);
  submit('cancel', 'cancel', 1);
  expect(log).toEqual(['data-1', 'cancel']);
});

test('what waits leaves in order of priority when the window turns', () => {
  const { time, log, submit, queue } = setUp();
  queue.observeUsed(100);
  submit('data', 'data', 5);
  submit('query', 'query', 5);
  submit('order', 'order', 5);
  submit('cancel', 'cancel', 5);
  expect(log).toEqual([]);
  time.advance(59_999);
  expect(log).toEqual([]);
  time.advance(1);
  expect(log).toEqual(['cancel', 'order', 'query', 'data']);
});

test('a request heavier than the whole share goes alone in a fresh window', () => {
  const { time, log, submit } = setUp(100);
  submit('small', 'data', 1);
  submit('heavy', 'data', 90);
  expect(log).toEqual(['small']);
  time.advance(60_000);
  expect(log).toEqual(['small', 'heavy']);
});

test('a 429 holds everything until its time and loses nothing', () => {
  const { time, log, submit, queue } = setUp();
  queue.pause(5_000);
  submit('cancel', 'cancel', 1);
  time.advance(4_999);
  expect(log).toEqual([]);
  time.advance(1);
  expect(log).toEqual(['cancel']);
});

test('it says how long the venue wants to be left alone', () => {
  const { time, queue } = setUp();
  expect(queue.silentMs).toBe(0);
  queue.pause(5_000);
  queue.ban(2_000);
  time.advance(1_000);
  expect(queue.silentMs).toBe(4_000);
  time.advance(4_000);
  expect(queue.silentMs).toBe(0);
});

test('a 418 refuses what waits and what comes, with the time left', () => {
  const { time, log, errors, submit, queue } = setUp();
  queue.pause(1_000);
  submit('waiting', 'cancel', 1);
  queue.ban(120_000);
  submit('later', 'order', 1);
  expect(log).toEqual(['waiting:VENUE_BANNED', 'later:VENUE_BANNED']);
  expect(errors[1]?.retryAfterMs).toBe(120_000);
  time.advance(120_000);
  submit('after', 'order', 1);
  expect(log.at(-1)).toBe('after');
});

test('a full queue refuses with its bound', () => {
  const { log, errors, submit, queue } = setUp(100, 2);
  queue.pause(1_000);
  for (const name of ['a', 'b', 'c']) submit(name, 'order', 1);
  expect(log).toEqual(['c:QUEUE_FULL']);
  expect(errors[0]?.message).toBe('at most 2 requests may wait');
});

test('a request that waits longer than it may is refused', () => {
  const { time, log, submit, queue } = setUp();
  queue.pause(10_000);
  submit('stale', 'order', 1, 2_000);
  time.advance(2_000);
  expect(log).toEqual(['stale:QUEUE_TIMEOUT']);
  time.advance(10_000);
  expect(log).toHaveLength(1);
});

test('a limit learned from the venue frees what waits', () => {
  const { log, submit, queue } = setUp(10);
  submit('a', 'order', 9);
  submit('b', 'order', 9);
  queue.setLimit(6000);
  expect(log).toEqual(['a', 'b']);
});

test('a closed queue refuses what waits and leaves no timer', () => {
  const { time, log, submit, queue } = setUp();
  queue.pause(1_000);
  submit('a', 'query', 1);
  queue[Symbol.dispose]();
  submit('b', 'query', 1);
  expect(log).toEqual(['a:QUEUE_CLOSED', 'b:QUEUE_CLOSED']);
  expect(time.pending).toBe(0);
});

test('awaited work runs in its turn or returns the refusal', async () => {
  const { queue } = setUp();
  const asked = { priority: 'query', weight: 1, maxWaitMs: 100 } as const;
  expect(await queue.schedule(asked, async () => 7)).toEqual({ ok: true, value: 7 });
  queue.ban(1_000);
  const refused = await queue.schedule(asked, async () => 7);
  expect(refused.ok ? '' : refused.error.code).toBe('VENUE_BANNED');
});
