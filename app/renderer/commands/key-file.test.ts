import { expect, test } from 'vitest';
import { importKeys } from './key-file.ts';

const deep = '['.repeat(90_000) + ']'.repeat(90_000);

test.each([
  ['kind', deep],
  ['kind', `{"kind":${deep}}`],
  ['form', `{"kind":"quarterdeck keys","form":${deep}}`],
  ['preset', `{"kind":"quarterdeck keys","form":1,"preset":${deep}}`],
  ['changes', `{"kind":"quarterdeck keys","form":1,"preset":"standard","changes":{"a":${deep}}}`],
])('a file whose %s is nested without end is refused in words', (name, text) => {
  const read = importKeys(text, []);
  expect(read).toMatchObject({ ok: false, error: { code: 'KEYS_UNREADABLE' } });
  expect(read.ok ? '' : read.error.message).toContain(name);
});
