import { ContentItem, RowOrColumn, type GoldenLayout } from 'golden-layout';
import { BORDER, LEAST_PANEL } from './dock-config.ts';

/** How far arrows move a splitter, pixels; with Shift. */
const STEP = 8;
const LARGE_STEP = 40;

const SPLITTER = 'lm_splitter';
/** A press takes a splitter also a little beside it. */
const GRAB = `.${SPLITTER}, .${SPLITTER} > *`;

/** Where a splitter may stand: pixels of what is before it. */
export interface SplitRange {
  readonly least: number;
  readonly most: number;
  readonly now: number;
}

/** Where a key moves a splitter to; undefined for keys that are not its own. */
export function splitGoal(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  upright: boolean,
  { least, most, now }: SplitRange,
): number | undefined {
  const step = shiftKey ? LARGE_STEP : STEP;
  const [back, on] = upright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const goals = new Map([
    [back, now - step],
    [on, now + step],
    ['Home', least],
    ['End', most],
  ]);
  const goal = goals.get(key);
  return goal === undefined ? undefined : Math.min(most, Math.max(least, goal));
}

/** What has to be known of a row, a column or a stack to say how small it may be. */
export interface SplitPart {
  readonly isRow: boolean;
  readonly isColumn: boolean;
  readonly contentItems: readonly SplitPart[];
}

/** The fewest pixels that a part of the dock may have, across a row (`width`) or down a column. */
export function leastOf(part: SplitPart, along: 'width' | 'height'): number {
  if (!part.isRow && !part.isColumn) return LEAST_PANEL[along];
  const parts = part.contentItems.map((one) => leastOf(one, along));
  const inLine = part.isRow === (along === 'width');
  if (!inLine) return Math.max(...parts);
  return parts.reduce((sum, least) => sum + least + BORDER, -BORDER);
}

/** A splitter with what it stands between. */
interface Split {
  readonly element: HTMLElement;
  readonly row: RowOrColumn;
  readonly before: ContentItem;
  readonly after: ContentItem;
}

/** Golden-layout keeps how large a part is to itself: percent of its row or column. */
type Sized = ContentItem & { size: number };

/** The splitters of a dock: moved by key and by pointer, named and read out. Golden-layout's own dragging takes every tab of a stack for a panel beside the others and keeps room for all of them. */
export class Splitters {
  readonly #layout: GoldenLayout;
  /** False while the workspace is locked. */
  #movable = true;

  constructor(dock: HTMLElement, layout: GoldenLayout) {
    this.#layout = layout;
    dock.addEventListener('keydown', (event) => this.#key(event));
    dock.addEventListener('pointerdown', (event) => this.#press(event), { capture: true });
  }

  /** Says of each splitter what it is and where it stands; after every change. */
  mark(movable: boolean): void {
    this.#movable = movable;
    for (const split of this.#splits()) {
      const { element, row, before, after } = split;
      const { least, most, now } = rangeOf(split);
      element.role = 'separator';
      // A splitter beside something stands upright.
      element.ariaOrientation = row.isRow ? 'vertical' : 'horizontal';
      element.ariaLabel = `Between ${titlesIn(before)} and ${titlesIn(after)}`;
      element.ariaValueMin = String(least);
      element.ariaValueMax = String(most);
      element.ariaValueNow = String(now);
      element.ariaValueText = `${now} pixels`;
      element.ariaDisabled = movable ? null : 'true';
      element.tabIndex = movable ? 0 : -1;
    }
  }

  #key(event: KeyboardEvent): void {
    const { target, ctrlKey, altKey, metaKey } = event;
    if (!this.#movable || ctrlKey || altKey || metaKey) return;
    const split = this.#splits().find(({ element }) => element === target);
    if (split === undefined) return;
    const goal = splitGoal(event, split.row.isRow, rangeOf(split));
    if (goal === undefined) return;
    event.preventDefault();
    this.#place(split, goal);
  }

  #press(event: PointerEvent): void {
    const { target, button, isPrimary } = event;
    const grabbed = target instanceof Element && target.matches(GRAB);
    const split = this.#splits().find(({ element }) => grabbed && element.contains(target));
    if (split === undefined) return;
    // Before golden-layout drags it.
    event.stopPropagation();
    if (button === 0 && isPrimary && this.#movable) this.#drag(split, event);
  }

  /** Only the splitter follows the pointer: what it stands between is drawn anew when it is let go. */
  #drag(split: Split, { pointerId, clientX, clientY }: PointerEvent): void {
    const { element, row } = split;
    const { least, most, now } = rangeOf(split);
    const ended = new AbortController();
    const { signal } = ended;
    let goal = now;
    element.setPointerCapture(pointerId);
    element.classList.add('lm_dragging');
    const end = (place: number): void => {
      ended.abort();
      element.classList.remove('lm_dragging');
      element.style.translate = '';
      // Another layout may have come meanwhile.
      if (place !== now && element.isConnected) this.#place(split, place);
    };
    element.addEventListener(
      'pointermove',
      (event) => {
        const moved = row.isRow ? event.clientX - clientX : event.clientY - clientY;
        goal = Math.round(Math.min(most, Math.max(least, now + moved)));
        element.style.translate = row.isRow ? `${goal - now}px` : `0 ${goal - now}px`;
      },
      { signal },
    );
    element.addEventListener('lostpointercapture', () => end(goal), { signal });
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        end(now);
      },
      { capture: true, signal },
    );
  }

  /** Gives what is before a splitter so many pixels, and the rest of both to what is after it. */
  #place({ row, before, after }: Split, pixels: number): void {
    const [first, second] = [before as Sized, after as Sized];
    const [own, other] = [pixelsOf(before, row), pixelsOf(after, row)];
    const all = row.contentItems.reduce((sum, part) => sum + pixelsOf(part, row), 0);
    // Golden-layout rounds down: the hair keeps whole pixels whole.
    const hair = 1e-3;
    first.size = (100 * (pixels + hair)) / all;
    second.size = (100 * (own + other - pixels + hair)) / all;
    row.updateSize(false);
    this.mark(this.#movable);
  }

  #splits(): readonly Split[] {
    return this.#layout.isInitialised ? splitsIn(this.#layout.rootItem) : [];
  }
}

function splitsIn(item: ContentItem | undefined): readonly Split[] {
  if (!(item instanceof RowOrColumn)) return [];
  const own = [...item.element.children].filter((child) => child.classList.contains(SPLITTER));
  const splits = own.flatMap((element, index) => {
    const [before, after] = item.contentItems.slice(index, index + 2);
    if (!(element instanceof HTMLElement) || before === undefined || after === undefined) return [];
    return [{ element, row: item, before, after }];
  });
  return [...splits, ...item.contentItems.flatMap((child) => splitsIn(child))];
}

function rangeOf({ row, before, after }: Split): SplitRange {
  const along = row.isRow ? 'width' : 'height';
  const now = pixelsOf(before, row);
  const both = now + pixelsOf(after, row);
  const least = Math.min(now, leastOf(before, along));
  return { least, most: Math.max(now, both - leastOf(after, along)), now };
}

/** As golden-layout has written it: reading it asks for no layout. */
function pixelsOf(part: ContentItem, row: RowOrColumn): number {
  return Number.parseFloat(row.isRow ? part.element.style.width : part.element.style.height);
}

/** The panels that are in front in a part of the dock. */
function titlesIn(item: ContentItem): string {
  if (ContentItem.isStack(item)) return item.getActiveComponentItem()?.title ?? '';
  return item.contentItems.map((part) => titlesIn(part)).join(', ');
}
