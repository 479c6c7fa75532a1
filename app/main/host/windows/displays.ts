import type { WindowBounds } from '../../../engine/api/workspace.ts';

/** A rectangle of the desktop, in pixels that do not depend on a display's scale. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A display as it is now. */
export interface DisplayNow {
  readonly id: string;
  /** What the monitor calls itself; '' where the system does not say. */
  readonly label: string;
  readonly bounds: Rectangle;
  /** Without task bars and docks. */
  readonly workArea: Rectangle;
  readonly scale: number;
}

/** Where a window goes. `home`: on the display it was saved on; otherwise that is away, and what was saved must be kept for its return. */
export interface Placing {
  readonly rectangle: Rectangle;
  readonly display: DisplayNow;
  readonly home: boolean;
}

type Fingerprint = WindowBounds['display'];

/** A desktop has at least one display; the first is the main one. */
export type Displays = readonly [DisplayNow, ...DisplayNow[]];

/** Height of a title bar by which a window is moved, and how much of it must be seen. */
const TITLE_HEIGHT = 32;
const TITLE_SEEN = 120;
/** A window that was never saved, of its display's work area. */
const FIRST_PART = 0.9;
/** Each further one is set off by this from the one before it. */
const STEP = 32;
const SMALLEST = 200;
/** Systems put a window so far off what was asked, for borders that are not seen and for rounding at a scale. */
const SLACK = 8;

/** By what a display is known again. */
export function fingerprintOf({ bounds, scale, id, label }: DisplayNow): Fingerprint {
  return { ...rounded(bounds), scale, id, ...(label === '' ? {} : { label }) };
}

/** The display that `saved` was taken of; undefined while it is not there. */
export function findDisplay(saved: Fingerprint, displays: Displays): DisplayNow | undefined {
  const ofId = displays.filter(({ id }) => id === saved.id);
  const ofLabel = displays.filter(({ label }) => label !== '' && label === saved.label);
  const unnamed = displays.filter(
    ({ label }) => saved.label === undefined || label === '' || label === saved.label,
  );
  // A number may be given to another monitor; together with the size or the name it is not.
  return (
    nearest(
      saved,
      ofId.filter((display) => isOfSize(saved, display)),
    ) ??
    nearest(
      saved,
      ofLabel.filter((display) => isOfSize(saved, display)),
    ) ??
    nearest(
      saved,
      ofId.filter((display) => unnamed.includes(display)),
    ) ??
    nearest(saved, ofLabel) ??
    unnamed.find((display) => isOfSize(saved, display) && isAtPlace(saved, display))
  );
}

/** Where a window goes on the displays there are; `nth` sets windows without a saved place off from each other. */
export function placeWindow(saved: WindowBounds | null, displays: Displays, nth: number): Placing {
  const [main] = displays;
  if (saved === null)
    return { rectangle: firstPlace(main.workArea, nth), display: main, home: true };
  const found = findDisplay(saved.display, displays);
  const display = found ?? mostCovered(saved, displays) ?? main;
  const frame = frameOf(saved.display, display);
  const moved = rounded({
    left: frame.left + (saved.left - saved.display.left) * (frame.width / saved.display.width),
    top: frame.top + (saved.top - saved.display.top) * (frame.height / saved.display.height),
    width: saved.width * Math.min(1, frame.width / saved.display.width),
    height: saved.height * Math.min(1, frame.height / saved.display.height),
  });
  const unchanged = found !== undefined && isOfSize(saved.display, display);
  const rectangle =
    unchanged && isReachable(moved, displays) ? moved : within(moved, display.workArea);
  return { rectangle, display, home: found !== undefined };
}

/** What is saved of a window that stands at `rectangle`. */
export function boundsOn(
  rectangle: Rectangle,
  display: DisplayNow,
  filling: 'maximized' | 'fullscreen' | undefined,
): WindowBounds {
  return {
    ...rounded(rectangle),
    ...(filling === undefined ? {} : { filling }),
    display: fingerprintOf(display),
  };
}

/** How a window stands on the screen. */
export interface Standing {
  readonly rectangle: Rectangle;
  readonly display: DisplayNow;
  readonly filling: WindowBounds['filling'];
}

/**
 * What is to be kept of how a window stands; undefined when `saved` stays. That is so while its own display is away, wherever
 * it stands meanwhile, and while it stands where it was `put`: that is no wish of its person.
 */
export function boundsToKeep(
  { rectangle, display, filling }: Standing,
  put: Rectangle | undefined,
  saved: WindowBounds | null,
  displays: Displays,
): WindowBounds | undefined {
  const bounds = boundsOn(rectangle, display, filling);
  if (saved === null) return bounds;
  const asPut = put !== undefined && isAbout(rectangle, put) && filling === saved.filling;
  if (asPut || findDisplay(saved.display, displays) === undefined) return undefined;
  return bounds;
}

/** True when enough of the title bar can be seen and grabbed somewhere. */
export function isReachable({ left, top, width }: Rectangle, displays: Displays): boolean {
  const title = { left, top, width, height: TITLE_HEIGHT };
  return displays.some(({ workArea }) => {
    const seen = overlap(title, workArea);
    return seen.height === TITLE_HEIGHT && seen.width >= Math.min(TITLE_SEEN, width);
  });
}

function rounded({ left, top, width, height }: Rectangle): Rectangle {
  return {
    left: Math.round(left),
    top: Math.round(top),
    width: Math.max(1, Math.round(width)),
    height: Math.max(1, Math.round(height)),
  };
}

function isAbout(one: Rectangle, other: Rectangle): boolean {
  return (['left', 'top', 'width', 'height'] as const).every(
    (side) => Math.abs(one[side] - other[side]) <= SLACK,
  );
}

/** A browser knows of a display only the work area: either is its size. */
function isOfSize(saved: Fingerprint, { bounds, workArea }: DisplayNow): boolean {
  return [bounds, workArea].some(
    ({ width, height }) => saved.width === width && saved.height === height,
  );
}

function isAtPlace(saved: Fingerprint, { bounds, workArea }: DisplayNow): boolean {
  return [bounds, workArea].some(({ left, top }) => saved.left === left && saved.top === top);
}

/** The rectangle of the display that corresponds to the saved one. */
function frameOf(saved: Fingerprint, { bounds, workArea }: DisplayNow): Rectangle {
  const isArea = saved.width === workArea.width && saved.height === workArea.height;
  return saved.id === undefined || isArea ? workArea : bounds;
}

function nearest(saved: Fingerprint, displays: readonly DisplayNow[]): DisplayNow | undefined {
  const distance = ({ bounds }: DisplayNow): number =>
    Math.hypot(bounds.left - saved.left, bounds.top - saved.top);
  return displays.toSorted((one, other) => distance(one) - distance(other))[0];
}

function mostCovered(saved: Rectangle, displays: Displays): DisplayNow | undefined {
  const covered = ({ workArea }: DisplayNow): number => {
    const { width, height } = overlap(saved, workArea);
    return width * height;
  };
  const [most] = displays.toSorted((one, other) => covered(other) - covered(one));
  return most !== undefined && covered(most) > 0 ? most : undefined;
}

function overlap(one: Rectangle, other: Rectangle): Rectangle {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  return {
    left,
    top,
    width: Math.max(0, Math.min(one.left + one.width, other.left + other.width) - left),
    height: Math.max(0, Math.min(one.top + one.height, other.top + other.height) - top),
  };
}

/** Moved, and made smaller where it must be, so that all of it is inside. */
function within(wanted: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(Math.max(wanted.width, SMALLEST), area.width);
  const height = Math.min(Math.max(wanted.height, SMALLEST), area.height);
  return {
    left: Math.min(Math.max(wanted.left, area.left), area.left + area.width - width),
    top: Math.min(Math.max(wanted.top, area.top), area.top + area.height - height),
    width,
    height,
  };
}

function firstPlace(area: Rectangle, nth: number): Rectangle {
  const width = area.width * FIRST_PART;
  const height = area.height * FIRST_PART;
  return within(
    rounded({
      left: area.left + (area.width - width) / 2 + nth * STEP,
      top: area.top + (area.height - height) / 2 + nth * STEP,
      width,
      height,
    }),
    area,
  );
}
