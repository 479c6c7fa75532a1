/** How one column stands. */
export interface LookColumn {
  readonly colId: string;
  readonly hide: boolean;
  readonly width: number;
  readonly sort: 'asc' | 'desc' | null;
  /** Place among the columns that are sorted by; null for one that is not. */
  readonly sortIndex: number | null;
}

/** How a blotter looks: its columns in their order, and what is typed over them. */
export interface Look {
  readonly columns: readonly LookColumn[];
  readonly filters: Readonly<Record<string, string>>;
  /** What it is parted into sections by. */
  readonly section: string;
}

/** The section of a look that has none. */
export const NO_SECTIONS = '';

/** A look under a name. */
export interface NamedLook extends Look {
  readonly name: string;
}

/** A blotter as its owner left it. */
export interface BlotterSetup {
  readonly look: Look | undefined;
  readonly views: readonly NamedLook[];
}

/** Views kept of a blotter, characters of a view's name and of a filter, and the widest column in pixels. */
export const MOST_VIEWS = 12;
export const LONGEST_VIEW_NAME = 24;
const LONGEST_FILTER = 200;
const MOST_COLUMNS = 100;
const WIDEST = 2000;

/** What was saved of a blotter; what is missing or damaged in it is as on a new desk. */
export function blotterSetupOf(saved: unknown): BlotterSetup {
  if (!isRecord(saved)) return { look: undefined, views: [] };
  const listed = listOf(saved['views']).slice(0, MOST_VIEWS);
  const views = listed.flatMap((view) => {
    const look = lookOf(view);
    const name = isRecord(view) ? view['name'] : undefined;
    return look !== undefined && isViewName(name) ? [{ name, ...look }] : [];
  });
  return { look: lookOf(saved['look']), views };
}

/** True of what a view can be called. */
export function isViewName(name: unknown): name is string {
  return typeof name === 'string' && name.trim() !== '' && name.length <= LONGEST_VIEW_NAME;
}

/** The views with one added or, under the same name, replaced; the oldest goes when there are too many. */
export function withView(views: readonly NamedLook[], view: NamedLook): NamedLook[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-MOST_VIEWS);
}

function lookOf(value: unknown): Look | undefined {
  if (!isRecord(value)) return undefined;
  const columns = listOf(value['columns']).slice(0, MOST_COLUMNS).flatMap(columnOf);
  const filters = isRecord(value['filters']) ? value['filters'] : {};
  const section = value['section'];
  return {
    columns,
    section: typeof section === 'string' ? section : NO_SECTIONS,
    filters: Object.fromEntries(
      Object.entries(filters).flatMap(([id, text]) =>
        typeof text === 'string' && text.length <= LONGEST_FILTER ? [[id, text]] : [],
      ),
    ),
  };
}

function columnOf(value: unknown): LookColumn[] {
  if (!isRecord(value)) return [];
  const { colId, hide, width, sort, sortIndex } = value;
  if (typeof colId !== 'string' || typeof width !== 'number') return [];
  if (!Number.isFinite(width) || width <= 0 || width > WIDEST) return [];
  return [
    {
      colId,
      hide: hide === true,
      width,
      sort: sort === 'asc' || sort === 'desc' ? sort : null,
      sortIndex: typeof sortIndex === 'number' && Number.isInteger(sortIndex) ? sortIndex : null,
    },
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
