import { expect, test } from 'vitest';
import type { Setting } from '../../state/desk.tsx';
import { editText, isChanged, readDraft, search, valueWords } from './setting-draft.ts';

const COLLAR: Setting = {
  key: 'risk.priceCollarBps',
  section: 'Limits of risk',
  title: 'Price collar',
  help: 'Farthest a limit may lie through the touch',
  unit: 'bp',
  acts: 'now',
  type: 'number',
  least: 1,
  most: 1_000_000,
  value: 50,
  default: 50,
};
const SYMBOLS: Setting = {
  ...COLLAR,
  key: 'market.symbols',
  section: 'Market data',
  title: 'Instruments',
  help: 'Symbols of the venue that are followed',
  unit: '',
  type: 'list',
  value: ['BTCUSDT'],
  default: ['BTCUSDT', 'ETHUSDT'],
};

test.each(['', ' ', '0', '-3', '1.5', '1e300', 'many', 'NaN', '1000001'])(
  '"%s" is no number of basis points, and it is said what is',
  (text) => {
    expect(readDraft(COLLAR, text)).toEqual({
      ok: false,
      why: 'expected a whole number from 1 to 1000000',
    });
  },
);

test('what is typed becomes the value, and back', () => {
  expect(readDraft(COLLAR, ' 1,200 ')).toEqual({ ok: true, value: 1200 });
  expect(readDraft(SYMBOLS, 'btcusdt, ethusdt')).toEqual({
    ok: true,
    value: ['BTCUSDT', 'ETHUSDT'],
  });
  expect(readDraft(SYMBOLS, ' ')).toMatchObject({ ok: false });
  expect(editText(SYMBOLS.default)).toBe('BTCUSDT ETHUSDT');
  expect(valueWords(true)).toBe('on');
  expect([COLLAR, SYMBOLS].map(isChanged)).toEqual([false, true]);
});

test('a setting is found by any of its words, its unit or its key', () => {
  const all = [COLLAR, SYMBOLS];
  for (const text of ['collar', 'touch farthest', 'risk.price', 'BP collar']) {
    expect(search(all, text)).toEqual([COLLAR]);
  }
  expect(search(all, 'collar venue')).toEqual([]);
  expect(search(all, '')).toEqual(all);
});
