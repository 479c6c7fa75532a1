import type { GridApi, IRowNode } from 'ag-grid-community';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { fileTime, saveFile } from '../ui/save-file.ts';
import { Icon } from '../ui/icons.tsx';
import { BlotterMenu } from './blotter-menu.tsx';
import { csvOf } from './csv.ts';
import { columnsOf, filtersOf, showLook } from './blotter-look.ts';
import { blotterSetupOf, type BlotterSetup, type Look } from './blotter-setup.ts';
import { Grid, type GridProps } from './grid.tsx';

/** Where a blotter is kept as its owner left it. */
export interface Keeping {
  readonly saved: unknown;
  readonly onSave: (setup: BlotterSetup) => void;
}

/** What a blotter is made of beside its grid. */
export interface BlotterProps<Row> extends Omit<GridProps<Row>, 'onReady' | 'filters'> {
  /** Stands in its bar before the tools. */
  readonly head?: ReactNode;
  readonly keeping: Keeping;
  /** The rows of before are here: what comes from now on is new. */
  readonly settled: boolean;
  readonly onReady?: (api: GridApi<Row>) => void;
}

/** A grid with its tools: filters over the columns, columns chosen, views kept, what is new, and a file of what is shown. */
export function Blotter<Row>({ head, keeping, settled, ...grid }: BlotterProps<Row>): ReactNode {
  const { label, columns, rows, rowId, rowClasses, onReady } = grid;
  const api = useRef<GridApi<Row>>(undefined);
  const [setup, setSetup] = useState(() => blotterSetupOf(keeping.saved));
  const latest = useRef(setup);
  const { look } = setup;
  const [filtering, setFiltering] = useState(hasFilters(look));
  const { count, isFresh, markSeen } = useFresh(rows, rowId, settled);
  const save = (changes: Partial<BlotterSetup>): void => {
    latest.current = { ...latest.current, ...changes };
    setSetup(latest.current);
    keeping.onSave(latest.current);
  };
  const changed = (): void => {
    if (api.current !== undefined) save({ look: lookOf(api.current) });
  };
  const show = (next: Look | undefined): void => {
    if (api.current === undefined) return;
    showLook(api.current, next);
    setFiltering(hasFilters(next));
    changed();
  };
  const classes = useMemo(
    () => ({
      ...rowClasses,
      fresh: ({ data }: { readonly data?: Row | undefined }) => data !== undefined && isFresh(data),
    }),
    [rowClasses, isFresh],
  );
  // Rows are drawn anew when they change; that all were seen changes none of them.
  useEffect(() => api.current?.redrawRows(), [isFresh]);
  return (
    <>
      <div className="bar blotter-bar">
        {head}
        <span className="tools spacer">
          {count > 0 && (
            <button type="button" className="chip fresh-mark" onClick={markSeen}>
              {count} new, mark as seen
            </button>
          )}
          <button
            type="button"
            className={`chip ${filtering ? 'on' : ''}`}
            aria-pressed={filtering}
            onClick={() => {
              if (filtering) api.current?.setFilterModel(null);
              setFiltering(!filtering);
            }}
          >
            <Icon name="search" />
            Filter
          </button>
          <BlotterMenu
            label={label}
            columns={columns}
            look={look}
            views={setup.views}
            onColumn={(id, shown) => {
              api.current?.setColumnsVisible([id], shown);
              changed();
            }}
            onShow={show}
            onViews={(views) => save({ views })}
          />
          <button
            type="button"
            className="chip"
            onClick={() => {
              if (api.current !== undefined) saveTable(label, csvOf(tableOf(api.current)));
            }}
          >
            CSV
          </button>
        </span>
      </div>
      <Grid<Row>
        {...grid}
        filters={filtering}
        rowClasses={classes}
        onReady={(ready) => {
          api.current = ready;
          if (look !== undefined) showLook(ready, look);
          setSetup((before) => ({ ...before, look: lookOf(ready) }));
          for (const event of ['sortChanged', 'filterChanged', 'columnMoved'] as const) {
            ready.addEventListener(event, changed);
          }
          ready.addEventListener('columnResized', ({ finished, source }) => {
            if (finished && source === 'uiColumnResized') changed();
          });
          onReady?.(ready);
        }}
      />
    </>
  );
}

function lookOf<Row>(api: GridApi<Row>): Look {
  return { columns: columnsOf(api), filters: filtersOf(api) };
}

function hasFilters(look: Look | undefined): boolean {
  return Object.keys(look?.filters ?? {}).length > 0;
}

interface Fresh<Row> {
  readonly count: number;
  readonly isFresh: (row: Row) => boolean;
  readonly markSeen: () => void;
}

/** Rows that came since the blotter was opened, or since all were marked as seen. */
function useFresh<Row>(
  rows: readonly Row[],
  rowId: (row: Row) => string,
  settled: boolean,
): Fresh<Row> {
  const [seen, setSeen] = useState<ReadonlySet<string>>();
  if (settled && seen === undefined) setSeen(new Set(rows.map(rowId)));
  const isFresh = useCallback(
    (row: Row) => seen !== undefined && !seen.has(rowId(row)),
    [seen, rowId],
  );
  return {
    count: rows.reduce((count, row) => count + (isFresh(row) ? 1 : 0), 0),
    isFresh,
    markSeen: () => setSeen(new Set(rows.map(rowId))),
  };
}

/** What is shown, as text: the heads, then the rows that pass, in their order. */
function tableOf<Row>(api: GridApi<Row>): string[][] {
  const columns = api.getAllDisplayedColumns().filter((column) => {
    return (column.getColDef().headerName ?? '') !== '';
  });
  const table = [columns.map((column) => column.getColDef().headerName ?? '')];
  api.forEachNodeAfterFilterAndSort((node: IRowNode<Row>) => {
    table.push(
      columns.map((colKey) => {
        const text: unknown = api.getCellValue({ rowNode: node, colKey, useFormatter: true });
        return typeof text === 'string' || typeof text === 'number' ? String(text) : '';
      }),
    );
  });
  return table;
}

function saveTable(label: string, text: string): void {
  const name = `quarterdeck-${label.toLowerCase().replaceAll(' ', '-')}-${fileTime()}.csv`;
  saveFile(name, 'text/csv', text);
}
