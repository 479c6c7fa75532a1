import {
  AllCommunityModule,
  ModuleRegistry,
  themeQuartz,
  type ColDef,
  type GetRowIdParams,
  type GridApi,
  type RowClassRules,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { onThemeChange, tokenPixels } from '../ui/theme.ts';
import './grids.css';

ModuleRegistry.registerModules([AllCommunityModule]);

export type { CustomCellRendererProps } from 'ag-grid-react';
export type { ColDef, GridApi } from 'ag-grid-community';

/** The grid in the tokens. */
export const theme = themeQuartz.withParams({
  backgroundColor: 'var(--panel)',
  foregroundColor: 'var(--text-1)',
  cellTextColor: 'var(--text-1)',
  chromeBackgroundColor: 'var(--panel)',
  headerBackgroundColor: 'var(--panel)',
  headerTextColor: 'var(--text-3)',
  headerFontSize: 11,
  headerFontWeight: 400,
  fontFamily: 'var(--font-ui)',
  fontSize: 'var(--text-base)',
  rowHeight: 'var(--row-h)',
  headerHeight: 'var(--colhead-h)',
  cellHorizontalPadding: 4,
  spacing: 4,
  iconSize: 12,
  accentColor: 'var(--accent)',
  borderColor: 'var(--line-1)',
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  rowBorder: false,
  columnBorder: false,
  headerRowBorder: { color: 'var(--line-1)' },
  headerColumnBorder: false,
  headerColumnResizeHandleColor: 'transparent',
  oddRowBackgroundColor: 'var(--row-stripe)',
  rowHoverColor: 'var(--row-hover)',
  selectedRowBackgroundColor: 'var(--row-selected)',
  inputBackgroundColor: 'var(--field)',
  inputFocusBorder: { color: 'var(--focus)' },
  menuBackgroundColor: 'var(--raised)',
  popupShadow: 'var(--shadow)',
  valueChangeDeltaUpColor: 'var(--up)',
  valueChangeDeltaDownColor: 'var(--down)',
  valueChangeValueHighlightBackgroundColor: 'transparent',
});

/** What a list of rows is made of. */
export interface GridProps<Row> {
  readonly label: string;
  readonly columns: readonly ColDef<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** Classes of a row and when it has them. */
  readonly rowClasses?: RowClassRules<Row>;
  /** It has more rows than fit before long: room for the scroll bar is kept from the start, so that no column is pushed out. */
  readonly long?: boolean;
  readonly onSelect?: (row: Row) => void;
  readonly onReady?: (api: GridApi<Row>) => void;
  /** What stands where there are no rows. */
  readonly empty: string;
  readonly styleNonce: string | undefined;
}

/** Keys that the grid would clear or edit a cell with: here they are the desk's. */
const CLEARING = ['Delete', 'Backspace'];

/** Of every column. Keys with Alt are the desk's, not the grid's. */
export const DEFAULT_COLUMN = {
  sortable: true,
  resizable: true,
  suppressMovable: false,
  minWidth: 28,
  // A cell that is edited has its own keys.
  suppressKeyboardEvent: ({ event, editing }) =>
    event.altKey || editing || CLEARING.includes(event.key),
  suppressHeaderKeyboardEvent: ({ event }) => event.altKey,
} satisfies ColDef;

/** A list of rows, few enough for the grid to hold them all. */
export function Grid<Row>(props: GridProps<Row>): ReactNode {
  const { rowId, rowClasses, onSelect, onReady, styleNonce } = props;
  const heights = useHeights();
  const columns = useMemo(() => [...props.columns], [props.columns]);
  const getRowId = useCallback((row: GetRowIdParams<Row>) => rowId(row.data), [rowId]);
  return (
    <div className="grid" role="group" aria-label={props.label}>
      <AgGridReact<Row>
        theme={theme}
        {...(styleNonce === undefined ? {} : { styleNonce })}
        rowData={props.rows as Row[]}
        columnDefs={columns}
        defaultColDef={DEFAULT_COLUMN}
        getRowId={getRowId}
        {...(rowClasses === undefined ? {} : { rowClassRules: rowClasses })}
        alwaysShowVerticalScroll={props.long === true}
        rowHeight={heights.row}
        headerHeight={heights.head}
        animateRows={false}
        tabToNextCell={() => false}
        tabToNextHeader={() => false}
        suppressCellFocus={false}
        suppressColumnVirtualisation
        overlayNoRowsTemplate={`<span class="none">${props.empty}</span>`}
        onRowClicked={(event) => {
          if (event.data !== undefined) onSelect?.(event.data);
        }}
        onCellKeyDown={({ data, event }) => {
          if (data !== undefined && isChoice(event)) onSelect?.(data);
        }}
        onGridReady={(event) => onReady?.(event.api)}
      />
    </div>
  );
}

/** True for the key that chooses the row it is pressed on, as a click does; it scrolls nothing then. */
export function isChoice(event: Event | null | undefined): boolean {
  if (!(event instanceof KeyboardEvent) || event.key !== ' ' || event.repeat) return false;
  if (!(event.target instanceof Element) || !event.target.matches('.ag-cell')) return false;
  event.preventDefault();
  return true;
}

/** Heights of rows and heads in pixels, as theme and density have them. */
export function useHeights(): { readonly row: number; readonly head: number } {
  const read = (): { readonly row: number; readonly head: number } => ({
    row: tokenPixels('row-h'),
    head: tokenPixels('colhead-h'),
  });
  const [heights, setHeights] = useState(read);
  useEffect(() => onThemeChange(() => setHeights(read())), []);
  return heights;
}
