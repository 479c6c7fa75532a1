import type { GridApi } from 'ag-grid-community';
import type { Look, LookColumn } from './blotter-setup.ts';

/** The columns as they stand. */
export function columnsOf<Row>(api: GridApi<Row>): LookColumn[] {
  return api.getColumnState().map(({ colId, hide, width, sort, sortIndex }) => ({
    colId,
    hide: hide === true,
    width: width ?? 80,
    sort: sort ?? null,
    sortIndex: sortIndex ?? null,
  }));
}

/** What is typed over the columns. */
export function filtersOf<Row>(api: GridApi<Row>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(api.getFilterModel()).flatMap(([id, model]: [string, unknown]) => {
      const text = typeof model === 'object' && model !== null && 'filter' in model && model.filter;
      return typeof text === 'string' ? [[id, text]] : [];
    }),
  );
}

/** Brings a grid to a look; without one to what its columns say. Columns that are there no more are left out. */
export function showLook<Row>(api: GridApi<Row>, look: Look | undefined): void {
  if (look === undefined) {
    api.resetColumnState();
    api.setFilterModel(null);
    return;
  }
  const state = look.columns.map((column) => ({ ...column }));
  api.applyColumnState({ state, applyOrder: true });
  const known = new Set(api.getColumns()?.map((column) => column.getColId()));
  const model = Object.entries(look.filters)
    .filter(([id]) => known.has(id))
    .map(([id, filter]) => [id, { filterType: 'text', type: 'contains', filter }] as const);
  api.setFilterModel(Object.fromEntries(model));
}
