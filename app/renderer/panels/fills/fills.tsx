import { useMemo, type ReactNode } from 'react';
import { notional } from '../../../engine/domain/price.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { Fill } from '../../../engine/domain/order.ts';
import { decimalText, moneyText, priceText, quantityText } from '../../format/number-text.ts';
import { clockMillis } from '../../format/time-text.ts';
import { Blotter } from '../../grids/blotter.tsx';
import { figures, type ColDef } from '../../grids/grid.tsx';
import { useDesk, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';

interface FillRow {
  readonly fill: Fill;
  readonly instrument: Instrument | undefined;
}

const MOST_ROWS = 1000;

const COLUMNS: readonly ColDef<FillRow>[] = [
  {
    colId: 'time',
    headerName: 'Time',
    width: 88,
    cellClass: 'tm',
    valueGetter: ({ data }) => data?.fill.venueTime,
    valueFormatter: ({ value }) => clockMillis(Number(value)),
  },
  {
    colId: 'instrument',
    headerName: 'Instrument',
    width: 84,
    valueGetter: ({ data }) => data?.instrument?.symbol ?? data?.fill.instrument,
  },
  {
    colId: 'side',
    headerName: 'Side',
    width: 44,
    valueGetter: ({ data }) => data?.fill.side,
    cellClass: ({ value }) => (value === 'Buy' ? 'buy' : 'sell'),
  },
  {
    colId: 'quantity',
    headerName: 'Quantity',
    width: 100,
    type: 'rightAligned',
    valueGetter: ({ data }) => data?.fill.lastQty,
    valueFormatter: ({ data }) =>
      data?.instrument === undefined ? '' : quantityText(data.fill.lastQty, data.instrument),
  },
  {
    colId: 'price',
    headerName: 'Price',
    width: 96,
    type: 'rightAligned',
    valueGetter: ({ data }) => data?.fill.lastPx,
    valueFormatter: ({ data }) =>
      data?.instrument === undefined ? '' : priceText(data.fill.lastPx, data.instrument),
  },
  {
    colId: 'value',
    headerName: 'Value',
    width: 104,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => valueText(data),
  },
  {
    colId: 'liquidity',
    headerName: 'Liquidity',
    width: 70,
    cellClass: 't2',
    valueGetter: ({ data }) => data?.fill.liquidity,
  },
  {
    colId: 'fee',
    headerName: 'Fee',
    width: 120,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => feeText(data?.fill),
  },
  {
    colId: 'trade',
    headerName: 'Trade',
    width: 96,
    cellClass: 't3',
    valueGetter: ({ data }) => data?.fill.tradeId,
  },
  {
    colId: 'received',
    headerName: 'Received',
    width: 88,
    hide: true,
    cellClass: 'tm',
    valueGetter: ({ data }) => data?.fill.receivedAt,
    valueFormatter: ({ value }) => clockMillis(Number(value)),
  },
  {
    colId: 'account',
    headerName: 'Account',
    width: 140,
    hide: true,
    cellClass: 't2',
    valueGetter: ({ data }) => data?.fill.account,
  },
  {
    colId: 'venue-id',
    headerName: 'Venue id',
    width: 96,
    hide: true,
    cellClass: 't3',
    valueGetter: ({ data }) => data?.fill.venueOrderId,
  },
  {
    colId: 'order',
    headerName: 'Order',
    flex: 1,
    minWidth: 100,
    cellClass: 'mono t3',
    valueGetter: ({ data }) => data?.fill.clientOrderId,
  },
];

/** Every execution of the session, newest first. */
export function Fills(): ReactNode {
  const desk = useDesk();
  const keeping = useKeptPart('blotter-fills');
  const synced = useTrade((state) => state.replica.synced);
  const fills = useTrade((state) => state.replica.fills);
  const instruments = useTrade((state) => state.replica.instruments);
  const rows = useMemo(
    () =>
      fills
        .slice(-MOST_ROWS)
        .toReversed()
        .map((fill) => rowOf(fill, instruments.get(fill.instrument))),
    [fills, instruments],
  );
  return (
    <div className="panel fills" tabIndex={-1}>
      <Blotter<FillRow>
        label="Fills"
        keeping={keeping}
        settled={synced}
        long
        columns={COLUMNS}
        rows={rows}
        rowId={rowId}
        onSelect={({ fill }) => desk.link.select(fill.instrument)}
        empty="No fills in this session."
        styleNonce={desk.styleNonce}
      />
    </div>
  );
}

function rowId({ fill }: FillRow): string {
  return `${fill.instrument} ${fill.tradeId}`;
}

const rowsKnown = new WeakMap<Fill, FillRow>();

/** The same row for the same fill: the list draws anew only what changed. */
function rowOf(fill: Fill, instrument: Instrument | undefined): FillRow {
  const known = rowsKnown.get(fill);
  if (known !== undefined && known.instrument === instrument) return known;
  const row = { fill, instrument };
  rowsKnown.set(fill, row);
  return row;
}

function valueText(row: FillRow | undefined): string {
  if (row?.instrument === undefined) return '';
  const { lastPx, lastQty } = row.fill;
  return moneyText(notional(lastPx, lastQty), notionalScale(row.instrument));
}

function feeText(fill: Fill | undefined): string {
  if (fill === undefined) return '';
  return `${decimalText(fill.fee, fill.feeScale, fill.feeScale)} ${fill.feeAsset}`;
}
