import { clockMillis, durationMicros } from '../../format/time-text.ts';
import type { Receipt } from '../../state/account-replica.ts';

const STEPS = [
  ['Canceling', 'Cancels sent'],
  ['ConfirmingCanceled', 'Cancels proved'],
  ['Closing', 'Closed'],
  ['ConfirmingFlat', 'Flat proved'],
] as const;

/** One step of a flatten or kill as the receipt shows it. */
export interface ReceiptStep {
  readonly words: string;
  /** When it was over, after how long, or that there was nothing to do; empty while it is not. */
  readonly time: string;
  readonly progress: 'Done' | 'Part' | 'Ahead';
}

/** The steps of a flatten or kill in their order. */
export function receiptSteps(receipt: Receipt): ReceiptStep[] {
  const { askedAt, startedAt, canceledAt, updatedAt, step, flat } = receipt;
  const shown = step === 'Unproved' ? 'ConfirmingFlat' : step;
  const at = step === 'Done' ? STEPS.length : STEPS.findIndex(([name]) => name === shown);
  const after = (time: number): string => `after ${durationMicros(time - askedAt)}`;
  const times = [
    `began ${clockMillis(startedAt)}`,
    canceledAt === undefined ? '' : after(canceledAt),
    at > 2 ? closedText(receipt, after) : '',
    step === 'Done' ? after(updatedAt) : '',
  ];
  return STEPS.map(([, words], index) => {
    const isPart = index === at || (index === STEPS.length - 1 && step === 'Done' && !flat);
    const past = index < at ? 'Done' : 'Ahead';
    return { words, time: times[index] ?? '', progress: isPart ? 'Part' : past };
  });
}

/** Closing was over with its last fill. */
function closedText({ lines }: Receipt, after: (time: number) => string): string {
  const fills = lines.flatMap((line) => line.fills);
  return fills.length === 0 ? 'nothing closed' : after(Math.max(...fills.map(({ at }) => at)));
}
