import { expect, test } from 'vitest';
import { toastPlace, type SeenPanel } from './toast-place.ts';

function seen(type: string, right: number, bottom: number, width = 300, height = 400): SeenPanel {
  return { type, right, bottom, width, height };
}

test('under the tape, where there is one', () => {
  const place = toastPlace([
    seen('log', 300, 900),
    seen('time-and-sales', 1900, 1000, 236),
    seen('ladder', 1660, 1000),
  ]);
  expect(place).toEqual({ right: 1896, bottom: 996, width: 228 });
});

test('without a tape over what is only read, never over orders, positions, ladder or ticket', () => {
  const acting = ['orders', 'positions', 'fills', 'ladder', 'ticket', 'accounts', 'settings'];
  const panels = acting.map((type) => seen(type, 1900, 1000));
  expect(toastPlace([...panels, seen('chart', 900, 700), seen('watchlist', 300, 500)])).toEqual({
    right: 296,
    bottom: 496,
    width: 292,
  });
  expect(toastPlace(panels)).toBeUndefined();
});

test('not over what is too small for them; of two the one at the right', () => {
  const small = seen('time-and-sales', 1900, 1000, 236, 60);
  expect(toastPlace([small, seen('chart', 900, 700), seen('chart', 1500, 600)])?.right).toBe(1496);
});
