import type { GridApi } from 'ag-grid-community';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { fileTime, saveFile } from '../ui/save-file.ts';
import { Icon } from '../ui/icons.tsx';
import { arrangementOf } from './arrangement.ts';
import { BlotterGrid, type BlotterGridProps } from './blotter-grid.tsx';
import { BlotterMenu } from './blotter-menu.tsx';
import { csvOf } from './csv.ts';
import { columnsOf, filtersOf, showLook } from './blotter-look.ts';
import { blotterSetupOf, NO_SECTIONS, type BlotterSetup, type Look } from './blotter-setup.ts';
import type { Line } from './row-list.ts';
import type { Sectioning } from './sections.ts';

/** Where a blotter is kept as its owner left it. */
export interface Keeping {
  readonly saved: unknown;
  readonly onSave: (setup: BlotterSetup) => void;
}

/** What a blotter is made of beside its grid. */
export interface BlotterProps<Row> extends BlotterGridProps<Row> {
  /** Stands in its bar before the tools. */
  readonly head?: ReactNode;
  readonly keeping: Keeping;
  /** Ways to part it into sections. */
  readonly sections: readonly Sectioning<Row>[];
}

/** A grid with its tools: filters over the columns, columns chosen, sections, views kept, what is new, and a file of what passes. */
export function Blotter<Row>({ head, keeping, sections, ...grid }: BlotterProps<Row>): ReactNode {
  const { label, columns, list } = grid;
  const api = useRef<GridApi<Line<Row>>>(undefined);
  const [setup, setSetup] = useState(() => blotterSetupOf(keeping.saved));
  const latest = useRef(setup);
  const section = useRef(setup.look?.section ?? NO_SECTIONS);
  const { look } = setup;
  const [filtering, setFiltering] = useState(hasFilters(look));
  const [fresh, setFresh] = useState(0);
  const lookNow = (ready: GridApi<Line<Row>>): Look => ({
    columns: columnsOf(ready),
    filters: filtersOf(ready),
    section: section.current,
  });
  const save = (changes: Partial<BlotterSetup>): void => {
    latest.current = { ...latest.current, ...changes };
    setSetup(latest.current);
    keeping.onSave(latest.current);
  };
  const changed = (): void => {
    // The grid says it later: its panel may have gone elsewhere meanwhile.
    if (api.current === undefined || api.current.isDestroyed()) return;
    const now = lookNow(api.current);
    list.arrange(arrangementOf(now, columns, sections));
    save({ look: now });
  };
  const show = (next: Look | undefined): void => {
    if (api.current === undefined) return;
    section.current = next?.section ?? NO_SECTIONS;
    showLook(api.current, next);
    setFiltering(hasFilters(next));
    changed();
  };
  // Rows are drawn anew when they change; that all were seen changes none of them.
  useEffect(() => {
    if (fresh === 0) api.current?.redrawRows();
  }, [fresh]);
  return (
    <>
      <div className="bar blotter-bar">
        {head}
        <span className="tools spacer">
          {fresh > 0 && (
            <button type="button" className="chip fresh-mark" onClick={() => list.markSeen()}>
              {fresh} new, mark as seen
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
            sections={sections}
            onColumn={(id, shown) => {
              api.current?.setColumnsVisible([id], shown);
              changed();
            }}
            onSection={(id) => {
              section.current = id;
              changed();
            }}
            onShow={show}
            onViews={(views) => save({ views })}
          />
          <button
            type="button"
            className="chip"
            onClick={() => {
              if (api.current === undefined) return;
              const ids = api.current.getAllDisplayedColumns().map((column) => column.getColId());
              saveTable(label, csvOf(tableOf(grid, ids)));
            }}
          >
            CSV
          </button>
        </span>
      </div>
      <BlotterGrid<Row>
        {...grid}
        filters={filtering}
        onShown={(shown) => setFresh(shown.fresh)}
        onReady={(ready) => {
          api.current = ready;
          if (look !== undefined) showLook(ready, look);
          const now = lookNow(ready);
          list.arrange(arrangementOf(now, columns, sections));
          setSetup((before) => ({ ...before, look: now }));
          for (const event of ['sortChanged', 'filterChanged', 'columnMoved'] as const) {
            ready.addEventListener(event, changed);
          }
          ready.addEventListener('columnResized', ({ finished, source }) => {
            if (finished && source === 'uiColumnResized') changed();
          });
        }}
      />
    </>
  );
}

function hasFilters(look: Look | undefined): boolean {
  return Object.keys(look?.filters ?? {}).length > 0;
}

/** Every row that passes, as text: the heads of the columns with these ids, then the rows in their order. */
function tableOf<Row>(
  { columns, list }: BlotterGridProps<Row>,
  ids: readonly string[],
): string[][] {
  const saved = ids.flatMap((id) => {
    const column = columns.find((one) => one.id === id);
    return column === undefined || column.isTool === true ? [] : [column];
  });
  const rows = list.passing().map((row) => saved.map((column) => column.text(row)));
  return [saved.map((column) => column.head), ...rows];
}

function saveTable(label: string, text: string): void {
  const name = `quarterdeck-${label.toLowerCase().replaceAll(' ', '-')}-${fileTime()}.csv`;
  saveFile(name, 'text/csv', text);
}
