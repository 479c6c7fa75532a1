import type { ReactNode } from 'react';
import { moneyText } from '../../format/number-text.ts';
import type { ResultTotal } from '../../state/results.ts';

/** Gross, open, fees and net in each quote asset, with what they mean in one line; with `supposed` each as it would be beside it. */
export function Totals({
  totals,
  supposed,
}: {
  readonly totals: readonly ResultTotal[];
  readonly supposed?: readonly ResultTotal[];
}): ReactNode {
  return (
    <div className="pl" data-testid="pnl-totals">
      {totals.map((total) => (
        <Equation
          key={total.asset}
          total={total}
          would={supposed?.find(({ asset }) => asset === total.asset)}
        />
      ))}
      <div className="def">
        Average cost, fees apart; open at bid (long) or ask (short); since the baseline
        {supposed !== undefined && '; supposed prices to the tick'}
      </div>
    </div>
  );
}

function Equation({
  total,
  would,
}: {
  readonly total: ResultTotal;
  readonly would: ResultTotal | undefined;
}): ReactNode {
  const { asset, scale, realized, open, fees, uncounted, stale } = total;
  const words = stale > 0 ? 'Open, stale prices' : 'Open';
  return (
    <div className="eqn">
      <Figure label="Realised" amount={realized} scale={scale} />
      <Figure label={words} amount={open} scale={scale} stale={stale > 0} />
      {would !== undefined && (
        <Figure label="If open" amount={would.open} scale={scale} stale={stale > 0} supposed />
      )}
      <Figure label="Fees" amount={-fees} scale={scale} />
      {would !== undefined && (
        <Figure label="If fees" amount={-would.fees} scale={scale} supposed />
      )}
      {uncounted > 0 && (
        <span className="warn">
          <label>Without a price</label>
          {uncounted} not counted
        </span>
      )}
      <Net label={`Net, ${asset}`} total={total} />
      {would !== undefined && <Net label={`If net, ${asset}`} total={would} supposed />}
    </div>
  );
}

function Net({
  label,
  total: { net, scale, stale },
  supposed = false,
}: {
  readonly label: string;
  readonly total: ResultTotal;
  readonly supposed?: boolean;
}): ReactNode {
  return (
    <span
      className={`net${supposed ? ' supposed' : ''}`}
      data-testid={supposed ? 'pnl-supposed' : undefined}
    >
      <label>{label}</label>
      <b className={stale > 0 ? 'stale-mark' : tone(net)}>{moneyText(net, scale, 'signed')}</b>
    </span>
  );
}

function Figure({
  label,
  amount,
  scale,
  stale = false,
  supposed = false,
}: {
  readonly label: string;
  readonly amount: bigint;
  readonly scale: number;
  readonly stale?: boolean;
  readonly supposed?: boolean;
}): ReactNode {
  return (
    <span className={supposed ? 'supposed' : ''}>
      <label>{label}</label>
      <span className={stale ? 'stale-mark' : tone(amount)}>
        {moneyText(amount, scale, 'signed')}
      </span>
    </span>
  );
}

function tone(amount: bigint): string {
  if (amount === 0n) return '';
  return amount > 0n ? 'up' : 'down';
}
