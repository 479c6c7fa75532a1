import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
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
import { figures, type ColDef, type GridApi } from '../../grids/grid.tsx';
import { useDesk, useTrade } from '../../state/desk.tsx';
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

const COLUMNS: readonly ColDef<PositionRow>[] = [
  {
    colId: 'instrument',
    headerName: 'Instrument',
    flex: 5,
    minWidth: 70,
    valueGetter: ({ data }) => data?.instrument.symbol,
  },
  {
    colId: 'quantity',
    headerName: 'Quantity',
    flex: 5,
    minWidth: 68,
    type: 'rightAligned',
    valueGetter: ({ data }) => data && heldQuantity(data.position, data.instrument),
    valueFormatter: ({ data }) =>
      data === undefined
        ? ''
        : quantityText(heldQuantity(data.position, data.instrument), data.instrument, 'signed'),
    cellClass: ({ value }) => figures(sideClass(Number(value))),
  },
  {
    colId: 'average',
    headerName: 'Average',
    flex: 6,
    minWidth: 84,
    type: 'rightAligned',
    valueGetter: ({ data }) => (data === undefined ? '' : averageText(data)),
  },
  {
    colId: 'exit',
    headerName: 'Exit at',
    flex: 5,
    minWidth: 72,
    type: 'rightAligned',
    valueGetter: ({ data }) => data?.result.exit,
    valueFormatter: ({ data }) => exitText(data),
  },
  {
    colId: 'open',
    headerName: 'Open',
    flex: 4,
    minWidth: 66,
    type: 'rightAligned',
    valueGetter: ({ data }) => data?.result.open,
    valueFormatter: ({ data }) =>
      data?.result.open === undefined ? 'not known' : signed(data.result.open, data.instrument),
    tooltipValueGetter: ({ valueFormatted }) => valueFormatted ?? '',
    cellClass: ({ data }) => figures(resultClass(data?.result.open)),
  },
  {
    colId: 'realised',
    headerName: 'Realised',
    flex: 4,
    minWidth: 66,
    type: 'rightAligned',
    valueGetter: ({ data }) => data?.result.realized,
    valueFormatter: ({ data }) =>
      data === undefined ? '' : signed(data.result.realized, data.instrument),
    tooltipValueGetter: ({ valueFormatted }) => valueFormatted ?? '',
    cellClass: ({ data }) => figures(resultClass(data?.result.realized)),
  },
  {
    colId: 'account',
    headerName: 'Account',
    width: 140,
    hide: true,
    cellClass: 't2',
    valueGetter: ({ data }) => data?.position.account,
  },
  {
    colId: 'fees',
    headerName: 'Fees',
    width: 140,
    hide: true,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => (data === undefined ? '' : feesText(data.position)),
  },
  {
    colId: 'turnover',
    headerName: 'Traded',
    width: 96,
    hide: true,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => (data === undefined ? '' : tradedText(data)),
  },
];

/** Positions with the price they could be left at, and the results with their definitions. */
export function Positions(): ReactNode {
  const desk = useDesk();
  const api = useRef<GridApi<PositionRow>>(undefined);
  const keeping = useKeptPart('blotter-positions');
  const synced = useTrade((state) => state.replica.synced);
  const positions = useTrade((state) => state.replica.positions);
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
  const [sums, setSums] = useState<readonly ResultTotal[]>([]);
  useEffect(() => {
    const renew = (): void => {
      const update = value();
      api.current?.applyTransaction({ update });
      setSums(totals(update));
    };
    renew();
    // Quotes come every frame; results are for reading, so they are renewed a few times a second.
    const timer = setInterval(renew, 250);
    return () => clearInterval(timer);
  }, [value]);
  return (
    <div className="panel positions" tabIndex={-1}>
      <Blotter<PositionRow>
        label="Positions"
        keeping={keeping}
        settled={synced}
        columns={COLUMNS}
        rows={rows}
        rowId={rowId}
        onSelect={({ position }) => desk.link.select(position.instrument)}
        onReady={(ready) => {
          api.current = ready;
        }}
        empty="No positions. A fill opens one."
        styleNonce={desk.styleNonce}
      />
      <Totals totals={sums} />
    </div>
  );
}

function rowId({ position }: PositionRow): string {
  return `${position.account} ${position.instrument}`;
}

function averageText({ position, instrument }: PositionRow): string {
  const { openCost, quantity } = position;
  if (heldQuantity(position, instrument) === 0) return 'flat';
  return averagePriceText(openCost, quantity, instrument) ?? 'flat';
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

function exitText(row: PositionRow | undefined): string {
  if (row === undefined || heldQuantity(row.position, row.instrument) === 0) return '';
  const { exit } = row.result;
  if (exit !== undefined) return priceText(exit, row.instrument);
  return row.position.quantity > 0 ? 'no bid' : 'no ask';
}
