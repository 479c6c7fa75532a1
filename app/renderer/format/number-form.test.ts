import { afterEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  NUMBER_FORMS,
  plainNumber,
  setNumberForm,
  shownNumber,
  typedNumber,
  type NumberForm,
} from './number-form.ts';

afterEach(() => setNumberForm('1,234.56'));

test.each(NUMBER_FORMS)('%s is what a number looks like in the form of that name', (form) => {
  setNumberForm(form);
  expect(shownNumber('1234.56').replace('\u202f', ' ')).toBe(form);
});

test.each(NUMBER_FORMS)(
  'what is shown in %s, and what a field takes, reads back the same',
  (form) => {
    setNumberForm(form);
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat(8), (units, scale) => {
        const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
        const whole = digits.slice(0, digits.length - scale);
        const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
        const plain = `${units < 0n ? '-' : ''}${whole}${fraction}`;
        expect(plainNumber(shownNumber(plain))).toBe(plain);
        expect(plainNumber(typedNumber(plain))).toBe(plain);
      }),
    );
  },
);

describe('what is typed', () => {
  test.each<[NumberForm, string, string | undefined]>([
    ['1,234.56', '0.5', '0.5'],
    ['1,234.56', '.5', '.5'],
    ['1,234.56', '5.', '5.'],
    ['1,234.56', '\u22121,234.5', '-1234.5'],
    ['1,234.56', '0,5', undefined],
    ['1,234.56', '64098,13', undefined],
    ['1,234.56', '1,2345', undefined],
    ['1,234.56', ',234', undefined],
    ['1,234.56', '1 234', undefined],
    ['1,234.56', '', undefined],
    ['1,234.56', '-', undefined],
    ['1,234.56', '1e5', undefined],
    ['1234.56', '1,234', undefined],
    ['1 234.56', '1 234.5', '1234.5'],
    ["1'234.56", "1'234.5", '1234.5'],
    ['1.234,56', '0,5', '0.5'],
    ['1.234,56', '0.5', undefined],
    ['1.234,56', '64098.13', undefined],
    ['1.234,56', '64.098,13', '64098.13'],
    ['1 234,56', '64 098,13', '64098.13'],
    ['1 234,56', '64098.13', undefined],
  ])('in %s %j is %j', (form, text, plain) => {
    setNumberForm(form);
    expect(plainNumber(text)).toBe(plain);
  });
});
