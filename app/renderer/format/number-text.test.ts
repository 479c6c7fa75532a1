import { describe, expect, test } from 'vitest';
import type { Instrument } from '../../engine/domain/instrument.ts';
import { price, quantity, signedQuantity } from '../../engine/domain/price.ts';
import {
  changedTail,
  changePercentText,
  columnDecimals,
  columnSize,
  compactQuantity,
  decimalText,
  editText,
  groupThousands,
  moneyText,
  priceText,
  quantityText,
  shortQuantity,
  shortBound,
  shortVolume,
  splitTrailingZeros,
  stepDecimals,
  ticksText,
} from './number-text.ts';

const SOL = {
  priceScale: 8,
  quantityScale: 8,
  tickSize: price(1_000_000),
  stepSize: quantity(100_000),
} as Instrument;

describe('numbers as printed', () => {
  test.each([
    [3_000_000, '3'],
    [0, '0'],
    [300_000, '0.3'],
    [-2_000_000, '-2'],
  ])('a difference of %s is %s ticks', (difference, shown) => {
    expect(ticksText(difference, SOL)).toBe(shown);
  });

  test.each([
    [7_500_000_000_000, '75.0k'],
    [812_345_000_000, '8.1k'],
    [99_949_000_000, '999'],
    [99_960_000_000, '1.0k'],
    [4_230_000_000, '42.3'],
    [42_000_000, '0.42'],
    [400_000, '<0.01'],
  ])('a volume of %d hundred-millionths is %s', (mantissa, shown) => {
    expect(shortVolume(mantissa, 8)).toBe(shown);
  });

  test.each([
    [0, '0'],
    [1, '0.001'],
    [4_120, '4.12'],
    [25_850, '25.9'],
    [25_801, '25.9'],
    [9_756_000, '9,760'],
    [999_900, '1,000'],
    [20_188_000, '20.2k'],
  ])('what is at most %i thousandths is %s', (mantissa, shown) => {
    expect(shortBound(mantissa, 3)).toBe(shown);
  });

  test.each([
    ['0', '0'],
    ['1234567.50', '1,234,567.50'],
    ['-999', '\u2212999'],
    ['-1000.1', '\u22121,000.1'],
    ['123456', '123,456'],
  ])('groups %s as %s', (text, shown) => {
    expect(groupThousands(text)).toBe(shown);
  });

  test.each([
    [1_000_000, 8, 2],
    [1, 8, 8],
    [100_000_000, 8, 0],
    [5, 0, 0],
  ])('a step of %i at scale %i needs %i decimals', (step, scale, decimals) => {
    expect(stepDecimals(step, scale)).toBe(decimals);
  });

  test('a price has the decimals of its tick, and more when the venue sent more', () => {
    expect(priceText(price(18_742_000_000), SOL)).toBe('187.42');
    expect(priceText(price(9_741_200_000_000), SOL)).toBe('97,412.00');
    expect(priceText(price(18_742_500_000), SOL)).toBe('187.425');
  });

  test('a quantity keeps every digit it has', () => {
    expect(quantityText(quantity(250_000_000), SOL)).toBe('2.500');
    expect(quantityText(signedQuantity(-250_000_001), SOL, 'signed')).toBe('\u22122.50000001');
    expect(quantityText(signedQuantity(100_000_000), SOL, 'signed')).toBe('+1.000');
    expect(shortQuantity(quantity(250_000_000), SOL)).toBe('2.5');
    expect(quantityText(quantity(0), SOL)).toBe('0');
  });

  test('what is typed back is not grouped', () => {
    expect(editText(9_741_240_000_000, 8, 2)).toBe('97412.40');
  });

  test('money rounds half to even at two decimals, and shows amounts below a cent', () => {
    expect(moneyText(1_284_605n, 3)).toBe('1,284.60');
    expect(moneyText(1_284_615n, 3, 'signed')).toBe('+1,284.62');
    expect(moneyText(-5n, 6)).toBe('\u22120.000005');
    expect(moneyText(4_200n, 6)).toBe('0.0042');
    expect(moneyText(0n, 6, 'signed')).toBe('0.00');
    expect(decimalText(-1n, 4, 2, 'signed')).toBe('0.00');
  });

  test.each([
    ['912.40', '912.4', '0'],
    ['3,380.00', '3,380', '.00'],
    ['600', '600', ''],
    ['0.384', '0.384', ''],
  ])('%s has the quiet end %s|%s', (text, front, zeros) => {
    expect(splitTrailingZeros(text)).toEqual([front, zeros]);
  });

  test.each([
    ['97,412.40', '97,412.47', 1],
    ['97,412.40', '97,413.40', 4],
    ['1.00', '1.00', 0],
    ['99.99', '100.00', 6],
  ])('from %s to %s %i characters changed', (before, after, changed) => {
    expect(changedTail(before, after)).toBe(changed);
  });

  test('a day is measured against its base and not against nothing', () => {
    expect(changePercentText(price(102_410), price(100_000))).toBe('+2.41');
    expect(changePercentText(price(99_000), price(100_000))).toBe('\u22121.00');
    expect(changePercentText(price(5), price(0))).toBeUndefined();
  });

  test('volumes shorten, and a size too small for its column is never zero', () => {
    expect(compactQuantity(6_240_000, 2)).toBe('62.4k');
    expect(compactQuantity(123_456, 2)).toBe('1,235');
    expect(columnDecimals(60_712, 2, 3)).toBe(1);
    expect(columnSize(60_712, 2, 1)).toBe('607.1');
    expect(columnSize(1, 2, 1)).toBe('<0.1');
  });
});
