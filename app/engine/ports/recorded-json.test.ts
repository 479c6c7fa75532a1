import { expect, test } from 'vitest';
import { listOf, memberOf, parseWritten, textOf } from './recorded-json.ts';

test('numbers are the text that was written, strings stay as they are', () => {
  const text =
    '{"a":0.10000000000000000001,"b":[-1e-8, 12,"3 \\"4\\" 5"],"c":true,"d":null,"e 6":"7"}';
  expect(parseWritten(text)).toEqual({
    a: '0.10000000000000000001',
    b: ['-1e-8', '12', '3 "4" 5'],
    c: true,
    d: null,
    'e 6': '7',
  });
});

test.each(['', '{', '{"a":01}', '{"a":1.}', '[1 2]', '{"a":"'])('%j is no JSON', (text) => {
  expect(parseWritten(text)).toBeUndefined();
});

test('what is not there, or of another kind, is nothing', () => {
  const value = parseWritten('{"list":[1],"text":"x"}');
  expect(textOf(memberOf(value, 'text'))).toBe('x');
  expect(textOf(memberOf(value, 'list'))).toBe('');
  expect(listOf(memberOf(value, 'text'))).toEqual([]);
  expect(memberOf(memberOf(value, 'list'), '0')).toBeUndefined();
  expect(memberOf(undefined, 'a')).toBeUndefined();
});
