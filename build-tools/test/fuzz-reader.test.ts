import { expect, test } from 'vitest';
import { check, checkAll, textOf } from './fuzz-reader.ts';

const bytes = Buffer.from('{');
const MEGABYTE = 1024 * 1024;

/** Uses the processor for so long. */
function work(ms: number): void {
  const before = process.threadCpuUsage();
  let spent = 0;
  while (spent < ms * 1_000) {
    const { user, system } = process.threadCpuUsage(before);
    spent = user + system;
  }
}

test('a reader that throws is found with what it read', () => {
  const read = (text: Uint8Array): void => void JSON.parse(textOf(text));
  const careless = { name: 'careless', read };
  expect(() => check(careless, bytes)).toThrow(/^careless of "\{"/);
  const inputs = [Buffer.from('{}'), bytes, Buffer.from('1')];
  expect(() => checkAll(careless, inputs)).toThrow(/^careless of "\{"/);
});

test('a reader that touches a prototype is found with what it read', () => {
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  const read = (text: Uint8Array): void => {
    if (text[0] === 0x7b) prototype['polluted'] = 1;
  };
  const polluting = { name: 'polluting', read };
  try {
    expect(() => checkAll(polluting, [Buffer.from('1'), bytes])).toThrow(
      /^polluting of "\{".*prototypes/,
    );
  } finally {
    delete prototype['polluted'];
  }
});

test('a reader that thinks for long is found, one that did so once is not', () => {
  let first = true;
  const warming = (): void => {
    if (first) work(150);
    first = false;
  };
  expect(checkAll({ name: 'warming', read: warming }, [bytes])).toBeGreaterThan(100);
  const slow = { name: 'slow', read: () => work(110) };
  expect(() => checkAll(slow, [bytes])).toThrow(/^slow of "\{": took 1\d\d ms, more than 100$/);
});

test.each([
  ['at once', () => Buffer.alloc(100 * MEGABYTE)],
  ['bit by bit', () => Array.from({ length: 100 }, (_, at) => [Array(MEGABYTE / 8).fill(at)])],
  ['and leaves it', () => Array.from({ length: 100 }, () => Array(MEGABYTE / 8).fill(0).length)],
])('a reader that allocates 100 MB %s is found', (_how, allocate) => {
  const greedy = { name: 'greedy', read: () => void allocate() };
  expect(() => checkAll(greedy, [bytes])).toThrow(/^greedy of "\{": allocated \d+ bytes/);
});

test('many readings that allocate little each are none that allocates much', () => {
  const modest = { name: 'modest', read: () => void Buffer.alloc(8 * MEGABYTE) };
  checkAll(modest, Array<Buffer>(10).fill(bytes));
});

test('what only several inputs do together is found as well', () => {
  let seen = 0;
  const read = (): void => {
    seen += 1;
    if (seen === 3) throw new Error('the third');
  };
  const counting = { name: 'counting', read };
  expect(() => checkAll(counting, [bytes, bytes, bytes])).toThrow(
    'counting of 3 inputs, of none alone: Error: the third',
  );
});
