import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { useRegister } from '../../commands/commands-context.tsx';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { fileTime, saveFile } from '../../ui/save-file.ts';
import { clockMillis } from '../../format/time-text.ts';
import {
  Grid,
  type ColDef,
  type CustomCellRendererProps,
  type GridApi,
} from '../../grids/grid.tsx';
import { useDesk, useHost, type LogEntry } from '../../state/desk.tsx';
import { areasOf, EVERYTHING, fieldsOf, filterLog, lineOf, wordsOf } from './log-filter.ts';
import { LogBar } from './log-bar.tsx';
import './log.css';

const COLUMNS: readonly ColDef<LogEntry>[] = [
  {
    headerName: 'Time',
    width: 92,
    sortable: false,
    cellClass: 'tm',
    valueGetter: ({ data }) => (data === undefined ? '' : clockMillis(data.at)),
  },
  { headerName: 'Level', width: 54, sortable: false, field: 'level', cellClass: levelClass },
  { headerName: 'Process', width: 58, sortable: false, field: 'process', cellClass: 't2' },
  { headerName: 'Area', width: 62, sortable: false, field: 'area', cellClass: 't2' },
  {
    headerName: 'Message',
    flex: 1,
    minWidth: 200,
    sortable: false,
    valueGetter: ({ data }) => (data === undefined ? '' : wordsOf(data)),
    cellRenderer: MessageCell,
    tooltipValueGetter: ({ data }) => (data === undefined ? '' : lineOf(data)),
  },
  {
    headerName: 'Code',
    width: 170,
    sortable: false,
    field: 'code',
    cellClass: 'mono t3',
  },
];

/** In a narrow column only what a line says; its tooltip has the rest. */
const NARROW_COLUMNS = COLUMNS.filter(
  ({ headerName }) => headerName === 'Time' || headerName === 'Level' || headerName === 'Message',
);
const NARROW_BELOW_PX = 560;

/** True while the element is narrower than the columns need. */
function useNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      // A panel behind another has no width.
      const width = entry?.contentRect.width ?? 0;
      if (width > 0) setNarrow(width < NARROW_BELOW_PX);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return narrow;
}

function MessageCell({ data }: CustomCellRendererProps<LogEntry>): ReactNode {
  if (data === undefined) return null;
  const fields = fieldsOf(data);
  return (
    <>
      {data.message}
      {fields !== '' && <span className="t3 fields">{fields}</span>}
    </>
  );
}

function levelClass({ value }: { readonly value?: unknown }): string {
  if (value === 'error') return 'bad';
  return value === 'warn' ? 'warn' : 't3';
}

/** What every process of the engine writes, newest at the bottom. */
export function Log(): ReactNode {
  const desk = useDesk();
  const all = useHost((state) => state.log);
  const [filter, setFilter] = useState(EVERYTHING);
  const [held, setHeld] = useState<readonly LogEntry[]>();
  const [selected, setSelected] = useState<LogEntry>();
  const rowClasses = useMemo(
    () => ({
      chosen: ({ data }: { readonly data: LogEntry | undefined }): boolean =>
        data !== undefined && data.number === selected?.number,
    }),
    [selected],
  );
  const grid = useRef<GridApi<LogEntry>>(undefined);
  const panel = useRef<HTMLDivElement>(null);
  const narrow = useNarrow(panel);
  const entries = held ?? all;
  const rows = useMemo(() => filterLog(entries, filter), [entries, filter]);
  const areas = useMemo(() => areasOf(entries), [entries]);
  const paused = held !== undefined;
  const toBottom = useCallback(() => {
    const last = (grid.current?.getDisplayedRowCount() ?? 0) - 1;
    if (last >= 0) grid.current?.ensureIndexVisible(last, 'bottom');
  }, []);
  useEffect(() => {
    if (paused) return undefined;
    // The grid takes its new rows with the next frame.
    const frame = requestAnimationFrame(toBottom);
    return () => cancelAnimationFrame(frame);
  }, [rows, paused, toBottom]);
  const togglePause = useCallback(() => {
    setHeld((now) => (now === undefined ? desk.host.store.getState().log : undefined));
  }, [desk]);
  const copy = useCallback(() => {
    if (selected === undefined) return;
    void navigator.clipboard.writeText(lineOf(selected)).then(
      () => desk.notices.raise('info', 'Copied', 'one line of the log'),
      () => desk.notices.raise('warning', 'Not copied', 'the browser refuses the clipboard'),
    );
  }, [desk, selected]);
  useRegister(
    useMemo(
      (): readonly DeskCommand[] => [
        command('log.pause', 'Pause or follow the log', 'P', togglePause),
        command('log.copy', 'Copy the selected line', 'Ctrl+C', copy),
      ],
      [togglePause, copy],
    ),
  );
  return (
    <div className="panel log" tabIndex={0} ref={panel} role="group" aria-label="Log">
      <LogBar
        filter={filter}
        areas={areas}
        shown={rows.length}
        of={entries.length}
        paused={paused}
        copyable={selected !== undefined}
        onFilter={setFilter}
        onPause={togglePause}
        onCopy={copy}
        onExport={() => exportLog(rows)}
      />
      <Grid<LogEntry>
        label="Log"
        columns={narrow ? NARROW_COLUMNS : COLUMNS}
        rows={rows}
        rowId={(entry) => String(entry.number)}
        rowClasses={rowClasses}
        long
        onSelect={(entry) => setSelected(entry)}
        onReady={(api) => {
          grid.current = api;
          toBottom();
        }}
        empty={all.length === 0 ? 'Nothing was logged yet.' : 'Nothing passes the filter.'}
        styleNonce={desk.styleNonce}
      />
    </div>
  );
}

function command(id: string, title: string, key: string, run: () => void): DeskCommand {
  return { id, title, keys: [key], scope: 'log', order: false, run };
}

/** Gives the shown records to the browser as a file. */
function exportLog(rows: readonly LogEntry[]): void {
  const text = rows.map((entry) => `${lineOf(entry)}\n`).join('');
  saveFile(`quarterdeck-${fileTime()}.log`, 'text/plain', text);
}
