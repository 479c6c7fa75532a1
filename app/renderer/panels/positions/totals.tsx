import type { ReactNode } from 'react';
import { moneyText } from '../../format/number-text.ts';
import type { ResultTotal } from '../../state/results.ts';

/** Gross, open, fees and net in each quote asset, with what they mean in one line. */
export function Totals({ totals }: { readonly totals: readonly ResultTotal[] }): ReactNode {
  return (
    <div className="pl" data-testid="pnl-totals">
      {totals.map((total) => (
        <div className="eqn" key={total.asset}>
          <Figure label="Realised" amount={total.realized} scale={total.scale} />
          <Figure
            label={total.stale > 0 ? 'Open, stale prices' : 'Open'}
            amount={total.open}
            scale={total.scale}
            stale={total.stale > 0}
          />
          <Figure label="Fees" amount={-total.fees} scale={total.scale} />
          {total.uncounted > 0 && (
            <span className="warn">
              <label>Without a price</label>
              {total.uncounted} not counted
            </span>
          )}
          <span className="net">
            <label>Net, {total.asset}</label>
            <b className={total.stale > 0 ? 'stale-mark' : tone(total.net)}>
              {moneyText(total.net, total.scale, 'signed')}
            </b>
          </span>
        </div>
      ))}
      <div className="def">
        Average cost, fees apart; open at bid (long) or ask (short); since the baseline
      </div>
    </div>
  );
}

function Figure({
  label,
  amount,
  scale,
  stale = false,
}: {
  readonly label: string;
  readonly amount: bigint;
  readonly scale: number;
  readonly stale?: boolean;
}): ReactNode {
  return (
    <span>
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
