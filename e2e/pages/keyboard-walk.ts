import type { Page } from '@playwright/test';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where the keyboard stood after a press of Tab, as a person sees it. */
interface Stop {
  /** `title`, `banners`, `status`, `splitter`, or the type of the panel that is in front there. */
  readonly place: string;
  /** For the reader of a failure. */
  readonly what: string;
  readonly isPanel: boolean;
  readonly isTab: boolean;
  /** It is drawn in the window, and nothing lies over it. */
  readonly seen: boolean;
  /** What shows that the keyboard is here; undefined for nothing. */
  readonly mark: string | undefined;
  readonly box: Box;
  /** Of its place. */
  readonly around: Box;
  /** It is the desk's last button. */
  readonly last: boolean;
}

/** More stops than any desk has: the keyboard is caught. */
const MOST_STOPS = 200;

/** The places in the order in which Tab reached them, and a line for each thing about the stops that is wrong. */
export interface Walk {
  readonly places: readonly string[];
  readonly wrong: readonly string[];
  /** How many splitters it stopped at. */
  readonly splitters: number;
}

/** Presses Tab until the keyboard went once through the desk, from its first stop to its last; axe must be in the page. */
export async function walkDesk(page: Page): Promise<Walk> {
  await page.evaluate(() => Object.assign(globalThis, { keyboardStops: [] }));
  await page.locator('footer button').last().focus();
  const stops: Stop[] = [];
  while (stops.length < MOST_STOPS && stops.at(-1)?.last !== true) {
    const stop = await nextStop(page);
    if (stop !== undefined) stops.push(stop);
  }
  const again = await nextStop(page);
  const names = await page.evaluate(namesOfStops);
  const within = stops.filter(({ place }) => place !== 'splitter');
  const visits = within.filter(({ place }, index) => place !== within[index - 1]?.place);
  return {
    places: visits.map(({ place }) => place),
    wrong: [
      ...(again !== undefined && again.what === stops[0]?.what ? [] : ['it does not come round']),
      ...stops.flatMap((stop, index) => wrongStop(stop, stops[index - 1], names[index] ?? '')),
      ...visits.flatMap((first, index) => wrongVisit(first, visits[index - 1], stops)),
    ],
    splitters: stops.length - within.length,
  };
}

function wrongStop(stop: Stop, before: Stop | undefined, name: string): readonly string[] {
  const { place, what, seen, mark, box } = stop;
  const goesOn =
    before?.place !== place || box.left >= before.box.left || box.top >= before.box.bottom - 1;
  return [
    ...(seen ? [] : ['is not seen']),
    ...(mark === undefined ? ['does not show that it has the keyboard'] : []),
    ...(name.trim() === '' ? ['has no name'] : []),
    ...(goesOn ? [] : [`comes after ${before.what}`]),
  ].map((words) => `${place}: ${what} ${words}`);
}

/** What is wrong with a place that the keyboard came to, of which `first` is the first stop. */
function wrongVisit(
  first: Stop,
  before: Stop | undefined,
  stops: readonly Stop[],
): readonly string[] {
  const { place, around, isTab, isPanel } = first;
  const after =
    before === undefined ||
    around.left >= before.around.right - 1 ||
    around.top >= before.around.bottom - 1;
  // One stop for all tabs of a header, before what the panel has.
  const tabs = stops.filter((stop) => stop.place === place && stop.isTab).length;
  return [
    ...(after ? [] : [`lies before ${before.place}`]),
    ...(isTab === isPanel && tabs === (isPanel ? 1 : 0) ? [] : [`has ${tabs} tabs as stops`]),
  ].map((words) => `${place} ${words}`);
}

/** Runs in the page: the accessible names of the stops so far. */
function namesOfStops(): readonly string[] {
  const { axe, keyboardStops } = globalThis as unknown as {
    axe: {
      setup: (within: Element) => void;
      teardown: () => void;
      commons: { text: { accessibleText: (element: Element) => string } };
    };
    keyboardStops: readonly Element[];
  };
  axe.setup(document.body);
  const names = keyboardStops.map((element) => axe.commons.text.accessibleText(element));
  axe.teardown();
  return names;
}

/** The next stop within the page: between its ends a browser goes through its own bar. */
async function nextStop(page: Page): Promise<Stop | undefined> {
  for (let outside = 0; outside < 2; outside += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(readStop);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** Runs in the page; keeps the element under `keyboardStops`. */
function readStop(): Stop | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  const { keyboardStops } = globalThis as unknown as { keyboardStops: Element[] };
  keyboardStops.push(element);
  const boxOf = (each: Element): Box => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  const outlined = (each: Element | null | undefined): boolean => {
    if (!each) return false;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(each);
    const drawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
    return drawn && outlineColor !== 'rgba(0, 0, 0, 0)';
  };
  const stack = element.closest('.lm_stack');
  const front = stack?.querySelector('.lm_tab.lm_active');
  // A panel itself is marked on its tab, a field by its frame, a box to tick by the box beside it.
  const marks: readonly (readonly [string, () => boolean | undefined])[] = [
    ['ring', () => outlined(element)],
    ['ring of its field', () => outlined(element.parentElement)],
    ['ring of its box', () => outlined(element.parentElement?.querySelector('.box'))],
    ['the field opens', () => element.closest('.cmd.open') !== null],
    [
      'line over its tab',
      () =>
        element.matches('.panel') &&
        !!front &&
        getComputedStyle(front, '::before').height === '2px',
    ],
  ];
  const box = boxOf(element);
  const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  const whole = element.closest('label') ?? element;
  const row = element.closest<HTMLElement>('header.title, [data-testid="banners"], footer.status');
  const around = row ?? stack ?? document.body;
  const panels = [...(stack?.querySelectorAll<HTMLElement>('[data-panel]') ?? [])];
  const shown = panels.find((panel) => panel.checkVisibility());
  return {
    place:
      element.role === 'separator'
        ? 'splitter'
        : (row?.dataset['testid'] ?? row?.className ?? shown?.dataset['panel'] ?? 'nowhere'),
    what: `${element.role ?? element.tagName} ${element.ariaLabel ?? element.innerText}`,
    isPanel: row === null,
    isTab: element.role === 'tab',
    seen:
      element.checkVisibility({ visibilityProperty: true }) &&
      box.right > box.left &&
      box.bottom > box.top &&
      whole.contains(hit),
    mark: marks.find(([, drawn]) => drawn() === true)?.[0],
    box,
    around: boxOf(around),
    last: element === [...document.querySelectorAll('footer button')].at(-1),
  };
}
