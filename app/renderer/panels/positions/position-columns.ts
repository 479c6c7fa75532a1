import type { Position } from '../../../engine/domain/account.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import { averagePriceText } from '../../format/order-words.ts';
import {
  decimalText,
  moneyText,
  priceText,
  quantityDecimals,
  quantityText,
} from '../../format/number-text.ts';
import type { BlotterColumn } from '../../grids/blotter-column.tsx';
import { moneyUnit, moneyUnitText } from '../../grids/money-unit.ts';
import type { RowListOptions } from '../../grids/row-list.ts';
import { heldQuantity } from '../../state/held.ts';
import { FlattenCell } from './flatten-cell.tsx';
import { isOpen, positionId, type PositionRow } from './position-row.ts';

const signed = (amount: bigint, instrument: Instrument): string =>
  moneyText(amount, notionalScale(instrument), 'signed');

function resultClass(amount: bigint | undefined): string {
  if (amount === undefined || amount === 0n) return 'none';
  return amount > 0n ? 'up' : 'down';
}

/** What an amount that is not known, or a price that is not there, is shown as. */
const UNKNOWN = 'not known';

/** The columns of positions as they are; what a narrow panel must show stands first. */
export const COLUMNS: readonly BlotterColumn<PositionRow>[] = [
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
    id: 'today',
    head: 'Today',
    flex: 4,
    minWidth: 66,
    figures: true,
    tip: true,
    text: ({ today, instrument }) => (today === undefined ? UNKNOWN : signed(today, instrument)),
    key: ({ today }) => today,
    classes: ({ today }) => resultClass(today),
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
  {
    id: 'flatten',
    head: 'Flatten',
    width: 72,
    isTool: true,
    text: () => '',
    // The button comes and goes with what is held.
    drawnFor: (row) => (isOpen(row) ? 'open' : 'flat'),
    cell: FlattenCell,
  },
];

/** Ways to part positions. */
export const SECTIONS = [
  { id: 'account', label: 'Account', of: ({ position }: PositionRow) => position.account },
  { id: 'quote', label: 'Quote asset', of: ({ instrument }: PositionRow) => instrument.quote },
];

const OPEN = 'open ';

/** How positions are listed and summed by section. */
export const LIST: RowListOptions<PositionRow> = {
  rowId: ({ position }) => positionId(position),
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

type Figure = (row: PositionRow) => bigint | undefined;

/** A result as it is, or on another ground as it would be. */
function resultColumn(id: string, head: string, figure: Figure): BlotterColumn<PositionRow> {
  const text = (row: PositionRow): string => {
    const amount = figure(row);
    return amount === undefined ? UNKNOWN : signed(amount, row.instrument);
  };
  const ground = id.startsWith('if-') ? 'supposed ' : '';
  return {
    id,
    head,
    flex: 4,
    minWidth: 66,
    figures: true,
    tip: true,
    text,
    drawnFor: (row) => `${text(row)} ${row.result.stale}`,
    key: figure,
    classes: (row) => `${ground}${row.result.stale ? 'stale-mark' : resultClass(figure(row))}`,
  };
}

/** The columns while prices are supposed: each figure as it is, and beside it as it would be. */
export const WHAT_IF_COLUMNS: readonly BlotterColumn<PositionRow>[] = [
  ...COLUMNS.filter(({ id }) => ['instrument', 'quantity', 'exit'].includes(id)),
  {
    id: 'if-exit',
    head: 'If at',
    flex: 5,
    minWidth: 72,
    figures: true,
    text: (row) => (row.supposed === undefined ? '' : exitText({ ...row, result: row.supposed })),
    key: ({ supposed }) => supposed?.exit,
    classes: 'supposed',
  },
  resultColumn('open', 'Open', ({ result }) => result.open),
  resultColumn('if-open', 'If open', ({ supposed }) => supposed?.open),
  resultColumn('net', 'Net', ({ result }) => result.net),
  resultColumn('if-net', 'If net', ({ supposed }) => supposed?.net),
  ...COLUMNS.filter(({ id }) => id === 'account'),
];

function averageText(row: PositionRow): string {
  const { position, instrument } = row;
  const { openCost, quantity } = position;
  if (!isOpen(row)) return 'flat';
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

function exitText(row: PositionRow): string {
  const { position, instrument, result } = row;
  const { exit } = result;
  if (!isOpen(row)) return '';
  if (exit !== undefined) return priceText(exit, instrument);
  return position.quantity > 0 ? 'no bid' : 'no ask';
}
