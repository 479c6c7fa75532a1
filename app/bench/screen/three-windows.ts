import {
  USUAL_ITEMS,
  WORKSPACE_FORM,
  type DeskDocument,
  type DeskWindow,
  type LayoutNode,
  type Panel,
} from '../../engine/api/workspace.ts';

const PANELS = ['chart', 'ladder', 'time-and-sales', 'watchlist'] as const;
const GROUPS = [1, 2, 3] as const;

/** A `workspace.json` of three windows with four panels each, every window on an instrument of its own. */
export function threeWindows(instruments: readonly string[]): {
  readonly revision: number;
  readonly document: DeskDocument;
} {
  const groups = Object.fromEntries(
    GROUPS.map((group, at) => [group, { instrument: instruments[at] ?? '' }]),
  );
  const workspace = {
    id: 'bench',
    name: 'Bench',
    starter: 'scalper',
    locked: false,
    windows: GROUPS.map(windowOf),
    saved: null,
    groups,
  } as const;
  return {
    revision: 1,
    document: {
      form: WORKSPACE_FORM,
      active: 'bench',
      workspaces: [{ ...workspace, windows: [...workspace.windows] }],
      parts: {},
    },
  };
}

function windowOf(group: (typeof GROUPS)[number]): DeskWindow {
  const panels = PANELS.map((type): Panel => {
    const link = { group, role: 'both' as const, what: [...USUAL_ITEMS] };
    return { id: `${type}-${group}`, type, link, state: null };
  });
  const places = panels.map(({ id }): LayoutNode => ({
    kind: 'stack',
    share: 1,
    panels: [id],
    active: 0,
  }));
  return {
    id: `window-${group}`,
    title: `Window ${group}`,
    bounds: null,
    layout: { kind: 'row', share: 1, children: places },
    panels,
  };
}
