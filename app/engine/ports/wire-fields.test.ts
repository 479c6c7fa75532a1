import { expect, test } from 'vitest';
import { FieldReader } from './wire-fields.ts';

function wordsOf(value: unknown): string {
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
  expect(wordsOf(value).endsWith(`was ${words}`)).toBe(true);
});

test('of a value that is long or deep its first hundred characters are told', () => {
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`);
  const long = Array.from({ length: 1000 }, (_, at) => at);
  for (const value of [deep, long, 'x'.repeat(1000)]) {
    const seen = wordsOf(value).split(' was ')[1] ?? '';
    expect(seen).toHaveLength(100);
  }
  expect(wordsOf(long)).toContain(`was ${JSON.stringify(long).slice(0, 100)}`);
  expect(wordsOf(deep)).toContain(`was ${'{"a":'.repeat(20)}`);
});
