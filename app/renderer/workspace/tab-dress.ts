import type { Panel } from '../state/workspaces.ts';
import { dragInstrument, type DraggedInstrument } from '../ui/instrument-drag.ts';
import type { PanelDefinition } from './panel-registry.ts';

/** How much there is of what a panel lists. */
export interface TabCount {
  readonly text: string;
  /** The count with what it counts, for who hears it. */
  readonly words: string;
}

/** An instrument as a tab names it: of a venue that is only watched with the venue's word. */
export interface TabInstrument extends DraggedInstrument {
  readonly name: string;
}

/** What stands on tabs besides the panel's title. */
export interface TabMarks {
  readonly definition: PanelDefinition | undefined;
  readonly simulation: string | undefined;
  readonly onMenu: (panel: string, at: DOMRect) => void;
  /** Tells which instrument a panel shows, now and whenever it is another; until the returned function is called. */
  readonly watchInstrument: (
    panel: string,
    show: (instrument: TabInstrument | undefined) => void,
  ) => () => void;
  /** Tells what a panel counts in the same way; undefined when it counts nothing. */
  readonly watchCount: (
    panel: Panel,
    show: (count: TabCount | undefined) => void,
  ) => (() => void) | undefined;
  /** Tells in the same way which word a panel puts on its tab. */
  readonly watchMark: (panel: string, show: (word: string | undefined) => void) => () => void;
}

/** How roles of a link are drawn beside the group's number, and said. */
const ROLES = {
  both: { sign: '', words: 'tells and follows' },
  source: { sign: 'out', words: 'tells, does not follow' },
  destination: { sign: 'in', words: 'follows, does not tell' },
} as const;

/** Puts link chip, instrument, count and simulation mark on a tab, or renews them; the returned function ends what they follow. */
export function dressTab(
  tab: HTMLElement,
  title: HTMLElement,
  panel: Panel,
  { definition, simulation, onMenu, watchInstrument, watchCount, watchMark }: TabMarks,
): () => void {
  const dressed = tab.dataset['testid'] !== undefined;
  tab.dataset['testid'] = `tab-${panel.type}`;
  tab.querySelector('.link')?.remove();
  const words = linkWords(panel);
  tab.setAttribute('aria-description', words);
  const chip = linkChip(panel, words);
  chip.addEventListener('click', () => onMenu(panel.id, chip.getBoundingClientRect()));
  // A press on the chip opens its menu and never drags the tab.
  for (const press of ['pointerdown', 'mousedown', 'touchstart', 'click']) {
    chip.addEventListener(press, (event) => event.stopPropagation());
  }
  tab.prepend(chip);
  tab.querySelector('.tab-sym')?.remove();
  tab.querySelector('.tab-count')?.remove();
  tab.querySelector('.tab-mark')?.remove();
  const endSymbol =
    definition?.instrument === true ? putSymbol(chip, panel.id, watchInstrument) : NOTHING;
  const endCount = putCount(tab, panel, watchCount);
  const endMark = putMark(tab, panel, watchMark);
  const end = (): void => {
    endSymbol();
    endCount();
    endMark();
  };
  if (dressed) return end;
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
  return end;
}

const NOTHING = (): void => undefined;

/** The instrument's symbol after the chip: what a panel that is behind another shows, to be read and dragged. */
function putSymbol(
  chip: HTMLElement,
  panel: string,
  watch: TabMarks['watchInstrument'],
): () => void {
  const symbol = document.createElement('span');
  let shown: TabInstrument | undefined;
  symbol.className = 'tab-sym';
  symbol.draggable = true;
  symbol.title = 'Drag it to a panel that is to show it';
  // A press here drags the instrument, beside it the tab.
  for (const press of ['pointerdown', 'mousedown']) {
    symbol.addEventListener(press, (event) => event.stopPropagation());
  }
  symbol.addEventListener('dragstart', (event) => {
    if (shown !== undefined) dragInstrument(event, shown);
  });
  chip.after(symbol);
  return watch(panel, (instrument) => {
    shown = instrument;
    symbol.textContent = instrument?.name ?? '';
    symbol.hidden = instrument === undefined;
  });
}

/** How many there are of what the panel lists, at the end of the tab; its name says what is counted. */
function putCount(tab: HTMLElement, panel: Panel, watch: TabMarks['watchCount']): () => void {
  const count = document.createElement('span');
  const seen = document.createElement('span');
  const heard = document.createElement('span');
  count.className = 'tab-count';
  count.dataset['testid'] = `count-${panel.type}`;
  seen.ariaHidden = 'true';
  heard.className = 'visually-hidden';
  count.append(seen, heard);
  const end = watch(panel, (next) => {
    seen.textContent = next?.text ?? '';
    heard.textContent = next?.words ?? '';
    count.hidden = next === undefined;
    if (next === undefined) count.removeAttribute('title');
    else count.title = next.words;
  });
  if (end === undefined) return NOTHING;
  tab.append(count);
  return end;
}

/** The word that the panel puts there itself. */
function putMark(tab: HTMLElement, panel: Panel, watch: TabMarks['watchMark']): () => void {
  const mark = document.createElement('span');
  mark.className = 'tab-mark';
  mark.dataset['testid'] = `mark-${panel.type}`;
  tab.append(mark);
  return watch(panel.id, (word) => {
    mark.textContent = word ?? '';
    mark.hidden = word === undefined;
  });
}

function linkWords({ link }: Panel): string {
  return link === null
    ? 'not linked'
    : `link group ${link.group}, ${ROLES[link.role].words}: ${link.what.join(', ') || 'nothing'}`;
}

/** For the pointer: the tab itself has a key for its menu, and says in words how it is linked. */
function linkChip({ link, type }: Panel, words: string): HTMLElement {
  const chip = document.createElement('span');
  chip.className = 'link';
  chip.dataset['testid'] = `link-${type}`;
  chip.ariaHidden = 'true';
  chip.title = `Panel menu: ${words}`;
  if (link === null) return chip;
  chip.dataset['group'] = String(link.group);
  chip.dataset['role'] = ROLES[link.role].sign;
  chip.textContent = String(link.group);
  return chip;
}
