import type { Panel } from '../state/workspaces.ts';
import type { PanelDefinition } from './panel-registry.ts';

/** What stands on tabs besides the panel's title. */
export interface TabMarks {
  readonly definition: PanelDefinition | undefined;
  readonly simulation: string | undefined;
  readonly onMenu: (panel: string, at: DOMRect) => void;
}

/** How roles of a link are drawn beside the group's number, and said. */
const ROLES = {
  both: { sign: '', words: 'tells and follows' },
  source: { sign: 'out', words: 'tells, does not follow' },
  destination: { sign: 'in', words: 'follows, does not tell' },
} as const;

/** Puts link chip and simulation mark on a tab, or renews them. */
export function dressTab(
  tab: HTMLElement,
  title: HTMLElement,
  panel: Panel,
  { definition, simulation, onMenu }: TabMarks,
): void {
  const dressed = tab.dataset['testid'] !== undefined;
  tab.dataset['testid'] = `tab-${panel.type}`;
  tab.querySelector('.link')?.remove();
  const chip = linkChip(panel);
  chip.addEventListener('click', () => onMenu(panel.id, chip.getBoundingClientRect()));
  // A press on the chip opens its menu and never drags the tab.
  for (const press of ['pointerdown', 'mousedown', 'touchstart', 'click']) {
    chip.addEventListener(press, (event) => event.stopPropagation());
  }
  tab.prepend(chip);
  if (dressed) return;
  tab.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    onMenu(panel.id, tab.getBoundingClientRect());
  });
  if (definition?.trades === true && simulation !== undefined) {
    tab.dataset['trades'] = '';
    const mark = document.createElement('i');
    mark.className = 'simtag';
    mark.textContent = simulation;
    title.after(mark);
  }
}

function linkChip({ link, type }: Panel): HTMLElement {
  const chip = document.createElement('button');
  chip.type = 'button';
  chip.className = 'link';
  chip.tabIndex = -1;
  chip.dataset['testid'] = `link-${type}`;
  const words =
    link === null
      ? 'not linked'
      : `link group ${link.group}, ${ROLES[link.role].words}: ${link.what.join(', ') || 'nothing'}`;
  chip.title = `Panel menu: ${words}`;
  chip.setAttribute('aria-label', `Panel menu of ${type}: ${words}`);
  if (link === null) return chip;
  chip.dataset['group'] = String(link.group);
  chip.dataset['role'] = ROLES[link.role].sign;
  chip.textContent = String(link.group);
  return chip;
}
