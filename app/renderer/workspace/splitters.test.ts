import { describe, expect, test } from 'vitest';
import { leastOf, splitGoal, type SplitPart } from './splitters.ts';

const RANGE = { least: 140, most: 900, now: 400 };
const press = (key: string, shiftKey = false): { key: string; shiftKey: boolean } => ({
  key,
  shiftKey,
});

describe('keys of a splitter', () => {
  test('arrows along it move it by 8 pixels, with Shift by 40', () => {
    expect(splitGoal(press('ArrowLeft'), true, RANGE)).toBe(392);
    expect(splitGoal(press('ArrowRight', true), true, RANGE)).toBe(440);
    expect(splitGoal(press('ArrowDown'), false, RANGE)).toBe(408);
    expect(splitGoal(press('ArrowUp', true), false, RANGE)).toBe(360);
  });

  test('it never goes past its ends, and Home and End go there', () => {
    expect(splitGoal(press('ArrowLeft', true), true, { ...RANGE, now: 150 })).toBe(140);
    expect(splitGoal(press('ArrowRight'), true, { ...RANGE, now: 899 })).toBe(900);
    expect(splitGoal(press('Home'), false, RANGE)).toBe(140);
    expect(splitGoal(press('End'), true, RANGE)).toBe(900);
  });

  test('arrows across it and other keys are not its own', () => {
    expect(splitGoal(press('ArrowUp'), true, RANGE)).toBeUndefined();
    expect(splitGoal(press('ArrowLeft'), false, RANGE)).toBeUndefined();
    expect(splitGoal(press('Enter'), true, RANGE)).toBeUndefined();
  });
});

describe('how small a part of the dock may be', () => {
  const part = (kind: 'row' | 'column' | 'stack', ...contentItems: SplitPart[]): SplitPart => ({
    isRow: kind === 'row',
    isColumn: kind === 'column',
    contentItems,
  });
  const tab = part('stack');

  test('a stack is one panel large, however many tabs it has', () => {
    const stack = part('stack', tab, tab, tab);
    expect([leastOf(stack, 'width'), leastOf(stack, 'height')]).toEqual([140, 80]);
  });

  test('what stands in a line adds up with the splitters between, across it the largest counts', () => {
    const row = part('row', tab, tab, tab);
    expect([leastOf(row, 'width'), leastOf(row, 'height')]).toEqual([428, 80]);
    const column = part('column', row, tab);
    expect([leastOf(column, 'width'), leastOf(column, 'height')]).toEqual([428, 164]);
  });
});
