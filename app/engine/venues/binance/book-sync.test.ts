import { expect, test } from 'vitest';
import { BookSync } from './book-sync.ts';

const spot = () => new BookSync('FirstUpdate', 100);
const futures = () => new BookSync('PreviousUpdate', 100);

test('diffs are kept until the snapshot, those it holds are left out, the first kept one may overlap it', () => {
  const sync = spot();
  for (const [first, last] of [
    [150, 156],
    [157, 160],
    [161, 163],
  ] as const) {
    expect(sync.onDiff({ first, last })).toBe('Buffer');
  }
  expect(sync.onSnapshot(158)).toEqual({ use: true, applyFrom: 1 });
  expect(sync.position).toEqual({ bookId: 163, buffered: 0 });
  expect(sync.onDiff({ first: 164, last: 170 })).toBe('Apply');
});

test('a snapshot older than the first kept diff is fetched again', () => {
  const sync = spot();
  sync.onDiff({ first: 157, last: 160 });
  expect(sync.onSnapshot(155)).toEqual({ use: false });
  expect(sync.onSnapshot(156)).toEqual({ use: true, applyFrom: 0 });
});

test('a snapshot newer than all kept diffs stands alone', () => {
  const sync = spot();
  sync.onDiff({ first: 157, last: 160 });
  expect(sync.onSnapshot(200)).toEqual({ use: true, applyFrom: 1 });
  expect(sync.onDiff({ first: 161, last: 190 })).toBe('Drop');
  expect(sync.onDiff({ first: 191, last: 205 })).toBe('Apply');
});

test('a jump after the book is a gap; the diff that showed it starts the new buffer', () => {
  const sync = spot();
  sync.onSnapshot(100);
  expect(sync.onDiff({ first: 101, last: 105 })).toBe('Apply');
  expect(sync.onDiff({ first: 107, last: 109 })).toBe('Gap');
  expect(sync.position).toEqual({ buffered: 1 });
  expect(sync.onSnapshot(106)).toEqual({ use: true, applyFrom: 0 });
});

test('a jump right after the snapshot is a gap', () => {
  const sync = spot();
  sync.onSnapshot(100);
  expect(sync.onDiff({ first: 102, last: 105 })).toBe('Gap');
});

test('a hole while buffering starts the buffer over', () => {
  const sync = spot();
  sync.onDiff({ first: 10, last: 12 });
  expect(sync.onDiff({ first: 14, last: 15 })).toBe('Gap');
  expect(sync.position).toEqual({ buffered: 1 });
});

test('repeated and old diffs are dropped', () => {
  const sync = spot();
  sync.onDiff({ first: 1, last: 5 });
  expect(sync.onDiff({ first: 1, last: 5 })).toBe('Drop');
  sync.onSnapshot(5);
  sync.onDiff({ first: 6, last: 9 });
  expect(sync.onDiff({ first: 6, last: 9 })).toBe('Drop');
  expect(sync.onDiff({ first: 2, last: 4 })).toBe('Drop');
});

test('a snapshot behind a standing book is not used', () => {
  const sync = spot();
  sync.onSnapshot(100);
  expect(sync.onSnapshot(90)).toEqual({ use: false });
  expect(sync.position).toEqual({ bookId: 100, buffered: 0 });
});

test('a buffer that is full starts over', () => {
  const sync = new BookSync('FirstUpdate', 2);
  sync.onDiff({ first: 1, last: 1 });
  sync.onDiff({ first: 2, last: 2 });
  expect(sync.onDiff({ first: 3, last: 3 })).toBe('Gap');
});

test('futures join where the snapshot lies within a diff, then by the update before', () => {
  const sync = futures();
  sync.onDiff({ first: 80, last: 90, previous: 70 });
  sync.onDiff({ first: 95, last: 110, previous: 90 });
  sync.onDiff({ first: 120, last: 130, previous: 110 });
  expect(sync.onSnapshot(100)).toEqual({ use: true, applyFrom: 1 });
  expect(sync.onDiff({ first: 150, last: 160, previous: 130 })).toBe('Apply');
  expect(sync.onDiff({ first: 161, last: 170, previous: 155 })).toBe('Gap');
});

test('futures take a diff that ends at the snapshot, and refuse a snapshot before the first', () => {
  const sync = futures();
  sync.onDiff({ first: 95, last: 100, previous: 90 });
  expect(sync.onSnapshot(91)).toEqual({ use: false });
  expect(sync.onSnapshot(100)).toEqual({ use: true, applyFrom: 0 });
});
