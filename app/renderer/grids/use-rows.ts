import { useLayoutEffect, useState } from 'react';
import { RowList, type RowListOptions } from './row-list.ts';

/** A list that holds `rows` as they are each time. What is there when it is `settled` first is not fresh. */
export function useRows<Row>(
  rows: readonly Row[],
  options: RowListOptions<Row>,
  settled: boolean,
): RowList<Row> {
  const [list] = useState(() => new RowList(options));
  useLayoutEffect(() => {
    list.replace(rows);
    if (settled) list.watch();
  }, [list, rows, settled]);
  return list;
}
