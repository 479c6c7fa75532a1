import '@fontsource-variable/inter/index.css';
import '../ui/tokens.css';
import '../ui/ui.css';
import { AgGridReact } from 'ag-grid-react';
import type { ColDef, GridApi } from 'ag-grid-community';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { present } from '../../engine/base/invariant.ts';
import { groupThousands } from '../format/number-text.ts';
import { Blotter } from '../grids/blotter.tsx';
import type { BlotterColumn } from '../grids/blotter-column.tsx';
import { theme } from '../grids/grid.tsx';
import { RowList } from '../grids/row-list.ts';
import { applyTheme } from '../ui/theme.ts';
import { RowSource, type BenchRow } from './row-source.ts';

/** What the program that measures calls in the page. */
export interface BlotterBench {
  /** Lets changes come for `ms`; the milliseconds from each picture to the next. */
  readonly run: (ms: number, perSecond: number) => Promise<number[]>;
  /** Scrolls to a part of the whole, 0 to 1. */
  readonly scroll: (part: number) => void;
  /** True when the rows in sight, id and value, are those that a plain sort of all rows has at that place. */
  readonly isRight: () => boolean;
}

const ROWS = 100_000;
const SEED = 17;
const TICK_MS = 10;
const FILTER = 'usdt';

applyTheme(document);
const source = new RowSource(ROWS, SEED);
const number = (value: number): string => groupThousands(String(value));

const COLUMNS: readonly BlotterColumn<BenchRow>[] = [
  { id: 'id', head: 'Id', width: 90, text: ({ id }) => id },
  { id: 'symbol', head: 'Symbol', width: 90, text: ({ symbol }) => symbol },
  { id: 'account', head: 'Account', width: 90, text: ({ account }) => account },
  {
    id: 'side',
    head: 'Side',
    width: 60,
    text: ({ side }) => side,
    classes: ({ side }) => (side === 'Buy' ? 'buy' : 'sell'),
  },
  { id: 'status', head: 'Status', width: 90, text: ({ status }) => status },
  ...(['quantity', 'price', 'fees', 'changes', 'value'] as const).map((id) => ({
    id,
    head: id,
    width: 90,
    figures: true,
    text: (row: BenchRow) => number(row[id]),
    key: (row: BenchRow) => row[id],
  })),
];

function Ours({ list }: { readonly list: RowList<BenchRow> }): ReactNode {
  const saved = {
    look: {
      columns: [{ colId: 'value', width: 90, sort: 'desc', sortIndex: 0 }],
      filters: { symbol: FILTER },
    },
  };
  return (
    <div className="panel">
      <Blotter<BenchRow>
        label="Rows"
        columns={COLUMNS}
        list={list}
        sections={[]}
        keeping={{ saved, onSave: () => {} }}
        long
        empty="No rows."
        styleNonce={undefined}
      />
    </div>
  );
}

const NAIVE_COLUMNS: ColDef<BenchRow>[] = COLUMNS.map(({ id, head }) => ({
  colId: id,
  headerName: head,
  width: 90,
  filter: true,
  ...(id === 'value' ? { sort: 'desc' } : {}),
  valueGetter: ({ data }) => data?.[id as keyof BenchRow],
}));

/** The grid with all rows, told of changes in the way its makers advise. */
function Naive({ onReady }: { readonly onReady: (api: GridApi<BenchRow>) => void }): ReactNode {
  return (
    <div className="panel">
      <div className="grid">
        <AgGridReact<BenchRow>
          theme={theme}
          rowData={[...source.rows]}
          columnDefs={NAIVE_COLUMNS}
          getRowId={({ data }) => data.id}
          rowHeight={20}
          animateRows={false}
          onGridReady={({ api }) => {
            api.setFilterModel({
              symbol: { filterType: 'text', type: 'contains', filter: FILTER },
            });
            onReady(api);
          }}
        />
      </div>
    </div>
  );
}

const root = createRoot(present(document.getElementById('root') ?? undefined, 'root element'));
let give = (_rows: readonly BenchRow[]): void => {};
if (location.hash === '#naive') {
  root.render(
    <Naive
      onReady={(api) => {
        give = (rows) => api.applyTransactionAsync({ update: [...rows] });
      }}
    />,
  );
} else {
  const list = new RowList<BenchRow>({ rowId: ({ id }) => id });
  list.replace(source.rows);
  list.watch();
  give = (rows) => list.update(rows);
  root.render(<Ours list={list} />);
}

function run(ms: number, perSecond: number): Promise<number[]> {
  const { promise, resolve } = Promise.withResolvers<number[]>();
  const frames: number[] = [];
  const begun = performance.now();
  let given = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    give(source.change(due - given));
    given = due;
  }, TICK_MS);
  let last: number | undefined;
  const frame = (now: number): void => {
    if (last !== undefined) frames.push(now - last);
    last = now;
    if (performance.now() - begun < ms) requestAnimationFrame(frame);
    else {
      clearInterval(timer);
      resolve(frames);
    }
  };
  requestAnimationFrame(frame);
  return promise;
}

function painted(): string[] {
  const rows = [...document.querySelectorAll<HTMLElement>('.ag-row:not(.ag-header-row)')];
  return rows
    .toSorted(
      (left, right) =>
        Number(left.getAttribute('row-index')) - Number(right.getAttribute('row-index')),
    )
    .map((row) => {
      const cell = (id: string): string => row.querySelector(`[col-id="${id}"]`)?.textContent ?? '';
      return `${cell('id')} ${cell('value').replaceAll(',', '')}`;
    });
}

function scroller(): HTMLElement {
  return present(document.querySelector<HTMLElement>('.grid.window') ?? undefined, 'a blotter');
}

function scroll(part: number): void {
  const { scrollHeight, clientHeight } = scroller();
  scroller().scrollTop = Math.round((scrollHeight - clientHeight) * part);
}

function isRight(): boolean {
  const rows = painted();
  const height = document.querySelector('.ag-row:not(.ag-header-row)')?.clientHeight ?? 1;
  const first = Math.round(scroller().scrollTop / height);
  const expected = source.rows
    .filter(({ symbol }) => symbol.toLowerCase().includes(FILTER))
    .toSorted((left, right) => right.value - left.value)
    .slice(first, first + rows.length)
    .map(({ id, value }) => `${id} ${value}`);
  return rows.length > 1 && rows.join() === expected.join();
}

const bench: BlotterBench = { run, scroll, isRight };
Object.assign(globalThis, { blotterBench: bench });
