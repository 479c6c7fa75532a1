import {
  USUAL_ITEMS,
  WORKSPACE_FORM,
  type DeskDocument,
  type DeskWindow,
  type LayoutNode,
  type LinkGroupNumber,
  type Panel,
} from '../../engine/api/workspace.ts';

/** A panel of a bench's desk, and the group whose instrument it shows. */
export interface BenchPanel {
  readonly type: string;
  readonly group: LinkGroupNumber;
}

/** The panels of a window: rows of stacks. */
export type BenchWindow = readonly (readonly (readonly BenchPanel[])[])[];

const GROUPS: readonly LinkGroupNumber[] = [1, 2, 3, 4, 5];
const FOUR = ['chart', 'ladder', 'time-and-sales', 'watchlist'] as const;

/** Three windows with four panels each, every window on an instrument of its own. */
export const THREE_WINDOWS: readonly BenchWindow[] = GROUPS.slice(0, 3).map((group) => [
  FOUR.map((type) => [{ type, group }]),
]);

const ALL = { columns: 5, rows: 4, stacks: 10, tabs: 5 };

function groupAt(index: number): LinkGroupNumber {
  return GROUPS[index % GROUPS.length] ?? 1;
}

/** Twenty charts in sight, fifty ladders in ten stacks, and the blotters: a window of each kind. */
export const FULL_DESK: readonly BenchWindow[] = [
  Array.from({ length: ALL.rows }, () =>
    Array.from({ length: ALL.columns }, (_, at) => [{ type: 'chart', group: groupAt(at) }]),
  ),
  [
    Array.from({ length: ALL.stacks }, () =>
      Array.from({ length: ALL.tabs }, (_, at) => ({ type: 'ladder', group: groupAt(at) })),
    ),
  ],
  [
    ['orders', 'fills'],
    ['positions', 'time-and-sales'],
  ].map((row) => row.map((type) => [{ type, group: 1 as const }])),
];

/** A `workspace.json` of these windows; group 1 shows the first instrument, and so on. */
export function benchDesk(
  windows: readonly BenchWindow[],
  instruments: readonly string[],
): { readonly revision: number; readonly document: DeskDocument } {
  const groups = Object.fromEntries(
    instruments.map((instrument, at) => [GROUPS[at] ?? 1, { instrument }]),
  );
  return {
    revision: 1,
    document: {
      form: WORKSPACE_FORM,
      active: 'bench',
      workspaces: [
        {
          id: 'bench',
          name: 'Bench',
          starter: 'scalper',
          locked: false,
          windows: windows.map(windowOf),
          saved: null,
          groups,
        },
      ],
      parts: {},
    },
  };
}

function windowOf(rows: BenchWindow, index: number): DeskWindow {
  const panels: Panel[] = [];
  const stackOf = (stack: readonly BenchPanel[]): LayoutNode => {
    const made = stack.map(({ type, group }): Panel => {
      const link = { group, role: 'both' as const, what: [...USUAL_ITEMS] };
      const panel = { id: `${type}-${index}-${panels.length}`, type, link, state: null };
      panels.push(panel);
      return panel;
    });
    return { kind: 'stack', share: 1, panels: made.map(({ id }) => id), active: 0 };
  };
  const rowOf = (stacks: BenchWindow[number]): LayoutNode => ({
    kind: 'row',
    share: 1,
    children: stacks.map(stackOf),
  });
  const [only, ...others] = rows.map(rowOf);
  const layout: LayoutNode | undefined =
    others.length === 0 || only === undefined
      ? only
      : { kind: 'column', share: 1, children: [only, ...others] };
  return {
    id: `window-${index}`,
    title: `Window ${index + 1}`,
    bounds: null,
    layout: layout ?? null,
    panels,
  };
}
