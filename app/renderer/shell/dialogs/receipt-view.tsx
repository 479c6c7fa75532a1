import { Fragment, type ReactNode } from 'react';
import type { Quantity } from '../../../engine/domain/price.ts';
import { quantityText } from '../../format/number-text.ts';
import { clockMillis, durationMicros } from '../../format/time-text.ts';
import type { Receipt } from '../../state/account-replica.ts';
import { useTrade } from '../../state/desk.tsx';
import { Icon } from '../../ui/icons.tsx';

const STEPS = [
  ['Canceling', 'Cancels sent'],
  ['ConfirmingCanceled', 'Cancels proved'],
  ['Closing', 'Closed'],
  ['ConfirmingFlat', 'Flat proved'],
] as const;

/** One sentence on a set of receipts: what is proved and what is not. */
export function receiptTitle(receipts: readonly Receipt[]): string {
  const proved = receipts.filter((receipt) => receipt.flat && receipt.step === 'Done').length;
  if (proved === receipts.length) {
    return receipts.length === 1
      ? 'Proved flat.'
      : `All ${receipts.length} accounts are proved flat.`;
  }
  if (receipts.every((receipt) => receipt.step === 'Done')) return 'Finished, and not proved flat.';
  return receipts.length === 1
    ? 'Working. Not proved flat yet.'
    : `${proved} of ${receipts.length} accounts are proved flat.`;
}

/** Receipts of flatten or kill, one a account: the steps, and each instrument's proof. */
export function ReceiptView({ receipts }: { readonly receipts: readonly Receipt[] }): ReactNode {
  return receipts.map((receipt) => (
    <Fragment key={`${receipt.account} ${receipt.id}`}>
      <Steps receipt={receipt} />
      <Proof receipt={receipt} />
    </Fragment>
  ));
}

function Steps({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const reached = STEPS.findIndex(([step]) => step === receipt.step);
  const at = receipt.step === 'Done' ? STEPS.length : reached;
  return (
    <div className="steps" role="list" aria-label={`Steps of ${receipt.account}`}>
      {STEPS.map(([step, words], index) => (
        <div key={step} role="listitem" className={`step ${stepClass(index, at, receipt)}`}>
          <b>{words}</b>
          <small>{index === 0 ? `began ${clockMillis(receipt.startedAt)}` : ''}</small>
          <small>
            {index === STEPS.length - 1 && receipt.step === 'Done'
              ? `after ${durationMicros(receipt.updatedAt - receipt.startedAt)}`
              : ''}
          </small>
        </div>
      ))}
    </div>
  );
}

function stepClass(index: number, at: number, receipt: Receipt): string {
  const last = index === STEPS.length - 1;
  if (last && receipt.step === 'Done') return receipt.flat ? 'done' : 'part';
  if (index < at) return 'done';
  return index === at ? 'part' : '';
}

function Proof({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const instruments = useTrade((state) => state.replica.instruments);
  return (
    <table className="proof">
      <thead>
        <tr>
          <th>{receipt.account}</th>
          <th>Orders cancelled</th>
          <th>Closed</th>
          <th>Remaining</th>
          <th>Proof</th>
        </tr>
      </thead>
      <tbody>
        {receipt.lines.map((line) => {
          const instrument = instruments.get(line.instrument);
          const text = (quantity: number): string =>
            instrument === undefined
              ? String(quantity)
              : quantityText(Math.abs(quantity) as Quantity, instrument);
          return (
            <tr key={line.instrument} className={line.proved ? '' : 'open'}>
              <td className="v">{instrument?.symbol ?? line.instrument}</td>
              <td>{line.canceled}</td>
              <td>{line.closedQuantity === 0 ? 'nothing held' : text(line.closedQuantity)}</td>
              <td>
                {text(line.remaining)}
                {line.dust && <small>dust, below the venue’s minimum</small>}
              </td>
              <td>
                <span className={line.proved ? 'ok' : 'warn'}>
                  <Icon name={line.proved ? 'check' : 'warn'} />
                  {line.proved ? 'Proved' : 'Not proved'}
                </span>
                <small>{line.detail}</small>
              </td>
            </tr>
          );
        })}
        {receipt.lines.length === 0 && (
          <tr>
            <td colSpan={5} className="t3">
              No orders and no positions were found yet.
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
