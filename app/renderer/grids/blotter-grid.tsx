import type { ColDef, GetRowIdParams, GridApi, RowClassRules } from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { gridColumn, rowOfLine, type BlotterColumn } from './blotter-column.tsx';
import { DEFAULT_COLUMN, isChoice, theme, useHeights } from './grid.tsx';
import { GridWindow, type Shown } from './grid-window.ts';
import type { Line, RowList } from './row-list.ts';
import { SectionHead } from './sections.ts';
import { SectionLine } from './section-line.tsx';

/** What the grid of a blotter is made of. */
export interface BlotterGridProps<Row> {
  readonly label: string;
  readonly columns: readonly BlotterColumn<Row>[];
  readonly list: RowList<Row>;
  /** Classes of a row and when it has them. */
  readonly rowClasses?: Readonly<Record<string, (row: Row) => boolean>>;
  /** It has more rows than fit before long: room for the scroll bar is kept from the start, so that no column is pushed out. */
  readonly long?: boolean;
  readonly onSelect?: (row: Row) => void;
  /** What stands where there are no rows. */
  readonly empty: string;
  readonly styleNonce: string | undefined;
}

interface Props<Row> extends BlotterGridProps<Row> {
  /** A field over each column lets through what is typed there. */
  readonly filters: boolean;
  readonly onReady: (api: GridApi<Line<Row>>) => void;
  readonly onShown: (shown: Shown) => void;
}

/** What is typed over a column is only kept by the grid: the list filters. */
const FILTERED = {
  filter: 'agTextColumnFilter',
  filterParams: { filterOptions: ['contains'], maxNumConditions: 1, debounceMs: 100 },
  suppressHeaderMenuButton: true,
  suppressHeaderFilterButton: true,
  suppressFloatingFilterButton: true,
} satisfies ColDef;

const always = (): boolean => true;

/** The lines of a list that fit, in AG Grid, with a scroll bar over all of them. */
export function BlotterGrid<Row>(props: Props<Row>): ReactNode {
  const { list, rowClasses, filters, onSelect, onReady, onShown, styleNonce } = props;
  const heights = useHeights();
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const shown = useRef<GridWindow<Row>>(undefined);
  const [isEmpty, setEmpty] = useState(true);
  const columns = useMemo(() => props.columns.map(gridColumn), [props.columns]);
  const defaultColumn = useMemo(
    (): ColDef<Line<Row>> => ({ ...DEFAULT_COLUMN, ...FILTERED, floatingFilter: filters }),
    [filters],
  );
  const getRowId = useCallback(
    ({ data }: GetRowIdParams<Line<Row>>) =>
      data instanceof SectionHead ? `section ${data.name}` : list.rowId(data),
    [list],
  );
  const classes = useMemo(() => classRules({ ...rowClasses }, list), [rowClasses, list]);
  useEffect(() => shown.current?.setRowHeight(heights.row), [heights.row]);
  useEffect(() => () => shown.current?.end(), []);
  const sectionLine = useCallback(
    ({ data }: { readonly data: SectionHead }) => (
      <SectionLine head={data} onToggle={() => list.toggle(data.name)} />
    ),
    [list],
  );
  return (
    <div
      ref={scroller}
      className={`grid window ${props.long === true ? 'long' : ''}`}
      role="group"
      aria-label={props.label}
      onKeyDownCapture={(event) => moveByKey(event, shown.current)}
    >
      <div className="grid-hold">
        <AgGridReact<Line<Row>>
          theme={theme}
          {...(styleNonce === undefined ? {} : { styleNonce })}
          columnDefs={columns}
          defaultColDef={defaultColumn}
          getRowId={getRowId}
          rowClassRules={classes}
          rowHeight={heights.row}
          headerHeight={heights.head}
          floatingFiltersHeight={heights.row + 4}
          animateRows={false}
          tabToNextCell={() => false}
          tabToNextHeader={() => false}
          suppressColumnVirtualisation
          suppressNoRowsOverlay
          loading={false}
          alwaysPassFilter={always}
          isFullWidthRow={({ rowNode }) => rowNode.data instanceof SectionHead}
          fullWidthCellRenderer={sectionLine}
          onRowClicked={({ data }) => {
            const row = rowOfLine(data);
            if (row !== undefined) onSelect?.(row);
          }}
          onCellKeyDown={({ data, event }) => {
            const row = rowOfLine(data);
            if (row !== undefined && isChoice(event)) onSelect?.(row);
            if (!(data instanceof SectionHead) || !(event instanceof window.KeyboardEvent)) return;
            if (event.key === 'Enter' || event.key === ' ') list.toggle(data.name);
          }}
          onGridReady={({ api }) => {
            if (scroller.current === null || room.current === null) return;
            onReady(api);
            const places = { scroller: scroller.current, room: room.current };
            shown.current = new GridWindow(list, api, places, heights.row, (now) => {
              setEmpty(now.lines === 0);
              onShown(now);
            });
          }}
        />
        {isEmpty && (
          <div className="grid-none none">
            {list.size === 0 ? props.empty : 'No row has what is looked for.'}
          </div>
        )}
      </div>
      <div ref={room} />
    </div>
  );
}

function classRules<Row>(
  rules: Readonly<Record<string, (row: Row) => boolean>>,
  list: RowList<Row>,
): RowClassRules<Line<Row>> {
  const all = { ...rules, fresh: (row: Row) => list.isFresh(row) };
  return Object.fromEntries(
    Object.entries(all).map(([name, has]) => [
      name,
      ({ data }: { readonly data?: Line<Row> | undefined }) => {
        const row = rowOfLine(data);
        return row !== undefined && has(row);
      },
    ]),
  );
}

/** Keys that go further than the lines the grid holds. */
function moveByKey<Row>(event: KeyboardEvent, shown: GridWindow<Row> | undefined): void {
  const { target, key, ctrlKey, altKey, shiftKey } = event;
  if (shown === undefined || altKey || shiftKey) return;
  if (!(target instanceof HTMLElement) || !target.matches('.ag-cell, .ag-full-width-row')) return;
  const by = linesOf(key, ctrlKey, shown.fits);
  if (by === undefined || !shown.moveFocus(by)) return;
  event.preventDefault();
  event.stopPropagation();
}

function linesOf(key: string, ctrl: boolean, page: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return ctrl ? Infinity : 1;
    case 'ArrowUp':
      return ctrl ? -Infinity : -1;
    case 'PageDown':
      return page;
    case 'PageUp':
      return -page;
    case 'Home':
      return ctrl ? -Infinity : undefined;
    case 'End':
      return ctrl ? Infinity : undefined;
    default:
      return undefined;
  }
}
