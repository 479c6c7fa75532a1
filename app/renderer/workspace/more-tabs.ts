const BUTTON = '.lm_tabdropdown';

/** Golden-layout keeps the tabs that have no room in a list of its own, under a sign that only a pointer can press: the sign becomes a button with their menu. */
export function keepMoreTabs(
  dock: HTMLElement,
  onMore: (tabs: readonly HTMLElement[], button: HTMLElement) => void,
): void {
  const ask = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest(BUTTON) : null;
    if (!(button instanceof HTMLElement)) return;
    // Before golden-layout shows its list.
    event.stopPropagation();
    event.preventDefault();
    onMore(tabsWithoutRoom(button), button);
  };
  dock.addEventListener('click', ask, { capture: true });
  dock.addEventListener('keydown', (event) => {
    const opens = event.key === 'Enter' || event.key === ' ' || event.key === 'ArrowDown';
    if (opens && !event.repeat) ask(event);
  });
}

/** Says what the button of each header is, and how many panels are behind it; after every change. */
export function markMoreTabs(dock: HTMLElement): void {
  for (const button of dock.querySelectorAll<HTMLElement>(BUTTON)) {
    const count = tabsWithoutRoom(button).length;
    if (count === 0) continue;
    const words = count === 1 ? '1 more panel' : `${count} more panels`;
    button.role = 'button';
    button.ariaHasPopup = 'menu';
    button.ariaLabel = words;
    button.title = words;
    button.tabIndex = 0;
    button.dataset['testid'] = 'more-tabs';
    button.textContent = String(count);
  }
}

function tabsWithoutRoom(button: HTMLElement): readonly HTMLElement[] {
  const list = button.closest('.lm_header')?.querySelector('.lm_tabdropdown_list');
  return [...(list?.querySelectorAll<HTMLElement>('.lm_tab') ?? [])];
}
