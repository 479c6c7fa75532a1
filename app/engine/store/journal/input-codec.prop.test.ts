import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Input } from '../../domain/input.ts';
import { decodeInput, encodeInput } from './input-codec.ts';

const leaf = fc.oneof(
  fc.string(),
  fc.bigInt(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constantFrom('1n', '-5n', '\\1n', '\\\\', '\\'),
);
const key = fc.string().filter((text) => text !== '__proto__');
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('node')),
    fc.dictionary(key, tie('node'), { noNullPrototype: true }),
  ),
})).node;

test('whatever an input holds comes back as it was', () => {
  fc.assert(
    fc.property(fc.nat(), value, (marketCount, held) => {
      const input = { type: 'Held', at: 1, held } as unknown as Input;
      const decoded = decodeInput(encodeInput({ marketCount, input }));
      expect(decoded).toEqual({ ok: true, value: { marketCount, input } });
    }),
  );
});

test('text that is no record is an error, not an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(typeof decodeInput(bytes).ok).toBe('boolean');
    }),
  );
});
