import { Fragment, type ReactNode } from 'react';
import { formatDecimal } from '../../../engine/domain/decimal.ts';
import { groupThousands } from '../../format/number-text.ts';
import { clockMillis, durationMicros } from '../../format/time-text.ts';
import type { Receipt } from '../../state/account-replica.ts';
import { Icon } from '../../ui/icons.tsx';
import { receiptSteps } from './receipt-steps.ts';

type Line = Receipt['lines'][number];

const MOST_ORDERS = 6;

/** True when the venue has proved all that the receipt is about. */
export function isProved(receipt: Receipt): boolean {
  const { kind, step, flat, lines, unproved } = receipt;
  if (kind !== 'Drill') return flat && step === 'Done';
  return step === 'Done' && unproved.length === 0 && lines.every(({ proved }) => proved);
}

function drillTitle(receipts: readonly Receipt[]): string {
  if (receipts.some(({ step }) => step !== 'Done')) return 'Drill: asking the venue.';
  return receipts.every(isProved) ? 'Drill: the venue answered.' : 'Drill: not proved.';
}

/** One sentence on a set of receipts: what is proved and what is not. */
export function receiptTitle(receipts: readonly Receipt[]): string {
  if (receipts.every(({ kind }) => kind === 'Drill')) return drillTitle(receipts);
  const proved = receipts.filter(isProved).length;
  if (proved === receipts.length) {
    return receipts.length === 1
      ? 'Proved flat.'
      : `All ${receipts.length} accounts are proved flat.`;
  }
  if (receipts.every((receipt) => receipt.step === 'Done')) return 'Finished, and not proved flat.';
  if (receipts.some((receipt) => receipt.step === 'Unproved')) {
    return 'Not proved flat. The venue is asked again every 30 s.';
  }
  return receipts.length === 1
    ? 'Working. Not proved flat yet.'
    : `${proved} of ${receipts.length} accounts are proved flat.`;
}

/** Receipts of flatten, kill or drill, one a account: the steps, and each instrument's proof. */
export function ReceiptView({ receipts }: { readonly receipts: readonly Receipt[] }): ReactNode {
  return receipts.map((receipt) => (
    <Fragment key={`${receipt.account} ${receipt.id}`}>
      {receipt.kind !== 'Drill' && <Steps receipt={receipt} />}
      {receipt.unproved.map((words) => (
        <p key={words} className="kill-note warn">
          Not proved: {words}
        </p>
      ))}
      <Proof receipt={receipt} />
      <Facts receipt={receipt} />
    </Fragment>
  ));
}

const STEP_CLASSES = { Done: 'done', Part: 'part', Ahead: '' } as const;

function Steps({ receipt }: { readonly receipt: Receipt }): ReactNode {
  return (
    <div className="steps" role="list" aria-label={`Steps of ${receipt.account}`}>
      {receiptSteps(receipt).map(({ words, time, progress }) => (
        <div key={words} role="listitem" className={`step ${STEP_CLASSES[progress]}`}>
          <b>{words}</b>
          <small>{time}</small>
        </div>
      ))}
    </div>
  );
}

function Proof({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const drill = receipt.kind === 'Drill';
  return (
    <table className="proof">
      <thead>
        <tr>
          <th>{receipt.account}</th>
          <th>{drill ? 'Would cancel' : 'Orders cancelled'}</th>
          <th>{drill ? 'Would close' : 'Closed'}</th>
          <th>{drill ? 'Held' : 'Remaining'}</th>
          <th>Proof</th>
        </tr>
      </thead>
      <tbody>
        {receipt.lines.map((line) => (
          <tr key={line.instrument} className={line.proved ? '' : 'open'}>
            <td className="v">{line.symbol}</td>
            <Orders line={line} drill={drill} />
            <Closed line={line} drill={drill} />
            <Left line={line} />
            <td>
              <span className={line.proved ? 'ok' : 'warn'}>
                <Icon name={line.proved ? 'check' : 'warn'} />
                {line.proved ? 'Proved' : 'Not proved'}
              </span>
              <small>{line.detail}</small>
            </td>
          </tr>
        ))}
        {receipt.lines.length === 0 && (
          <tr>
            <td colSpan={5} className="t3">
              {receipt.step === 'Done' ? 'No orders and no positions.' : 'Nothing was found yet.'}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Orders({ line, drill }: { readonly line: Line; readonly drill: boolean }): ReactNode {
  const { orders, canceled } = line;
  const counts = drill ? String(orders.length) : `${canceled} of ${orders.length}`;
  return (
    <td>
      {orders.length === 0 ? 'none open' : counts}
      {orders.slice(0, MOST_ORDERS).map(({ clientOrderId, side, origin, outcome, at }) => (
        <small key={clientOrderId} title={clientOrderId}>
          {side} {origin === 'External' ? 'placed elsewhere' : `…${clientOrderId.slice(-6)}`}
          {drill ? '' : `, ${outcome.toLowerCase()} ${clockMillis(at)}`}
        </small>
      ))}
      {orders.length > MOST_ORDERS && (
        <small>and {orders.length - MOST_ORDERS} more in the journal</small>
      )}
    </td>
  );
}

function size(line: Line, units: number): string {
  return `${trimmed(formatDecimal(Math.abs(units), line.quantityScale))} ${line.base}`;
}

function trimmed(text: string): string {
  return groupThousands(text.includes('.') ? text.replace(/\.?0+$/, '') : text);
}

function Closed({ line, drill }: { readonly line: Line; readonly drill: boolean }): ReactNode {
  if (drill) return <td>{line.toClose === 0 ? 'nothing' : size(line, line.toClose)}</td>;
  const { fills, closedQuantity, before } = line;
  if (closedQuantity === 0) return <td>{before === 0 ? 'nothing held' : 'nothing closed'}</td>;
  return (
    <td>
      {size(line, closedQuantity)} of {size(line, before)}
      {fills.slice(0, MOST_ORDERS).map(({ tradeId, lastQty, lastPx }) => (
        <small key={tradeId}>
          {size(line, lastQty)} at {trimmed(formatDecimal(lastPx, line.priceScale))}
        </small>
      ))}
      {fills.length > MOST_ORDERS && <small>in {fills.length} fills</small>}
    </td>
  );
}

function Left({ line }: { readonly line: Line }): ReactNode {
  const { remaining, dust, worth, baseline, quote, priceScale, quantityScale } = line;
  const value = worth === undefined ? '' : formatDecimal(worth, priceScale + quantityScale);
  return (
    <td>
      {remaining === 0 ? 'nothing' : size(line, remaining)}
      {dust && <small>dust, below the venue’s minimum</small>}
      {value !== '' && (
        <small>
          worth {groupThousands(Number(value).toFixed(2))} {quote}
        </small>
      )}
      {baseline !== undefined && (
        <small>
          {trimmed(formatDecimal(baseline, line.baseScale))} {line.base} never sold
        </small>
      )}
    </td>
  );
}

const WAYS = { Key: 'by key', Button: 'by button', CommandLine: 'by command line' } as const;

function Facts({ receipt }: { readonly receipt: Receipt }): ReactNode {
  const { id, via, askedAt, startedAt, updatedAt, step } = receipt;
  return (
    <dl className="receipt-facts">
      <div>
        <dt>Asked {via === undefined ? '' : WAYS[via]}</dt>
        <dd>{clockMillis(askedAt)}</dd>
      </div>
      <div>
        <dt>Begun after</dt>
        <dd>{durationMicros(startedAt - askedAt)}</dd>
      </div>
      <div>
        <dt>{step === 'Done' ? 'In all' : 'At work for'}</dt>
        <dd>{durationMicros(updatedAt - askedAt)}</dd>
      </div>
      <div>
        <dt>Journal record</dt>
        <dd>{id}</dd>
      </div>
    </dl>
  );
}
