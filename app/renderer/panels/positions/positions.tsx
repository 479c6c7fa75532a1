import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Position } from '../../../engine/domain/account.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import {
  decimalText,
  moneyText,
  priceText,
  quantityDecimals,
  quantityText,
} from '../../format/number-text.ts';
import { heldQuantity } from '../../state/held.ts';
import { averagePriceText } from '../../format/order-words.ts';
import { Blotter } from '../../grids/blotter.tsx';
import type { BlotterColumn } from '../../grids/blotter-column.tsx';
import { moneyUnit, moneyUnitText } from '../../grids/money-unit.ts';
import type { RowListOptions } from '../../grids/row-list.ts';
import { useRows } from '../../grids/use-rows.ts';
import { useDesk, useOfAccount, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';
import {
  positionResult,
  totals,
  type PositionResult,
  type ResultTotal,
} from '../../state/results.ts';
import { Totals } from './totals.tsx';
import './positions.css';

interface PositionRow {
  readonly position: Position;
  readonly instrument: Instrument;
  readonly result: PositionResult;
}

const signed = (amount: bigint, instrument: Instrument): string =>
  moneyText(amount, notionalScale(instrument), 'signed');

function resultClass(amount: bigint | undefined): string {
  if (amount === undefined || amount === 0n) return 'none';
  return amount > 0n ? 'up' : 'down';
}

const COLUMNS: readonly BlotterColumn<PositionRow>[] = [
  {
    id: 'instrument',
    head: 'Instrument',
    flex: 5,
    minWidth: 70,
    text: ({ instrument }) => instrument.symbol,
  },
  {
    id: 'quantity',
    head: 'Quantity',
    flex: 5,
    minWidth: 68,
    figures: true,
    text: ({ position, instrument }) =>
      quantityText(heldQuantity(position, instrument), instrument, 'signed'),
    key: ({ position, instrument }) => heldQuantity(position, instrument),
    classes: ({ position, instrument }) => sideClass(heldQuantity(position, instrument)),
  },
  { id: 'average', head: 'Average', flex: 6, minWidth: 84, figures: true, text: averageText },
  {
    id: 'exit',
    head: 'Exit at',
    flex: 5,
    minWidth: 72,
    figures: true,
    text: exitText,
    key: ({ result }) => result.exit,
    classes: ({ result }) => (result.stale ? 'stale-mark' : ''),
    drawnFor: (row) => `${exitText(row)} ${row.result.stale}`,
  },
  {
    id: 'open',
    head: 'Open',
    flex: 4,
    minWidth: 66,
    figures: true,
    tip: true,
    text: openText,
    drawnFor: (row) => `${openText(row)} ${row.result.stale}`,
    key: ({ result }) => result.open,
    classes: ({ result }) => (result.stale ? 'stale-mark' : resultClass(result.open)),
  },
  {
    id: 'realised',
    head: 'Realised',
    flex: 4,
    minWidth: 66,
    figures: true,
    tip: true,
    text: ({ result, instrument }) => signed(result.realized, instrument),
    key: ({ result }) => result.realized,
    classes: ({ result }) => resultClass(result.realized),
  },
  {
    id: 'account',
    head: 'Account',
    width: 140,
    hidden: true,
    classes: 't2',
    text: ({ position }) => position.account,
  },
  {
    id: 'fees',
    head: 'Fees',
    width: 140,
    hidden: true,
    figures: true,
    classes: 't2',
    text: ({ position }) => feesText(position),
  },
  {
    id: 'turnover',
    head: 'Traded',
    width: 96,
    hidden: true,
    figures: true,
    classes: 't2',
    text: tradedText,
    key: ({ position }) => position.boughtQuantity + position.soldQuantity,
  },
];

const SECTIONS = [
  { id: 'account', label: 'Account', of: ({ position }: PositionRow) => position.account },
  { id: 'quote', label: 'Quote asset', of: ({ instrument }: PositionRow) => instrument.quote },
];

const OPEN = 'open ';

const LIST: RowListOptions<PositionRow> = {
  rowId: ({ position }) => `${position.account} ${position.instrument}`,
  subtotals: {
    of: ({ instrument, result }) => [
      [`${OPEN}${moneyUnit(instrument)}`, result.open ?? 0n],
      [moneyUnit(instrument), result.realized],
    ],
    text: (unit, amount) =>
      unit.startsWith(OPEN)
        ? `open ${moneyUnitText(unit.slice(OPEN.length), amount, 'signed')}`
        : `realised ${moneyUnitText(unit, amount, 'signed')}`,
  },
};

/** Positions with the price they could be left at, and the results with their definitions. */
export function Positions(): ReactNode {
  const desk = useDesk();
  const keeping = useKeptPart('blotter-positions');
  const synced = useTrade((state) => state.replica.synced);
  const positions = useOfAccount(useTrade((state) => state.replica.positions));
  const instruments = useTrade((state) => state.replica.instruments);
  const value = useMemo(
    () => (): PositionRow[] =>
      positions.flatMap((position) => {
        const instrument = instruments.get(position.instrument);
        if (instrument === undefined) return [];
        const quote = desk.feed.market.quote(position.instrument);
        return [{ position, instrument, result: positionResult(position, instrument, quote) }];
      }),
    [desk, positions, instruments],
  );
  const rows = useMemo(() => value(), [value]);
  const list = useRows(rows, LIST, synced);
  const [sums, setSums] = useState<readonly ResultTotal[]>([]);
  useEffect(() => {
    const renew = (): void => {
      const update = value();
      list.replace(update);
      setSums(totals(update));
    };
    renew();
    // Quotes come every frame; results are for reading, so they are renewed a few times a second.
    const timer = setInterval(renew, 250);
    return () => clearInterval(timer);
  }, [list, value]);
  return (
    <div className="panel positions" tabIndex={-1}>
      <Blotter<PositionRow>
        label="Positions"
        keeping={keeping}
        columns={COLUMNS}
        list={list}
        sections={SECTIONS}
        onSelect={({ position }) => desk.link.select(position.instrument)}
        empty="No positions. A fill opens one."
        styleNonce={desk.styleNonce}
      />
      <Totals totals={sums} />
    </div>
  );
}

function averageText({ position, instrument }: PositionRow): string {
  const { openCost, quantity } = position;
  if (heldQuantity(position, instrument) === 0) return 'flat';
  return averagePriceText(openCost, quantity, instrument) ?? 'flat';
}

function openText({ result, instrument }: PositionRow): string {
  return result.open === undefined ? 'not known' : signed(result.open, instrument);
}

function feesText({ fees }: Position): string {
  return fees
    .map(({ amount, scale, asset }) => `${decimalText(amount, scale, scale)} ${asset}`)
    .join(', ');
}

/** All that was bought and sold. */
function tradedText({ position, instrument }: PositionRow): string {
  const traded = position.boughtQuantity + position.soldQuantity;
  return decimalText(traded, instrument.quantityScale, quantityDecimals(instrument));
}

function sideClass(quantity: number): string {
  if (quantity === 0) return 'none';
  return quantity > 0 ? 'buy' : 'sell';
}

function exitText({ position, instrument, result: { exit } }: PositionRow): string {
  if (heldQuantity(position, instrument) === 0) return '';
  if (exit !== undefined) return priceText(exit, instrument);
  return position.quantity > 0 ? 'no bid' : 'no ask';
}
