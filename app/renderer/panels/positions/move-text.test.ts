import { expect, test } from 'vitest';
import { parseMove } from './move-text.ts';

test('a move is read in percent, exact', () => {
  expect(parseMove('2.5')).toEqual({ ok: true, value: 25_000 });
  expect(parseMove(' +0.0001 ')).toEqual({ ok: true, value: 1 });
  expect(parseMove('\u22123')).toEqual({ ok: true, value: -30_000 });
  expect(parseMove('1,000')).toEqual({ ok: true, value: 10_000_000 });
});

test.each(['', 'x', '-100', '1000.1', '0.00001', '1,5', '1e3', '--1', '+-1'])(
  '"%s" is no move, and what is accepted is said',
  (text) => {
    const parsed = parseMove(text);
    expect(parsed).toMatchObject({ ok: false, error: { code: 'MOVE_INVALID' } });
    const message = parsed.ok ? '' : parsed.error.message;
    expect(message).toContain(`was ${text === '' ? 'empty' : text}`);
    expect(message).toContain('over -100, at most 1000');
  },
);
