import { describe, expect, test } from 'vitest';
import { tabGoal } from './tab-stops.ts';

describe('keys of a list of tabs', () => {
  test('arrows go to the neighbour, and round at both ends', () => {
    expect([0, 1, 2].map((at) => tabGoal('ArrowRight', at, 3))).toEqual([1, 2, 0]);
    expect([0, 1, 2].map((at) => tabGoal('ArrowLeft', at, 3))).toEqual([2, 0, 1]);
  });

  test('Home and End go to the ends', () => {
    expect(tabGoal('Home', 2, 4)).toBe(0);
    expect(tabGoal('End', 1, 4)).toBe(3);
  });

  test('a tab alone is its own neighbour', () => {
    expect(['ArrowLeft', 'ArrowRight', 'Home', 'End'].map((key) => tabGoal(key, 0, 1))).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('other keys go nowhere', () => {
    expect(['ArrowDown', 'Enter', 'b', 'Tab'].map((key) => tabGoal(key, 0, 2))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
