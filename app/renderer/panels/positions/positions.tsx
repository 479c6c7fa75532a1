import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Position } from '../../../engine/domain/account.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import { moneyText, priceText, quantityText } from '../../format/number-text.ts';
import { heldQuantity } from '../../state/held.ts';
import { averagePriceText } from '../../format/order-words.ts';
import { figures, Grid, type ColDef, type GridApi } from '../../grids/grid.tsx';
import { useDesk, useTrade } from '../../state/desk.tsx';
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
    headerName: 'Instrument',
    flex: 5,
    minWidth: 70,
    valueGetter: ({ data }) => data?.instrument.symbol,
  },
  {
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
    headerName: 'Average',
    flex: 6,
    minWidth: 84,
    type: 'rightAligned',
    valueGetter: ({ data }) => (data === undefined ? '' : averageText(data)),
  },
  {
    headerName: 'Exit at',
    flex: 5,
    minWidth: 72,
    type: 'rightAligned',
    valueGetter: ({ data }) => data?.result.exit,
    valueFormatter: ({ data }) => exitText(data),
  },
  {
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
];

/** Positions with the price they could be left at, and the results with their definitions. */
export function Positions(): ReactNode {
  const desk = useDesk();
  const api = useRef<GridApi<PositionRow>>(undefined);
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
      <Grid<PositionRow>
        label="Positions"
        columns={COLUMNS}
        rows={rows}
        rowId={({ position }) => `${position.account} ${position.instrument}`}
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

function averageText({ position, instrument }: PositionRow): string {
  const { openCost, quantity } = position;
  if (heldQuantity(position, instrument) === 0) return 'flat';
  return averagePriceText(openCost, quantity, instrument) ?? 'flat';
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
