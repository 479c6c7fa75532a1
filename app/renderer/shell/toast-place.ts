/** A panel that can be seen, and where, in pixels of the window. */
export interface SeenPanel {
  readonly type: string;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Under which panels notices may stand, the first that is there: nothing is decided or pressed in them. */
const UNDER = [
  'time-and-sales',
  'log',
  'watchlist',
  'health',
  'data',
  'consolidated-book',
  'order-truth',
  'balances',
  'chart',
] as const;

/** Least room for the notices, pixels. */
const LEAST = { width: 180, height: 120 };
const GAP = 4;

/** The right and lower edge of the notices: the lower right corner of a panel they may cover. Undefined when there is none. */
export function toastPlace(
  panels: readonly SeenPanel[],
): { readonly right: number; readonly bottom: number; readonly width: number } | undefined {
  const roomy = panels.filter(
    ({ width, height }) => width >= LEAST.width && height >= LEAST.height,
  );
  for (const type of UNDER) {
    // Of several the one at the right: the corner where notices are looked for.
    const [panel] = roomy
      .filter((one) => one.type === type)
      .toSorted((left, right) => right.right - left.right || right.bottom - left.bottom);
    if (panel === undefined) continue;
    return {
      right: panel.right - GAP,
      bottom: panel.bottom - GAP,
      width: panel.width - 2 * GAP,
    };
  }
  return undefined;
}
