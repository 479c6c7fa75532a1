import {
  USUAL_ITEMS,
  type DeskWindow,
  type LayoutNode,
  type LinkGroupNumber,
  type Panel,
  type PanelLinkSetting,
  type Starter,
  type Workspace,
} from '../../../engine/api/workspace.ts';

/** What starter workspaces are called. */
export const STARTER_NAMES: Readonly<Record<Starter, string>> = {
  scalper: 'Scalper',
  swing: 'Swing',
  'market-maker': 'Market maker',
  researcher: 'Researcher',
  'risk-officer': 'Risk officer',
  laptop: 'Laptop',
};

/** A new workspace from a starter; `narrow` when it is made in a window of less than 1,700 px. */
export function starterWorkspace(
  starter: Starter,
  narrow: boolean,
  name: string,
  newId: () => string,
): Workspace {
  return {
    id: newId(),
    name,
    starter,
    locked: false,
    windows: [starterWindow(starter, narrow, newId)],
    saved: null,
    groups: {},
  };
}

/** The one window of a starter. */
export function starterWindow(starter: Starter, narrow: boolean, newId: () => string): DeskWindow {
  const maker = new PanelMaker(newId);
  const layout = LAYOUTS[starter](maker, narrow);
  return { id: newId(), title: 'Window 1', bounds: null, layout, panels: maker.panels };
}

/** How a panel of a type is linked when it is docked. */
export function usualLink(type: string): PanelLinkSetting {
  return UNLINKED.has(type) ? null : linkTo(6);
}

function linkTo(group: LinkGroupNumber): PanelLinkSetting {
  return { group, role: 'both', what: [...USUAL_ITEMS] };
}

const UNLINKED = new Set(['health', 'log']);

/** Makes panels as they are named in a layout. */
class PanelMaker {
  readonly panels: Panel[] = [];
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  add(type: string, group?: LinkGroupNumber, state: Panel['state'] = null): string {
    const id = this.#newId();
    const link = group === undefined ? usualLink(type) : linkTo(group);
    this.panels.push({ id, type, link, state });
    return id;
  }
}

interface Size {
  readonly share?: number;
  /** Width or height that the panel's columns want. */
  readonly px?: number;
}

type Layouts = Readonly<Record<Starter, (make: PanelMaker, narrow: boolean) => LayoutNode>>;

const LAYOUTS: Layouts = {
  scalper,
  laptop: (make) => scalper(make, true),
  swing: (make) =>
    split('row', {}, [
      split('column', { px: 304 }, [
        tabs(make, {}, ['watchlist']),
        tabs(make, { px: 560 }, ['ticket']),
      ]),
      split('column', {}, [
        stack({ share: 7 }, [make.add('chart', 6, HOURS)]),
        tabs(make, { px: 236 }, ['positions', 'orders', 'fills', 'order-truth', 'health', 'log']),
      ]),
    ]),
  'market-maker': (make, narrow) =>
    split('row', {}, [
      tabs(make, { px: narrow ? 396 : 456 }, ['ladder']),
      stack({ px: narrow ? 396 : 456 }, [make.add('ladder', 3)]),
      split('column', {}, [
        tabs(make, { share: 4 }, ['orders', 'fills', 'ticket']),
        tabs(make, { share: 3 }, ['positions', 'order-truth', 'health']),
        tabs(make, { share: 3 }, ['time-and-sales', 'watchlist', 'log']),
      ]),
    ]),
  researcher: (make) =>
    split('row', {}, [
      tabs(make, { px: 280 }, ['watchlist']),
      split('column', {}, [tabs(make, {}, ['chart']), stack({}, [make.add('chart', 3)])]),
      split('column', { px: 520 }, [
        tabs(make, { share: 3 }, ['time-and-sales']),
        tabs(make, { share: 2 }, ['log', 'health']),
      ]),
    ]),
  'risk-officer': (make) =>
    split('row', {}, [
      split('column', { share: 3 }, [
        tabs(make, { share: 2 }, ['positions']),
        tabs(make, { share: 3 }, ['orders', 'fills']),
      ]),
      split('column', { share: 2 }, [
        tabs(make, { share: 2 }, ['health', 'watchlist']),
        tabs(make, {}, ['order-truth', 'log']),
      ]),
    ]),
};

/** What a chart keeps: bars of an hour, the rest as on a new one. */
const HOURS: Panel['state'] = { chart: { interval: '1h' } };

/** Watchlist and ticket, chart over blotters, ladder, tape. */
function scalper(make: PanelMaker, narrow: boolean): LayoutNode {
  const px = narrow
    ? { left: 264, ladder: 396, tape: 208, bottom: 236, ticket: 540 }
    : { left: 304, ladder: 456, tape: 236, bottom: 272, ticket: 560 };
  const top = split('row', {}, [
    split('column', { px: px.left }, [
      tabs(make, {}, ['watchlist']),
      tabs(make, { px: px.ticket }, ['ticket']),
    ]),
    tabs(make, {}, ['chart']),
  ]);
  const bottom = narrow
    ? tabs(make, { px: px.bottom }, [
        'orders',
        'fills',
        'positions',
        'order-truth',
        'health',
        'log',
      ])
    : split('row', { px: px.bottom }, [
        tabs(make, { share: 64 }, ['orders', 'fills', 'log']),
        tabs(make, { share: 36 }, ['positions', 'order-truth', 'health']),
      ]);
  return split('row', {}, [
    split('column', {}, [top, bottom]),
    tabs(make, { px: px.ladder }, ['ladder']),
    tabs(make, { px: px.tape }, ['time-and-sales']),
  ]);
}

function split(kind: 'row' | 'column', size: Size, children: readonly LayoutNode[]): LayoutNode {
  return { kind, share: 1, ...size, children };
}

function tabs(make: PanelMaker, size: Size, types: readonly string[]): LayoutNode {
  return stack(
    size,
    types.map((type) => make.add(type)),
  );
}

function stack(size: Size, panels: string[]): LayoutNode {
  return { kind: 'stack', share: 1, ...size, panels, active: 0 };
}
