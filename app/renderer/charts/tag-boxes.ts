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
  /** Undefined when it stands for more than one price. */
  readonly axisText: string | undefined;
  /** The tag it stands for; undefined when it stands for more than one price. */
  readonly tag: PriceTag | undefined;
  /** Where its prices are. */
  readonly lines: readonly number[];
  /** The middle of its prices. */
  readonly y: number;
  /** Where the box stands. */
  readonly at: number;
}

interface Cluster {
  readonly tags: readonly PlacedTag[];
  readonly y: number;
}

/** Where everything in the margin stands. */
export interface Margin {
  readonly boxes: readonly TagBox[];
  /** Where the mark of the newest price stands; undefined without one. */
  readonly lastAt: number | undefined;
}

/** Boxes for tags, from the top down. Tags of a group whose boxes would cover each other share one, and a group has at most `MOST_BOXES`; boxes move down just enough not to cover each other or the mark of the newest price. */
export function marginOf(placed: readonly PlacedTag[], last: number | undefined): Margin {
  const wanted: readonly { readonly y: number; readonly cluster: Cluster | undefined }[] = [
    ...(last === undefined ? [] : [{ y: last, cluster: undefined }]),
    ...clustersOf(placed).map((cluster) => ({ y: cluster.y, cluster })),
  ];
  let free = Number.NEGATIVE_INFINITY;
  let lastAt: number | undefined;
  const boxes: TagBox[] = [];
  for (const { y, cluster } of wanted.toSorted((left, right) => left.y - right.y)) {
    const at = Math.max(y, free);
    free = at + STEP;
    if (cluster === undefined) lastAt = at;
    else boxes.push(boxOf(cluster, at));
  }
  return { boxes, lastAt };
}

function clustersOf(placed: readonly PlacedTag[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  const groups = new Map<string, PlacedTag[]>();
  for (const one of placed) {
    const key = one.tag.group?.key;
    if (key === undefined) clusters.push({ tags: [one], y: one.y });
    else groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const sorted = group.toSorted((left, right) => left.y - right.y);
    let height = STEP;
    let split = splitBy(sorted, height);
    while (split.length > MOST_BOXES) {
      height *= 2;
      split = splitBy(sorted, height);
    }
    clusters.push(...split);
  }
  return clusters;
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
  }));
}

function boxOf({ tags, y }: Cluster, at: number): TagBox {
  const first = present(tags[0], 'tag of a box').tag;
  const { color, dashed, axisText, label, group } = first;
  if (tags.length === 1 || group === undefined) {
    return { label, color, dashed, axisText, tag: first, lines: [y], y, at };
  }
  let orders = 0;
  let quantity = 0;
  for (const { tag } of tags) {
    orders += tag.group?.orders ?? 0;
    quantity += tag.group?.quantity ?? 0;
  }
  const lines = tags.map((tag) => tag.y);
  const text = group.label(orders, quantity);
  return { label: text, color, dashed, axisText: undefined, tag: undefined, lines, y, at };
}
