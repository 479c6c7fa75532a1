import type { Page } from '@playwright/test';

/** What must be read whole: numbers, buttons and names. Words of a sentence may end in an ellipsis. */
const WHOLE = [
  'button',
  '[role="button"]',
  '[role="tab"] .lm_title',
  '[role="radio"]',
  'label',
  'select',
  'h1, h2, h3, h4',
  'dt, dd, th, td',
  '.sym',
  '.name',
  '.badge',
  '.chip',
  '.ag-cell.num, .ag-cell .num',
  '.lv span',
  '.tk span',
  '.watch-row span',
  'header.title span, header.title b',
  'footer.status span',
].join(', ');

/** What of a page does not fit, a line each: cut text, text over text, what lies outside the window, scrolling sideways. */
export function misfits(page: Page): Promise<readonly string[]> {
  return page.evaluate(findMisfits, WHOLE);
}

/** Runs in the page. */
function findMisfits(whole: string): readonly string[] {
  interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  interface Run {
    readonly element: HTMLElement;
    readonly text: string;
    readonly box: Box;
    readonly seen: Box;
  }
  const cross = (one: Box, other: Box): Box => ({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });
  const isEmpty = ({ left, top, right, bottom }: Box): boolean => right <= left || bottom <= top;
  const room = document.documentElement;
  const screen: Box = { left: 0, top: 0, right: room.clientWidth, bottom: room.clientHeight };
  /** What of a box its ancestors let through, and whether one of them can be scrolled to see the rest, across or at all. */
  const letThrough = (element: Element, box: Box): { seen: Box; across: boolean; any: boolean } => {
    let seen = box;
    let [across, any] = [false, false];
    const scrolls = (overflow: string): boolean => overflow === 'auto' || overflow === 'scroll';
    for (let each: Element | null = element; each !== null; each = each.parentElement) {
      const { overflowX, overflowY, position, display } = getComputedStyle(each);
      if (overflowX !== 'visible' && display !== 'inline') {
        const { left, top } = each.getBoundingClientRect();
        const [x, y] = [left + each.clientLeft, top + each.clientTop];
        const inner = {
          left: x,
          top: y,
          right: x + each.clientWidth,
          bottom: y + each.clientHeight,
        };
        seen = cross(seen, inner);
        across ||= scrolls(overflowX);
        any ||= scrolls(overflowX) || scrolls(overflowY);
      }
      if (position === 'fixed') break;
    }
    return { seen: cross(seen, screen), across, any };
  };
  const nameOf = (element: Element): string => {
    const place =
      element.closest<HTMLElement>('[data-panel]')?.dataset['panel'] ??
      element.closest('header, footer, .lm_header, .toasts, [role="dialog"]')?.className ??
      'desk';
    return `${place} <${element.tagName.toLowerCase()} class="${element.className}">`;
  };
  const stuck = (element: Element): Element | null => {
    for (let each: Element | null = element; each !== null; each = each.parentElement) {
      if (getComputedStyle(each).position === 'sticky') return each;
    }
    return null;
  };
  const wrong: string[] = [];
  if (room.scrollWidth > room.clientWidth) wrong.push('the page scrolls sideways');
  const runs: Run[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    const element = node.parentElement;
    if (text === '' || element === null) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest('.visually-hidden, option, script, style') !== null) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const { seen, across, any } = letThrough(element, box);
      if (isEmpty(seen)) {
        if (!any && element.matches(whole) && box.width > 0 && !isEmpty(cross(box, screen)))
          wrong.push(`hidden: "${text}" in ${nameOf(element)}`);
        continue;
      }
      runs.push({ element, text, box, seen });
      const cut = Math.max(seen.left - box.left, box.right - seen.right);
      const must = element.closest(whole) !== null;
      if (cut > 1.5 && must && !across)
        wrong.push(`cut by ${cut.toFixed(0)} px: "${text}" in ${nameOf(element)}`);
    }
  }
  for (const field of document.querySelectorAll<HTMLInputElement>('.field input')) {
    const shown = field.checkVisibility() && field.type !== 'checkbox' && field.type !== 'file';
    if (shown && field.value !== '' && field.scrollWidth > field.clientWidth + 1)
      wrong.push(`cut: "${field.value}" in ${nameOf(field)}`);
  }
  for (const button of document.querySelectorAll<HTMLElement>('button, [role="button"], select')) {
    const box = button.getBoundingClientRect();
    if (!button.checkVisibility({ visibilityProperty: true }) || box.width === 0) continue;
    const { seen, across } = letThrough(button, box);
    const lost = box.width - Math.max(0, seen.right - seen.left);
    if (lost > 1.5 && !across)
      wrong.push(
        `cut by ${lost.toFixed(0)} px: ${nameOf(button)} ${button.title || button.textContent}`,
      );
  }
  runs.sort((one, other) => one.seen.top - other.seen.top);
  const { max, min } = Math;
  runs.forEach((one, index) => {
    for (let next = index + 1; next < runs.length; next += 1) {
      const other = runs[next];
      if (other === undefined || other.seen.top > one.seen.bottom - 4) break;
      const wide = min(one.seen.right, other.seen.right) - max(one.seen.left, other.seen.left);
      const high = min(one.seen.bottom, other.seen.bottom) - max(one.seen.top, other.seen.top);
      if (wide <= 1.5 || high <= 4) continue;
      if (one.element === other.element) continue;
      // What lies over the desk, or stays in sight while the rest is scrolled, covers it on purpose.
      const over = '.toasts, .overlay, .menu, .menu-sheet, .legend, .pen-said, .chart-foot';
      if (one.element.closest(over) !== other.element.closest(over)) continue;
      if (stuck(one.element) !== stuck(other.element)) continue;
      wrong.push(
        `"${one.text}" in ${nameOf(one.element)} lies on "${other.text}" in ${nameOf(other.element)}`,
      );
    }
  });
  return [...new Set(wrong)];
}
