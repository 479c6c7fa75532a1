import type { LayoutNode, SplitNode, StackNode } from '../../../engine/api/workspace.ts';

/** Ids of the panels of a layout, in reading order. */
export function panelIdsOf(layout: LayoutNode | null): readonly string[] {
  if (layout === null) return [];
  return layout.kind === 'stack' ? layout.panels : layout.children.flatMap(panelIdsOf);
}

/** A place with one panel. */
export function stackOf(panels: readonly string[], share = 1): StackNode {
  return { kind: 'stack', share, panels: [...panels], active: 0 };
}

/** The layout with each of `ids` exactly once: what is not among them goes, what is missing joins the place with the most tabs. */
export function holdingExactly(
  layout: LayoutNode | null,
  ids: readonly string[],
): LayoutNode | null {
  const wanted = new Set(ids);
  // Taken out of `wanted` at the first sight, so that a second sight is dropped.
  const kept = filtered(layout, (id) => wanted.delete(id));
  return [...wanted].reduce<LayoutNode | null>((tree, id) => withPanel(tree, id, null), kept);
}

/** The layout without a panel; places and rows that it empties go with it. */
export function withoutPanel(layout: LayoutNode | null, panel: string): LayoutNode | null {
  return filtered(layout, (id) => id !== panel);
}

/** The layout with one more panel in front of the place of `beside`, or of the place with the most tabs. */
export function withPanel(
  layout: LayoutNode | null,
  panel: string,
  beside: string | null,
): LayoutNode {
  if (layout === null) return stackOf([panel]);
  const near = stacksOf(layout).find(({ panels }) => panels.some((id) => id === beside));
  const target = near ?? fullest(layout);
  return replaced(layout, target, {
    ...target,
    panels: [...target.panels, panel],
    active: target.panels.length,
  });
}

/** True when two layouts differ at most in sizes and in which panels are in front. */
export function sameShape(one: LayoutNode | null, other: LayoutNode | null): boolean {
  return JSON.stringify(withoutFronts(one)) === JSON.stringify(withoutFronts(other));
}

/** True when two layouts differ at most in which panels are in front: the sizes count. */
export function sameButFronts(one: LayoutNode | null, other: LayoutNode | null): boolean {
  const text = (layout: LayoutNode | null): string =>
    JSON.stringify(layout, (key, value: unknown) => (key === 'active' ? undefined : value));
  return text(one) === text(other);
}

function filtered(layout: LayoutNode | null, keep: (id: string) => boolean): LayoutNode | null {
  if (layout === null) return null;
  if (layout.kind === 'stack') {
    const front = layout.panels[layout.active];
    const panels = layout.panels.filter(keep);
    if (panels.length === 0) return null;
    const at = front === undefined ? -1 : panels.indexOf(front);
    const active = at === -1 ? Math.min(layout.active, panels.length - 1) : at;
    return { ...layout, panels, active };
  }
  const children = layout.children.flatMap((child) => filtered(child, keep) ?? []);
  const [only] = children;
  if (only === undefined) return null;
  return children.length === 1 ? sizedAs(only, layout) : { ...layout, children };
}

/** A node in the place of another. */
function sizedAs(node: LayoutNode, place: LayoutNode): LayoutNode {
  const { px: _px, ...rest } = node;
  const px = place.px === undefined ? {} : { px: place.px };
  return { ...rest, share: place.share, ...px };
}

/** The place with the most tabs, the first of several: a panel that comes by itself hides a blotter, not a ladder. */
function fullest(layout: LayoutNode): StackNode {
  return stacksOf(layout).reduce((best, one) =>
    one.panels.length > best.panels.length ? one : best,
  );
}

function stacksOf(layout: LayoutNode): readonly StackNode[] {
  return layout.kind === 'stack' ? [layout] : layout.children.flatMap(stacksOf);
}

function replaced(layout: LayoutNode, from: StackNode, to: StackNode): LayoutNode {
  if (layout === from) return to;
  if (layout.kind === 'stack') return layout;
  const children = layout.children.map((child) => replaced(child, from, to));
  return { ...layout, children } satisfies SplitNode;
}

function withoutFronts(layout: LayoutNode | null): unknown {
  if (layout === null) return null;
  if (layout.kind === 'stack') return layout.panels;
  return { kind: layout.kind, children: layout.children.map(withoutFronts) };
}
