import { useMemo, type ReactNode } from 'react';
import { notional } from '../../../engine/domain/price.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { Fill, Order } from '../../../engine/domain/order.ts';
import { SLIPPAGE_SCALE, slippageOf } from '../../../engine/domain/slippage.ts';
import { decimalText, moneyText, priceText, quantityText } from '../../format/number-text.ts';
import { clockMillis } from '../../format/time-text.ts';
import { Blotter } from '../../grids/blotter.tsx';
import type { BlotterColumn } from '../../grids/blotter-column.tsx';
import { moneyUnit, moneyUnitText } from '../../grids/money-unit.ts';
import type { RowListOptions } from '../../grids/row-list.ts';
import { useRows } from '../../grids/use-rows.ts';
import { useDesk, useOfAccount, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';

interface FillRow {
  readonly fill: Fill;
  readonly instrument: Instrument | undefined;
  /** Absent when the order or the price it was decided at is not known. */
  readonly slippage: bigint | undefined;
}

const COLUMNS: readonly BlotterColumn<FillRow>[] = [
  {
    id: 'time',
    head: 'Time',
    width: 88,
    classes: 'tm',
    text: ({ fill }) => clockMillis(fill.venueTime),
    key: ({ fill }) => fill.venueTime,
  },
  { id: 'instrument', head: 'Instrument', width: 84, text: instrumentOf },
  {
    id: 'side',
    head: 'Side',
    width: 44,
    text: ({ fill }) => fill.side,
    classes: ({ fill }) => (fill.side === 'Buy' ? 'buy' : 'sell'),
  },
  {
    id: 'quantity',
    head: 'Quantity',
    width: 100,
    figures: true,
    text: ({ fill, instrument }) =>
      instrument === undefined ? '' : quantityText(fill.lastQty, instrument),
    key: ({ fill }) => fill.lastQty,
  },
  {
    id: 'price',
    head: 'Price',
    width: 96,
    figures: true,
    text: ({ fill, instrument }) =>
      instrument === undefined ? '' : priceText(fill.lastPx, instrument),
    key: ({ fill }) => fill.lastPx,
  },
  {
    id: 'value',
    head: 'Value',
    width: 104,
    figures: true,
    classes: 't2',
    text: valueText,
    key: ({ fill }) => notional(fill.lastPx, fill.lastQty),
  },
  {
    id: 'liquidity',
    head: 'Liquidity',
    width: 70,
    classes: 't2',
    text: ({ fill }) => fill.liquidity,
  },
  {
    id: 'slippage',
    head: 'Slippage bp',
    width: 84,
    figures: true,
    text: ({ slippage }) =>
      slippage === undefined ? 'not known' : moneyText(slippage, SLIPPAGE_SCALE, 'signed'),
    key: ({ slippage }) => slippage,
    classes: ({ slippage }) => slippageClass(slippage),
  },
  {
    id: 'fee',
    head: 'Fee',
    width: 120,
    figures: true,
    classes: 't2',
    text: ({ fill }) => feeText(fill.fee, fill.feeScale, fill.feeAsset),
    key: ({ fill }) => fill.fee,
  },
  {
    id: 'trade',
    head: 'Trade',
    width: 96,
    classes: 't3',
    text: ({ fill }) => fill.tradeId,
  },
  {
    id: 'received',
    head: 'Received',
    width: 88,
    hidden: true,
    classes: 'tm',
    text: ({ fill }) => clockMillis(fill.receivedAt),
    key: ({ fill }) => fill.receivedAt,
  },
  {
    id: 'account',
    head: 'Account',
    width: 140,
    hidden: true,
    classes: 't2',
    text: ({ fill }) => fill.account,
  },
  {
    id: 'venue-id',
    head: 'Venue id',
    width: 96,
    hidden: true,
    classes: 't3',
    text: ({ fill }) => fill.venueOrderId,
  },
  {
    id: 'order',
    head: 'Order',
    flex: 1,
    minWidth: 100,
    classes: 'mono t3',
    text: ({ fill }) => fill.clientOrderId,
  },
];

const SECTIONS = [
  { id: 'account', label: 'Account', of: ({ fill }: FillRow) => fill.account },
  { id: 'instrument', label: 'Instrument', of: instrumentOf },
];

const FEE = 'fee ';

const LIST: RowListOptions<FillRow> = {
  rowId: ({ fill }) => `${fill.instrument} ${fill.tradeId}`,
  newestFirst: true,
  subtotals: {
    of: ({ fill, instrument }) => [
      ...(instrument === undefined
        ? []
        : [[moneyUnit(instrument), notional(fill.lastPx, fill.lastQty)] as const]),
      [`${FEE}${fill.feeScale} ${fill.feeAsset}`, fill.fee],
    ],
    text: (unit, amount) => {
      if (!unit.startsWith(FEE)) return `${moneyUnitText(unit, amount)} traded`;
      const [scale, asset = ''] = unit.slice(FEE.length).split(' ');
      return `fees ${feeText(amount, Number(scale), asset)}`;
    },
  },
};

/** Every execution that the window holds, newest first. */
export function Fills(): ReactNode {
  const desk = useDesk();
  const keeping = useKeptPart('blotter-fills');
  const synced = useTrade((state) => state.replica.synced);
  const fills = useOfAccount(useTrade((state) => state.replica.fills));
  const orders = useTrade((state) => state.replica.orders);
  const instruments = useTrade((state) => state.replica.instruments);
  const rows = useMemo(
    () =>
      fills.map((fill) =>
        rowOf(fill, instruments.get(fill.instrument), orders.get(fill.clientOrderId)),
      ),
    [fills, instruments, orders],
  );
  const list = useRows(rows, LIST, synced);
  return (
    <div className="panel fills" tabIndex={-1}>
      <Blotter<FillRow>
        label="Fills"
        keeping={keeping}
        long
        columns={COLUMNS}
        list={list}
        sections={SECTIONS}
        onSelect={({ fill }) => desk.link.select(fill.instrument)}
        empty="No fills in this session."
        styleNonce={desk.styleNonce}
      />
    </div>
  );
}

function instrumentOf({ fill, instrument }: FillRow): string {
  return instrument?.symbol ?? fill.instrument;
}

const rowsKnown = new WeakMap<Fill, FillRow>();

/** The same row for the same fill: the list draws anew only what changed. */
function rowOf(fill: Fill, instrument: Instrument | undefined, order: Order | undefined): FillRow {
  const known = rowsKnown.get(fill);
  // An order that is held no more does not take back what was said.
  const slippage = order === undefined ? known?.slippage : slippageOf(fill, order);
  if (known !== undefined && known.instrument === instrument && known.slippage === slippage) {
    return known;
  }
  const row = { fill, instrument, slippage };
  rowsKnown.set(fill, row);
  return row;
}

function slippageClass(slippage: bigint | undefined): string {
  if (slippage === undefined || slippage === 0n) return 'none';
  return slippage > 0n ? 'down' : 'up';
}

function valueText({ fill: { lastPx, lastQty }, instrument }: FillRow): string {
  if (instrument === undefined) return '';
  return moneyText(notional(lastPx, lastQty), notionalScale(instrument));
}

function feeText(fee: bigint, scale: number, asset: string): string {
  return `${decimalText(fee, scale, scale)} ${asset}`;
}
