import { expect, test } from 'vitest';
import type { Receipt } from '../../state/account-replica.ts';
import { receiptSteps } from './receipt-steps.ts';

const ASKED_AT = 1_700_000_000_000_000;

function receipt(change: Partial<Receipt>, fillsAt: readonly number[] = []): Receipt {
  const line = { fills: fillsAt.map((at) => ({ at })) };
  return {
    step: 'Done',
    flat: true,
    askedAt: ASKED_AT,
    startedAt: ASKED_AT,
    canceledAt: ASKED_AT + 20_000,
    updatedAt: ASKED_AT + 900_000,
    lines: [line],
    ...change,
  } as unknown as Receipt;
}

const times = (of: Receipt): string[] => receiptSteps(of).map(({ time }) => time);
const progress = (of: Receipt): string[] => receiptSteps(of).map((step) => step.progress);

test('closed has the time of its last fill, whichever instrument it is of', () => {
  const done = receipt({}, [ASKED_AT + 61_000, ASKED_AT + 42_000]);
  expect(times(done)).toEqual([
    'began 22:13:20.000',
    'after 20\u2009ms',
    'after 61\u2009ms',
    'after 900\u2009ms',
  ]);
  expect(progress(done)).toEqual(['Done', 'Done', 'Done', 'Done']);
});

test('closed says so when nothing was closed', () => {
  expect(times(receipt({}))[2]).toBe('nothing closed');
});

test('closed has no time while it closes, though some has filled', () => {
  const closing = receipt({ step: 'Closing', flat: false }, [ASKED_AT + 42_000]);
  expect(times(closing)[2]).toBe('');
  expect(progress(closing)).toEqual(['Done', 'Done', 'Part', 'Ahead']);
});

test.each(['Done', 'Unproved'] as const)(
  'a receipt that is %s and not flat has proved no flat',
  (step) => {
    const ended = receipt({ step, flat: false }, [ASKED_AT + 42_000]);
    expect(progress(ended)).toEqual(['Done', 'Done', 'Done', 'Part']);
    expect(times(ended)[2]).toBe('after 42\u2009ms');
  },
);
