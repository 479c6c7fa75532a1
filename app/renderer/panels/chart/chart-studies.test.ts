import { expect, test } from 'vitest';
import { standardStudy } from '../../../engine/domain/study.ts';
import { SOL } from '../../state/testdata.ts';
import { studyShapes } from './chart-studies.ts';

function colors(...kinds: readonly Parameters<typeof standardStudy>[0][]): readonly string[][] {
  return studyShapes(kinds.map(standardStudy), SOL, 60).map(({ outputs }) =>
    outputs.map(({ color }) => color),
  );
}

test('the price of the day has its own colour, and takes none from the others', () => {
  const [vwap, ema] = colors('Vwap', 'Ema');
  expect(vwap).toEqual(['chart-vwap', 'chart-vwap-band', 'chart-vwap-band']);
  expect([ema]).toEqual(colors('Ema'));
});

test('lines side by side differ, those of a band do not', () => {
  const [macd = [], bands = []] = colors('Macd', 'Bollinger');
  expect(new Set(macd).size).toBe(macd.length);
  expect(new Set(bands).size).toBe(1);
  expect(macd).not.toContain(bands[0]);
});
