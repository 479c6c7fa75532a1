import { expect, test } from 'vitest';
import { FieldReader, numberOf, wordsOf } from './wire-fields.ts';

function messageOf(value: unknown): string {
  const reader = new FieldReader({ price: value }, 'trade');
  reader.flag('price');
  const read = reader.finish(undefined);
  return read.ok ? 'nothing wrong' : read.error.message;
}

test.each([
  ['"1.5"', '1.5'],
  ['[1,"a",null]', [1, 'a', null]],
  ['{"a":{"b":[]},"c":-1e-7}', { a: { b: [] }, c: -1e-7 }],
  ['absent', undefined],
])('a wrong value is told as JSON: %s', (words, value) => {
  expect(messageOf(value).endsWith(`was ${words}`)).toBe(true);
});

test('of a value that is long or deep its first hundred characters are told', () => {
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`);
  const long = Array.from({ length: 1000 }, (_, at) => at);
  for (const value of [deep, long, 'x'.repeat(1000)]) {
    const seen = messageOf(value).split(' was ')[1] ?? '';
    expect(seen).toHaveLength(100);
  }
  expect(messageOf(long)).toContain(`was ${JSON.stringify(long).slice(0, 100)}`);
  expect(messageOf(deep)).toContain(`was ${'{"a":'.repeat(20)}`);
});

test('a number of the wire is a number or the text of one, and a deep list or an object with a method’s name ends nothing, found by the fuzzer', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(50_000)}1${']'.repeat(50_000)}`);
  const posing: unknown = JSON.parse('{"toString":1,"valueOf":1}');
  expect([numberOf(15), numberOf('1.5')]).toEqual([15, 1.5]);
  for (const other of [deep, posing, [7], true, null, undefined, '']) {
    expect(numberOf(other)).toBeNaN();
  }
  expect(wordsOf('a text')).toBe('a text');
  expect(wordsOf(deep)).toBe('['.repeat(100));
  expect(wordsOf(posing)).toBe('{"toString":1,"valueOf":1}');
});
