import type { ReactNode } from 'react';
import type { AccountState } from '../../../engine/domain/account.ts';
import type { AccountId } from '../../../engine/domain/identifiers.ts';
import { formatDecimal } from '../../../engine/domain/decimal.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { Fill, OrderTerms } from '../../../engine/domain/order.ts';
import { notional, type Price } from '../../../engine/domain/price.ts';
import { decimalText, groupThousands, moneyText } from '../../format/number-text.ts';
import { clockSeconds } from '../../format/time-text.ts';
import { useTrade } from '../../state/desk.tsx';
import { boughtLessFee, feeEstimate, type FeeEstimate } from '../../state/fee-estimate.ts';
import { entryPrice } from './ticket-draft.ts';
import { useQueueAhead } from './use-queue-ahead.ts';

/** Where the order goes, what it is worth and what it costs; what is not known is said. */
export function Cost({
  terms,
  account,
  touch,
  instrument,
}: {
  readonly terms: OrderTerms | undefined;
  readonly account: AccountId | undefined;
  readonly touch: Price | undefined;
  readonly instrument: Instrument;
}): ReactNode {
  const fills = useTrade((state) => state.replica.fills);
  const rates = useTrade(
    (state) => state.replica.accounts.find((known) => known.account === account)?.feeRates,
  );
  const at = terms === undefined ? undefined : entryPrice(terms, touch);
  const value = terms === undefined || at === undefined ? undefined : notional(at, terms.quantity);
  const scale = notionalScale(instrument);
  const money = (amount: bigint | undefined): string =>
    amount === undefined ? 'not known' : moneyText(amount, scale);
  const queue = useQueueAhead(terms, instrument);
  const fee = (liquidity: Fill['liquidity']): FeeEstimate | undefined =>
    value === undefined ? undefined : feeEstimate(rates, fills, instrument, liquidity, value);
  const fees = { maker: fee('Maker'), taker: fee('Taker') };
  const rows: readonly (readonly [name: string, text: string, title?: string])[] = [
    ['Account', account ?? 'not connected'],
    ['Route', routeWords(instrument), 'Accounts have one destination: their venue'],
    ...(terms?.stopPrice === undefined ? [] : [['Triggered by', 'last price'] as const]),
    [`${terms?.side === 'Sell' ? 'Value' : 'To pay'}, ${instrument.quote}`, money(value)],
    ['Fee if maker', feeText(fees.maker, rates?.maker, money)],
    ['Fee if taker', feeText(fees.taker, rates?.taker, money)],
    ['Fee from', sourceWords(fees.taker ?? fees.maker, rates)],
    [
      'Received, less fee',
      receivedText(terms, value, fees, instrument),
      'With the dearer of the two fees, which the venue takes from what is received',
    ],
    ['Margin', 'none, paid in full'],
    ...(queue === undefined
      ? []
      : [['Queue if sent now', queue, 'All that rests at its price now'] as const]),
  ];
  return (
    <dl className="cost" data-testid="ticket-cost">
      {rows.map(([name, text, title]) => (
        <div key={name} title={title ?? text}>
          <dt>{name}</dt>
          <dd className={text.startsWith('not') ? 'none' : ''}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** `BINANCE sandbox · direct`: the venue, its environment, and that nothing stands between. */
export function routeWords({ venue }: Instrument): string {
  const [name, environment = 'live'] = venue.split('@');
  return `${name} ${environment} \u00b7 direct`;
}

function feeText(
  fee: FeeEstimate | undefined,
  rate: number | undefined,
  money: (amount: bigint) => string,
): string {
  if (fee === undefined) return 'not known yet';
  const share = rate === undefined ? '' : `${decimalText(BigInt(rate), 6, 3)} %\u2002`;
  return share + money(fee.amount);
}

function sourceWords(fee: FeeEstimate | undefined, rates: AccountState['feeRates']): string {
  if (rates !== undefined) return `venue\u2019s rate, as of ${clockSeconds(rates.at)}`;
  return fee === undefined ? 'not known yet' : 'our last fill of the kind';
}

/** A sale brings money, a buy the asset bought. */
function receivedText(
  terms: OrderTerms | undefined,
  value: bigint | undefined,
  {
    maker,
    taker,
  }: { readonly maker?: FeeEstimate | undefined; readonly taker?: FeeEstimate | undefined },
  instrument: Instrument,
): string {
  if (terms === undefined || value === undefined) return 'not known';
  if (maker === undefined || taker === undefined) return 'not known yet';
  const fee = maker.amount > taker.amount ? maker.amount : taker.amount;
  const { base, baseScale, quote } = instrument;
  if (terms.side === 'Sell') return `${moneyText(value - fee, notionalScale(instrument))} ${quote}`;
  const left = formatDecimal(boughtLessFee(terms.quantity, value, fee, instrument), baseScale);
  return `${groupThousands(left.includes('.') ? left.replace(/\.?0+$/, '') : left)} ${base}`;
}
