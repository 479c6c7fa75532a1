import { present } from '../../engine/base/invariant.ts';

/** What makes tags one when there is no room for each. */
export interface TagGroup {
  /** Tags of one key may stand in one box. */
  readonly key: string;
  /** Orders of this tag. */
  readonly orders: number;
  /** Their quantity, as the box adds it up. */
  readonly quantity: number;
  /** The text of a box with so many orders and so much quantity. */
  readonly label: (orders: number, quantity: number) => string;
}

/** A line across the chart with a box on it: own orders at a price, or the average price of a position. */
export interface PriceTag {
  readonly id: string;
  /** Price as a plain number, as the chart's axis has it. */
  readonly price: number;
  readonly label: string;
  /** Colour of line, box and text. */
  readonly color: string;
  /** Text on the axis. */
  readonly axisText: string;
  readonly dashed: boolean;
  /** Orders that may be moved by its box; none when it cannot be. */
  readonly orders: readonly string[];
  /** Undefined: it always has a box of its own. */
  readonly group: TagGroup | undefined;
}

/** Height of a box in pixels. */
export const BOX_HEIGHT = 18;
/** Pixels from one box to the next. */
const STEP = BOX_HEIGHT + 2;
/** Boxes of one group: more are a wall that nobody reads. */
const MOST_BOXES = 8;

/** A tag where its price is on the screen, in pixels from the top. */
export interface PlacedTag {
  readonly tag: PriceTag;
  readonly y: number;
}

/** A box in the right margin with the prices it stands for. */
export interface TagBox {
  readonly label: string;
  readonly color: string;
  readonly dashed: boolean;
  /** Undefined when it stands for more than one price, or for one beyond the pane. */
  readonly axisText: string | undefined;
  /** The tag it stands for; undefined when it stands for more than one price, or for one beyond the pane. */
  readonly tag: PriceTag | undefined;
  /** Where its prices are; none when they are beyond the pane. */
  readonly lines: readonly number[];
  /** The middle of its prices. */
  readonly y: number;
  /** Where the box stands. */
  readonly at: number;
}

interface Cluster {
  readonly tags: readonly PlacedTag[];
  readonly y: number;
  /** Where its prices are when they are out of the pane. */
  readonly beyond: Beyond | undefined;
}

/** Points to what is above or below the pane. */
type Beyond = '↑' | '↓';

/** Where everything in the margin stands. */
export interface Margin {
  readonly boxes: readonly TagBox[];
  /** Where the mark of the newest price stands; undefined without one. */
  readonly lastAt: number | undefined;
}

/** Boxes for tags, from the top of a pane so many pixels high to its bottom. Tags of a group whose boxes would cover each other share one, and a group has at most `MOST_BOXES`; tags whose price is above or below the pane share one of their group at its edge. Boxes move just enough not to cover each other or the mark of the newest price, and stay inside the pane while there is room. */
export function marginOf(
  placed: readonly PlacedTag[],
  last: number | undefined,
  height: number,
): Margin {
  // Out of sight, it takes no room.
  const inPane = last !== undefined && last >= 0 && last <= height ? last : undefined;
  const wanted: readonly Wanted[] = [
    ...(inPane === undefined ? [] : [{ y: inPane, cluster: undefined }]),
    ...clustersOf(placed, height).map((cluster) => ({ y: cluster.y, cluster })),
  ];
  const sorted = wanted.toSorted((left, right) => left.y - right.y);
  const places = placesOf(sorted, height);
  let lastAt = last;
  const boxes: TagBox[] = [];
  for (const [index, { cluster }] of sorted.entries()) {
    const at = present(places[index], 'place of a box');
    if (cluster === undefined) lastAt = at;
    else boxes.push(boxOf(cluster, at));
  }
  return { boxes, lastAt };
}

interface Wanted {
  readonly y: number;
  /** Undefined: the mark of the newest price. */
  readonly cluster: Cluster | undefined;
}

/** Moves down what would cover the one before it, then up what that moved out of the pane. */
function placesOf(sorted: readonly Wanted[], height: number): readonly number[] {
  let free = Number.NEGATIVE_INFINITY;
  const down = sorted.map(({ y }) => {
    const at = Math.max(y, free);
    free = at + STEP;
    return at;
  });
  let floor = height - BOX_HEIGHT / 2;
  return down
    .toReversed()
    .map((at) => {
      const up = Math.min(at, floor);
      floor = up - STEP;
      return up;
    })
    .toReversed();
}

function clustersOf(placed: readonly PlacedTag[], height: number): readonly Cluster[] {
  const above = placed.filter(({ y }) => y < 0);
  const below = placed.filter(({ y }) => y > height);
  const inside = placed.filter(({ y }) => y >= 0 && y <= height);
  const { single, groups } = byGroup(inside);
  const clusters = single.map((one): Cluster => ({ tags: [one], y: one.y, beyond: undefined }));
  for (const group of groups) {
    const sorted = group.toSorted((left, right) => left.y - right.y);
    let height = STEP;
    let split = splitBy(sorted, height);
    while (split.length > MOST_BOXES) {
      height *= 2;
      split = splitBy(sorted, height);
    }
    clusters.push(...split);
  }
  return [
    ...edgeOf(above, BOX_HEIGHT / 2, '↑'),
    ...clusters,
    ...edgeOf(below, height - BOX_HEIGHT / 2, '↓'),
  ];
}

/** A box at an edge for each group beyond it. */
function edgeOf(tags: readonly PlacedTag[], y: number, beyond: Beyond): readonly Cluster[] {
  const { single, groups } = byGroup(tags);
  return [...single.map((one) => [one]), ...groups].map((group) => ({ tags: group, y, beyond }));
}

function byGroup(tags: readonly PlacedTag[]): {
  readonly single: readonly PlacedTag[];
  readonly groups: readonly PlacedTag[][];
} {
  const groups = Map.groupBy(tags, ({ tag }) => tag.group?.key);
  const single = groups.get(undefined) ?? [];
  groups.delete(undefined);
  return { single, groups: [...groups.values()] };
}

/** Runs of tags that lie within `height` pixels. */
function splitBy(sorted: readonly PlacedTag[], height: number): readonly Cluster[] {
  const runs: PlacedTag[][] = [];
  let begun = Number.NEGATIVE_INFINITY;
  for (const one of sorted) {
    if (one.y - begun >= height) {
      runs.push([]);
      begun = one.y;
    }
    runs.at(-1)?.push(one);
  }
  return runs.map((tags) => ({
    tags,
    y: ((tags[0]?.y ?? 0) + (tags.at(-1)?.y ?? 0)) / 2,
    beyond: undefined,
  }));
}

function boxOf({ tags, y, beyond }: Cluster, at: number): TagBox {
  const first = present(tags[0], 'tag of a box').tag;
  const { color, dashed, axisText, label, group } = first;
  const lines = beyond === undefined ? tags.map((tag) => tag.y) : [];
  const arrow = beyond === undefined ? '' : `${beyond} `;
  if (tags.length === 1 || group === undefined) {
    const words = beyond === undefined ? label : `${arrow}${label} at ${axisText}`;
    const shown = beyond === undefined ? { axisText, tag: first } : NO_PRICE;
    return { label: words, color, dashed, ...shown, lines, y, at };
  }
  let orders = 0;
  let quantity = 0;
  for (const { tag } of tags) {
    orders += tag.group?.orders ?? 0;
    quantity += tag.group?.quantity ?? 0;
  }
  const text = `${arrow}${group.label(orders, quantity)}`;
  return { label: text, color, dashed, ...NO_PRICE, lines, y, at };
}

/** A box of several prices, or of one that is out of sight, cannot be moved to another. */
const NO_PRICE = { axisText: undefined, tag: undefined };
