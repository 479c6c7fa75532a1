import { expect, test, vi } from 'vitest';
import { Notices } from './notices.ts';

test('notices leave by themselves, danger waits, and a later one on the same thing takes its place', () => {
  vi.useFakeTimers();
  const notices = new Notices();
  const titles = (): string[] => notices.store.getState().notices.map(({ title }) => title);
  notices.raise('done', 'Filled 1', '', 'order');
  notices.raise('danger', 'Not proved', '');
  notices.raise('done', 'Filled 2', '', 'order');
  expect(titles()).toEqual(['Filled 2', 'Not proved']);
  vi.runAllTimers();
  expect(titles()).toEqual(['Not proved']);
  for (let count = 0; count < 9; count += 1) notices.raise('danger', String(count), '');
  expect(titles()).toEqual(['5', '6', '7', '8']);
  vi.useRealTimers();
});
