import type { ComponentItemConfig, LayoutConfig, ResolvedLayoutConfig } from 'golden-layout';
import type { LayoutNode } from '../state/workspaces.ts';

type Item = NonNullable<LayoutConfig['root']>;
type ResolvedItem = NonNullable<ResolvedLayoutConfig['root']>;

/** The only component that golden-layout knows; which panel it is stands in its state. */
export const COMPONENT = 'panel';

/** Width of a splitter, pixels. */
export const BORDER = 4;
/** The smallest that a panel is made, pixels. */
export const LEAST_PANEL = { width: 140, height: 80 } as const;

/** Measures and manners of every dock, whatever its panels. */
const FRAME = {
  dimensions: {
    borderWidth: BORDER,
    borderGrabWidth: 8,
    headerHeight: 24,
    defaultMinItemWidth: `${LEAST_PANEL.width}px`,
    defaultMinItemHeight: `${LEAST_PANEL.height}px`,
  },
  settings: { constrainDragToContainer: true, reorderEnabled: true },
  header: { show: 'top', popout: false, close: false, maximise: 'Maximise', minimise: 'Restore' },
} as const satisfies Partial<LayoutConfig>;

/** A layout as golden-layout takes it, for a dock of so many pixels. */
export function configOf(
  layout: LayoutNode | null,
  titleOf: (panel: string) => string,
  size: { readonly width: number; readonly height: number },
): LayoutConfig {
  const item = (node: LayoutNode, width: number, height: number, percent: number): Item => {
    // Golden-layout reads whole numbers only, and takes parts of more than 100 % for shares.
    const size = `${Math.round(percent * 10_000)}%`;
    if (node.kind === 'stack') {
      const content = node.panels.map((id) => componentOf(id, titleOf(id)));
      const activeItemIndex = Math.min(node.active, content.length - 1);
      return { type: 'stack', size, content, activeItemIndex } as Item;
    }
    const along = node.kind === 'row' ? width : height;
    const content = extents(node.children, along).map(({ child, extent }) => {
      const part = along === 0 ? 100 / node.children.length : (100 * extent) / along;
      return node.kind === 'row'
        ? item(child, extent, height, part)
        : item(child, width, extent, part);
    });
    return { type: node.kind, size, content } as Item;
  };
  const root = layout === null ? {} : { root: item(layout, size.width, size.height, 100) };
  return { ...root, ...FRAME } as LayoutConfig;
}

/** One panel as golden-layout takes it. */
export function componentOf(id: string, title: string): ComponentItemConfig {
  return { type: 'component', componentType: COMPONENT, id, title, componentState: { id } };
}

/** The layout that golden-layout shows; null when it shows none. */
export function layoutOf(config: ResolvedLayoutConfig): LayoutNode | null {
  return config.root === undefined ? null : (nodeOf(config.root) ?? null);
}

/** Children that want pixels get them, as far as there is room; the others share the rest. */
function extents(
  children: readonly LayoutNode[],
  along: number,
): readonly { readonly child: LayoutNode; readonly extent: number }[] {
  const wanted = children.reduce((sum, { px = 0 }) => sum + px, 0);
  const shares = children.reduce((sum, { px, share }) => sum + (px === undefined ? share : 0), 0);
  // Pixels never take everything: who only shares keeps a fifth.
  const room = shares > 0 ? along * 0.8 : along;
  const squeeze = wanted > 0 && (wanted > room || shares === 0) ? room / wanted : 1;
  const rest = along - wanted * squeeze;
  return children.map((child) => ({
    child,
    extent: child.px === undefined ? (rest * child.share) / shares : child.px * squeeze,
  }));
}

function nodeOf(item: ResolvedItem): LayoutNode | undefined {
  const share = Math.min(1e6, Math.max(1e-3, item.size));
  if (item.type === 'component') {
    const id = idOf(item);
    return id === undefined ? undefined : { kind: 'stack', share, panels: [id], active: 0 };
  }
  if (item.type === 'stack') {
    const panels = item.content.flatMap((one) => idOf(one) ?? []);
    if (panels.length === 0) return undefined;
    const { activeItemIndex = 0 } = item as { readonly activeItemIndex?: number };
    const active = Math.min(Math.max(0, activeItemIndex), panels.length - 1);
    return { kind: 'stack', share, panels, active };
  }
  if (item.type !== 'row' && item.type !== 'column') return undefined;
  const children = item.content.flatMap((one) => nodeOf(one as ResolvedItem) ?? []);
  return children.length === 0 ? undefined : { kind: item.type, share, children };
}

function idOf(item: { readonly componentState?: unknown }): string | undefined {
  const state = item.componentState;
  if (typeof state !== 'object' || state === null || !('id' in state)) return undefined;
  return typeof state.id === 'string' ? state.id : undefined;
}
