import { useMemo, type ReactNode } from 'react';
import type { Balance } from '../../../engine/domain/account.ts';
import { decimalText } from '../../format/number-text.ts';
import { Blotter } from '../../grids/blotter.tsx';
import { figures, type ColDef } from '../../grids/grid.tsx';
import { NumberText } from '../../grids/number.tsx';
import { useDesk, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';

function amount(
  colId: string,
  headerName: string,
  of: (balance: Balance) => bigint,
  shade: string,
): ColDef<Balance> {
  return {
    colId,
    headerName,
    width: 140,
    type: 'rightAligned',
    cellClass: figures(shade),
    valueGetter: ({ data }) =>
      data === undefined ? '' : decimalText(of(data), data.scale, data.scale),
    comparator: (_left, _right, first: RowNode, second: RowNode) => {
      if (first.data === undefined || second.data === undefined) return 0;
      const [left, right] = [first.data, second.data].map(
        (one) => Number(of(one)) / 10 ** one.scale,
      );
      return Math.sign((left ?? 0) - (right ?? 0));
    },
    cellRenderer: ({ value }: { readonly value: string }) => <NumberText text={value} />,
  };
}

interface RowNode {
  readonly data?: Balance | undefined;
}

const COLUMNS: readonly ColDef<Balance>[] = [
  { colId: 'asset', headerName: 'Asset', width: 72, valueGetter: ({ data }) => data?.asset },
  amount('total', 'Total', ({ free, locked }) => free + locked, 't1'),
  amount('free', 'Free', ({ free }) => free, 't2'),
  amount('locked', 'In orders', ({ locked }) => locked, 't2'),
  {
    colId: 'account',
    headerName: 'Account',
    flex: 1,
    minWidth: 100,
    cellClass: 't3',
    valueGetter: ({ data }) => data?.account,
  },
];

/** What each account holds of every asset, as the venue last stated it. */
export function Balances(): ReactNode {
  const { styleNonce } = useDesk();
  const keeping = useKeptPart('blotter-balances');
  const synced = useTrade((state) => state.replica.synced);
  const balances = useTrade((state) => state.replica.balances);
  const rows = useMemo(() => balances.filter(isHeld), [balances]);
  return (
    <div className="panel balances" tabIndex={-1}>
      <Blotter<Balance>
        label="Balances"
        keeping={keeping}
        settled={synced}
        head={<span className="t3">as the venue last stated them</span>}
        columns={COLUMNS}
        rows={rows}
        rowId={rowId}
        empty="Nothing is held."
        styleNonce={styleNonce}
      />
    </div>
  );
}

function isHeld({ free, locked }: Balance): boolean {
  return free !== 0n || locked !== 0n;
}

function rowId({ account, asset }: Balance): string {
  return `${account} ${asset}`;
}
