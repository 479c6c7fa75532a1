import type { BlotterColumn } from './blotter-column.tsx';
import type { Look } from './blotter-setup.ts';
import { filterOf } from './filter-match.ts';
import type { Arrangement } from './row-list.ts';
import type { Sectioning } from './sections.ts';

/** What a look asks of the list: which rows pass, how they are sorted and parted. What it names that is there no more is left out. */
export function arrangementOf<Row>(
  { columns: placed, filters, section }: Look,
  columns: readonly BlotterColumn<Row>[],
  sections: readonly Sectioning<Row>[],
): Arrangement<Row> {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const tests = Object.entries(filters).flatMap(([id, typed]) => {
    const column = byId.get(id);
    return column === undefined ? [] : [{ column, passes: filterOf(typed) }];
  });
  const orderings = placed
    .filter(({ sort }) => sort !== null)
    .toSorted((left, right) => (left.sortIndex ?? 0) - (right.sortIndex ?? 0))
    .flatMap(({ colId, sort }) => {
      const column = byId.get(colId);
      if (column === undefined) return [];
      return [{ key: column.key ?? column.text, descending: sort === 'desc' }];
    });
  return {
    passes:
      tests.length === 0
        ? undefined
        : (row) => tests.every(({ column, passes }) => passes(column.text(row))),
    orderings,
    section: sections.find(({ id }) => id === section),
  };
}
