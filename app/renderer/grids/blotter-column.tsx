import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import type { CustomCellEditorProps } from 'ag-grid-react';
import type { ComponentType, ReactNode } from 'react';
import type { Line } from './row-list.ts';
import type { SortKey } from './row-order.ts';
import { SectionHead } from './sections.ts';

/** What the component of a cell is given. */
export interface CellProps<Row> {
  readonly row: Row;
}

/** What the editor of a cell is given. */
export interface EditorProps<Row> {
  readonly row: Row;
  /** Ends the editing; nothing of it stays in the cell. */
  readonly onEnd: () => void;
}

/** A column of a blotter. */
export interface BlotterColumn<Row> {
  readonly id: string;
  readonly head: string;
  readonly width?: number;
  readonly flex?: number;
  readonly minWidth?: number;
  /** Not shown on a new desk. */
  readonly hidden?: boolean;
  /** Figures stand at the right. */
  readonly figures?: boolean;
  readonly classes?: string | ((row: Row) => string);
  /** What it shows, what filters look at, and what a file gets. */
  readonly text: (row: Row) => string;
  /** What it is sorted by; its text where that is not said. */
  readonly key?: (row: Row) => SortKey;
  /** The text also stands in a tip. */
  readonly tip?: boolean;
  /** Draws the cell where that is more than its text; anew when the text, or what `drawnFor` says, is another. */
  readonly cell?: ComponentType<CellProps<Row>>;
  readonly drawnFor?: (row: Row) => string;
  readonly editor?: ComponentType<EditorProps<Row>>;
  readonly isEditable?: (row: Row) => boolean;
  /** Holds a button: it is not sorted, filtered, chosen or saved, its head is said, not drawn, and it stays in sight at the right. */
  readonly isTool?: boolean;
}

/** The row of a line; undefined for the head of a section. */
export function rowOfLine<Row>(line: Line<Row> | undefined | null): Row | undefined {
  return line instanceof SectionHead ? undefined : (line ?? undefined);
}

const TOOL = {
  sortable: false,
  resizable: false,
  filter: false,
  headerClass: 'tool',
  pinned: 'right',
} as const;

/** The column as the grid knows it. Sorting and filtering are chosen in the grid and done by the list. */
export function gridColumn<Row>(column: BlotterColumn<Row>): ColDef<Line<Row>> {
  const { id, head, width, flex, minWidth, hidden, figures, tip, isTool, drawnFor } = column;
  const text = (line: Line<Row> | undefined): string => {
    const row = rowOfLine(line);
    return row === undefined ? '' : column.text(row);
  };
  return {
    colId: id,
    headerName: head,
    ...(width === undefined ? {} : { width }),
    ...(flex === undefined ? {} : { flex }),
    ...(minWidth === undefined ? {} : { minWidth }),
    ...(hidden === true ? { hide: true } : {}),
    ...(figures === true ? { type: 'rightAligned' } : {}),
    ...(isTool === true ? TOOL : {}),
    ...(tip === true ? { tooltipValueGetter: ({ data }) => text(data) } : {}),
    comparator: () => 0,
    cellClass: ({ data }) => classesOf(column, rowOfLine(data)),
    ...(drawnFor === undefined
      ? { valueGetter: ({ data }) => text(data) }
      : {
          valueGetter: ({ data }) => {
            const row = rowOfLine(data);
            return row === undefined ? '' : drawnFor(row);
          },
          valueFormatter: ({ data }) => text(data),
        }),
    ...cellParts(column),
    ...editorParts(column),
  };
}

function classesOf<Row>({ classes, figures }: BlotterColumn<Row>, row: Row | undefined): string[] {
  const own = typeof classes === 'function' ? row !== undefined && classes(row) : classes;
  // A column's own classes replace those of its type.
  return [figures === true ? 'ag-right-aligned-cell' : '', own || ''].filter((one) => one !== '');
}

function cellParts<Row>({ cell: Cell }: BlotterColumn<Row>): Partial<ColDef<Line<Row>>> {
  if (Cell === undefined) return {};
  return {
    cellRenderer: ({ data }: ICellRendererParams<Line<Row>>): ReactNode => {
      const row = rowOfLine(data);
      return row === undefined ? null : <Cell row={row} />;
    },
  };
}

function editorParts<Row>(column: BlotterColumn<Row>): Partial<ColDef<Line<Row>>> {
  const { editor: Editor, isEditable } = column;
  if (Editor === undefined) return {};
  return {
    editable: ({ data }) => {
      const row = rowOfLine(data);
      return row !== undefined && isEditable?.(row) === true;
    },
    cellEditor: ({ data, stopEditing }: CustomCellEditorProps<Line<Row>>): ReactNode => {
      const row = rowOfLine(data);
      return row === undefined ? null : <Editor row={row} onEnd={() => stopEditing(true)} />;
    },
    // What an editor sends comes back from the engine; the row itself is never written.
    valueSetter: () => false,
  };
}
