import { expect, test } from 'vitest';
import {
  arePrototypesUntouched,
  assertPrototypesUntouched,
  restorePrototypes,
} from './prototypes.ts';

test('what is left on a prototype is seen and can be taken away', () => {
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  prototype['polluted'] = 1;
  expect(assertPrototypesUntouched).toThrow('prototypes');
  restorePrototypes();
  expect({}).not.toHaveProperty('polluted');
  assertPrototypesUntouched();
});

test('what is put in the place of something on a prototype is seen', () => {
  const original = Array.prototype.at;
  Array.prototype.at = () => undefined;
  expect(arePrototypesUntouched()).toBe(false);
  restorePrototypes();
  expect(Array.prototype.at).toBe(original);
  expect(arePrototypesUntouched()).toBe(true);
});
