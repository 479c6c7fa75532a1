import { useMemo, type ReactNode } from 'react';
import type { Balance } from '../../../engine/domain/account.ts';
import { decimalText } from '../../format/number-text.ts';
import { Blotter } from '../../grids/blotter.tsx';
import type { BlotterColumn } from '../../grids/blotter-column.tsx';
import { NumberText } from '../../grids/number.tsx';
import type { RowListOptions } from '../../grids/row-list.ts';
import { useRows } from '../../grids/use-rows.ts';
import { useDesk, useOfAccount, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';

function amount(
  id: string,
  head: string,
  of: (balance: Balance) => bigint,
  shade: string,
): BlotterColumn<Balance> {
  const text = (balance: Balance): string => decimalText(of(balance), balance.scale, balance.scale);
  return {
    id,
    head,
    width: 140,
    figures: true,
    classes: shade,
    text,
    key: (balance) => Number(of(balance)) / 10 ** balance.scale,
    cell: ({ row }) => <NumberText text={text(row)} />,
  };
}

const COLUMNS: readonly BlotterColumn<Balance>[] = [
  { id: 'asset', head: 'Asset', width: 72, text: ({ asset }) => asset },
  amount('total', 'Total', ({ free, locked }) => free + locked, 't1'),
  amount('free', 'Free', ({ free }) => free, 't2'),
  amount('locked', 'In orders', ({ locked }) => locked, 't2'),
  {
    id: 'account',
    head: 'Account',
    flex: 1,
    minWidth: 100,
    classes: 't3',
    text: ({ account }) => account,
  },
];

const SECTIONS = [{ id: 'account', label: 'Account', of: ({ account }: Balance) => account }];

const LIST: RowListOptions<Balance> = {
  rowId: ({ account, asset }) => `${account} ${asset}`,
};

/** What each account holds of every asset, as the venue last stated it. */
export function Balances(): ReactNode {
  const { styleNonce } = useDesk();
  const keeping = useKeptPart('blotter-balances');
  const synced = useTrade((state) => state.replica.synced);
  const balances = useOfAccount(useTrade((state) => state.replica.balances));
  const rows = useMemo(() => balances.filter(isHeld), [balances]);
  const list = useRows(rows, LIST, synced);
  return (
    <div className="panel balances" tabIndex={-1}>
      <Blotter<Balance>
        label="Balances"
        keeping={keeping}
        head={<span className="t3">as the venue last stated them</span>}
        columns={COLUMNS}
        list={list}
        sections={SECTIONS}
        empty="Nothing is held."
        styleNonce={styleNonce}
      />
    </div>
  );
}

function isHeld({ free, locked }: Balance): boolean {
  return free !== 0n || locked !== 0n;
}
