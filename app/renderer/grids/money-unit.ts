import { notionalScale, type Instrument } from '../../engine/domain/instrument.ts';
import { moneyText } from '../format/number-text.ts';

/** What amounts of money are summed under: the quote asset and the scale, so that only like is added to like. */
export function moneyUnit(instrument: Instrument): string {
  return `${instrument.quote} ${notionalScale(instrument)}`;
}

/** An amount of a unit in words: `1,284.60 USDT`. */
export function moneyUnitText(
  unit: string,
  amount: bigint,
  sign: 'plain' | 'signed' = 'plain',
): string {
  const [asset = '', scale] = unit.split(' ');
  return `${moneyText(amount, Number(scale), sign)} ${asset}`;
}
