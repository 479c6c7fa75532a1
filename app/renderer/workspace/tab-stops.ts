/** What the keys and presses of tabs do with their panels. */
export interface TabActs {
  /** Brings the panel of a tab to the front; the keyboard stays where it is. */
  readonly onShow: (tab: HTMLElement) => void;
  /** Brings the panel of a tab to the front and the keyboard into it. */
  readonly onEnter: (tab: HTMLElement) => void;
}

const HEADER = '.lm_header';
const STRIP = '.lm_tabs';

/** The place among `count` tabs that a key goes to from place `at`, round at both ends; undefined for other keys. */
export function tabGoal(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** Makes a tab one for keyboard and screen reader; `content` is what it shows. */
export function makeTab(tab: HTMLElement, content: HTMLElement, panel: string): void {
  tab.id = `tab-${panel}`;
  content.id = `panel-${panel}`;
  tab.role = 'tab';
  tab.setAttribute('aria-controls', content.id);
  tab.setAttribute('aria-haspopup', 'menu');
  content.role = 'tabpanel';
  content.setAttribute('aria-labelledby', tab.id);
}

/** Says which tab of a header is in front, and makes it the header's one stop. */
export function markTabs(header: HTMLElement): void {
  const strip = header.querySelector(STRIP);
  if (strip !== null) strip.role = 'tablist';
  for (const tab of tabsOf(header)) {
    const front = tab.matches('.lm_active');
    tab.ariaSelected = String(front);
    tab.tabIndex = front ? 0 : -1;
  }
}

/** Gives the tabs of a dock their keys: arrows, Home and End choose, Enter and Space go in. A press goes in too. */
export function keepTabStops(dock: HTMLElement, acts: TabActs): void {
  dock.addEventListener('keydown', (event) => {
    const tab = tabIn(event.target);
    const header = tab?.closest<HTMLElement>(HEADER);
    if (tab !== event.target || tab === undefined || !header || isChord(event)) return;
    if (event.key === 'Enter' || event.key === ' ') {
      if (!event.repeat) acts.onEnter(tab);
    } else {
      const tabs = tabsOf(header);
      const goal = tabGoal(event.key, tabs.indexOf(tab), tabs.length);
      const next = goal === undefined ? undefined : tabs[goal];
      if (next === undefined) return;
      // There is no room for all: what is not in sight comes to the front.
      if (next.closest(STRIP) === null) acts.onShow(next);
      next.focus();
    }
    event.preventDefault();
  });
  dock.addEventListener('click', ({ target }) => {
    const tab = tabIn(target);
    if (tab !== undefined) acts.onEnter(tab);
  });
  // While a tab that is behind has the keyboard it is the stop: the next Tab leaves the header.
  dock.addEventListener('focusin', ({ target }) => {
    const tab = tabIn(target);
    const header = tab?.closest<HTMLElement>(HEADER);
    for (const other of header ? tabsOf(header) : []) other.tabIndex = other === tab ? 0 : -1;
  });
  dock.addEventListener('focusout', ({ target, relatedTarget }) => {
    const header = tabIn(target)?.closest<HTMLElement>(HEADER);
    if (header && !(relatedTarget instanceof Node && header.contains(relatedTarget))) {
      markTabs(header);
    }
  });
}

function tabIn(target: EventTarget | null): HTMLElement | undefined {
  const tab = target instanceof Element ? target.closest<HTMLElement>('.lm_tab') : null;
  return tab ?? undefined;
}

function tabsOf(header: HTMLElement): readonly HTMLElement[] {
  return [...header.querySelectorAll<HTMLElement>('.lm_tab')];
}

function isChord({ ctrlKey, altKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || altKey || metaKey || shiftKey;
}
