import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCanonical, encodeCanonical, type Plain } from './canonical.ts';

const plain = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.boolean(),
    fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value)),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }).map((record) => {
      const { __proto__: _proto, ...rest } = record;
      return rest;
    }),
  ),
})).value;

describe('canonical encoding', () => {
  it('round trips', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decodeCanonical(encodeCanonical(value))).toEqual(value);
      }),
    );
  });

  it('does not depend on the order of keys, nor on absent ones', () => {
    const one = encodeCanonical({ b: 1, a: [2n, 'x'], c: undefined });
    expect(one).toEqual(encodeCanonical({ a: [2n, 'x'], b: 1 }));
  });

  it('tells numbers, big numbers and text apart', () => {
    const bytes = [1, 1n, '1', [1], true].map((value) => encodeCanonical(value).join());
    expect(new Set(bytes).size).toBe(5);
  });

  it.each([1.5, Number.NaN, Infinity, 2 ** 53])('refuses %d', (value) => {
    expect(() => encodeCanonical({ value })).toThrow('safe integers');
  });

  it('refuses bytes that were cut or go on', () => {
    const bytes = encodeCanonical({ a: 'text' });
    expect(() => decodeCanonical(bytes.slice(0, -1))).toThrow('must not end');
    expect(() => decodeCanonical(Uint8Array.from([...bytes, 0]))).toThrow('end with its value');
  });
});
