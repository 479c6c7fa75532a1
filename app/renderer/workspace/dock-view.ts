import { ContentItem, GoldenLayout, type ComponentContainer, type Tab } from 'golden-layout';
import 'golden-layout/dist/css/goldenlayout-base.css';
import {
  numberedTitle,
  type DeskWindow,
  type LayoutNode,
  type Panel,
} from '../state/workspaces.ts';
import { panelIdsOf } from '../state/wire-links.ts';
import { enterPanel } from '../ui/keyboard-place.ts';
import { COMPONENT, componentOf, configOf, layoutOf } from './dock-config.ts';
import { keepMoreTabs, markMoreTabs } from './more-tabs.ts';
import { Splitters } from './splitters.ts';
import { keepTabStops, makeTab, markTabs } from './tab-stops.ts';

/** How long the panels stand still before main hears how they stand. */
const TELL_AFTER_MS = 300;

/** What a dock shows: a window of the workspace, as main has it. */
export interface DockedWindow {
  readonly window: DeskWindow;
  readonly locked: boolean;
  /** Another number: everything is loaded anew. */
  readonly loads: number;
}

/** What a dock asks of its owner. */
export interface DockParts {
  readonly titleOf: (panel: Panel) => string;
  /** Puts a panel into its place; the returned function takes it out. */
  readonly mount: (element: HTMLElement, panel: Panel) => () => void;
  /** Dresses a tab, anew whenever the panel's link changes; the returned function ends what the dress follows. */
  readonly dress: (tab: HTMLElement, title: HTMLElement, panel: Panel) => () => void;
  /** The person moved panels or splitters, or brought another tab to the front, of what came with `loads`; false when main did not hear it. */
  readonly onLayout: (layout: LayoutNode, loads: number) => boolean;
  readonly onFocus: (panel: string) => void;
  /** The panels whose tabs have no room are asked for. */
  readonly onMore: (panels: readonly string[], at: DOMRect) => void;
}

interface Docked {
  readonly container: ComponentContainer;
  tab: Tab | undefined;
  undress: () => void;
}

/** One golden-layout: shows the window that main has, and tells how the person changed it. */
export class DockView {
  readonly #element: HTMLElement;
  readonly #parts: DockParts;
  readonly #layout: GoldenLayout;
  readonly #splitters: Splitters;
  readonly #docked = new Map<string, Docked>();
  #panels: ReadonlyMap<string, Panel> = new Map();
  #shown: DockedWindow | undefined;
  #told = '';
  /** Main was not there when the person last changed something. */
  #untold = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Type of a panel that is to have the keyboard when one comes. */
  #wanted: string | undefined;
  /** Changes that main made are not told back to it. */
  #loading = false;

  constructor(element: HTMLElement, parts: DockParts) {
    this.#element = element;
    this.#parts = parts;
    this.#layout = new GoldenLayout(element);
    this.#layout.resizeWithContainerAutomatically = true;
    this.#layout.resizeDebounceInterval = 16;
    this.#layout.registerComponentFactoryFunction(COMPONENT, (container, state) => {
      this.#mount(container, state);
      return undefined;
    });
    this.#splitters = new Splitters(element, this.#layout);
    this.#layout.on('stateChanged', () => {
      this.#mark();
      this.#later();
    });
    this.#layout.on('activeContentItemChanged', ({ parentItem }) => {
      if (ContentItem.isStack(parentItem)) markTabs(parentItem.header.element);
    });
    keepTabStops(element, {
      onShow: (tab) => {
        const shown = this.#docked.get(this.#idOf(tab) ?? '')?.container;
        shown?.focus();
      },
      onEnter: (tab) => {
        const id = this.#idOf(tab);
        if (id !== undefined) this.focusPanel(id);
      },
    });
    keepMoreTabs(element, (tabs, button) => {
      const panels = tabs.flatMap((tab) => this.#idOf(tab) ?? []);
      parts.onMore(panels, button.getBoundingClientRect());
    });
    element.addEventListener('focusin', (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const panel = target?.closest<HTMLElement>('[data-panel-id]')?.dataset['panelId'];
      if (panel !== undefined) parts.onFocus(panel);
    });
  }

  /** Shows a window: panels that stay keep what they show, unless everything is to be loaded. */
  show(next: DockedWindow): void {
    const before = this.#shown;
    this.#shown = next;
    this.#panels = new Map(next.window.panels.map((panel) => [panel.id, panel]));
    const ids = panelIdsOf(next.window.layout);
    const gone = [...this.#docked.keys()].filter((id) => !ids.includes(id));
    const come = ids.filter((id) => !this.#docked.has(id));
    const stays = ids.length > come.length;
    const same = before !== undefined && before.window.id === next.window.id;
    if (!same || !stays) this.#load();
    else if (before.loads !== next.loads) this.#loadChanged();
    else if (gone.length > 0 || come.length > 0) this.#exchange(gone, come);
    for (const [id, docked] of this.#docked) this.#dress(id, docked);
    this.#mark();
    if (this.#wanted !== undefined && this.focusType(this.#wanted)) this.#wanted = undefined;
    if (this.#untold) {
      this.#told = '';
      this.#later();
    }
  }

  /** Brings a panel of a type to the front and the keyboard into it, the next one when one has it already; false when none is docked. */
  focusType(type: string): boolean {
    const ids = panelIdsOf(this.#now()).filter((id) => this.#panels.get(id)?.type === type);
    const active = document.activeElement;
    const at = ids.findIndex((id) => this.#docked.get(id)?.container.element.contains(active));
    const id = ids[(at + 1) % Math.max(1, ids.length)];
    if (id !== undefined) this.focusPanel(id);
    return id !== undefined;
  }

  /** As `focusType`, as soon as a panel of the type is docked. */
  awaitType(type: string): void {
    this.#wanted = type;
  }

  /** Brings a panel to the front and the keyboard into it. */
  focusPanel(id: string): void {
    const container = this.#docked.get(id)?.container;
    if (container === undefined) return;
    container.focus();
    enterPanel(container.element);
  }

  /** Lets the panels that share a panel's place fill the dock, or puts them back. */
  maximise(id: string): void {
    const stack = this.#docked.get(id)?.container.parent.parentItem;
    if (stack !== undefined && ContentItem.isStack(stack)) stack.toggleMaximise();
  }

  /** Where the tab of a panel is; undefined when it is not docked here. */
  tabOf(id: string): HTMLElement | undefined {
    return this.#docked.get(id)?.tab?.element;
  }

  destroy(): void {
    this.#tell();
    this.#layout.destroy();
  }

  #mark(): void {
    this.#splitters.mark(this.#shown?.locked !== true);
    markMoreTabs(this.#element);
  }

  #now(): LayoutNode | null {
    return this.#layout.isInitialised ? layoutOf(this.#layout.saveLayout()) : null;
  }

  #load(): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#loading = true;
    const { clientWidth: width, clientHeight: height } = this.#element;
    const titleOf = (id: string): string => this.#title(id);
    this.#layout.loadLayout(configOf(shown.window.layout, titleOf, { width, height }));
    this.#settled();
  }

  /** A load that brings what is here already leaves it alone: main was started anew, or another workspace's past came back. */
  #loadChanged(): void {
    const wanted = this.#shown?.window.layout ?? null;
    if (JSON.stringify(wanted) !== JSON.stringify(this.#now())) this.#load();
  }

  /** Panels moved to another window or from one, without a new start of those that stay. */
  #exchange(gone: readonly string[], come: readonly string[]): void {
    this.#loading = true;
    for (const id of come) {
      const stack = stackWith(this.#shown?.window.layout ?? null, id) ?? [];
      const beside = stack.find((other) => this.#docked.has(other) && !gone.includes(other));
      const place =
        beside === undefined ? undefined : this.#docked.get(beside)?.container.parent.parentItem;
      const item = componentOf(id, this.#title(id));
      if (place !== undefined && ContentItem.isStack(place)) place.addItem(item);
      else this.#layout.addItem(item);
    }
    for (const id of gone) this.#close(id);
    this.#settled();
  }

  /** The keyboard of a panel that goes, or of its tab, is given to the tab that is in front then. */
  #close(id: string): void {
    const docked = this.#docked.get(id);
    if (docked === undefined) return;
    const { container, tab } = docked;
    const active = document.activeElement;
    const had = container.element.contains(active) || tab?.element.contains(active) === true;
    const header = tab?.element.closest('.lm_header');
    container.close();
    if (!had) return;
    const next = header?.isConnected === true ? header : this.#element;
    next.querySelector<HTMLElement>('.lm_tab.lm_active')?.focus();
  }

  #idOf(tab: HTMLElement): string | undefined {
    return [...this.#docked].find(([, docked]) => docked.tab?.element === tab)?.[0];
  }

  /** Loading reports changes in the next frame; what stands then is what was asked for. */
  #settled(): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#loading = false;
        // What the person did just before is still to be told.
        if (this.#timer === undefined) this.#told = JSON.stringify(this.#now());
      }),
    );
  }

  #mount(container: ComponentContainer, state: unknown): void {
    const id = idIn(state);
    const panel = id === undefined ? undefined : this.#panels.get(id);
    if (panel === undefined) return;
    const docked: Docked = { container, tab: undefined, undress: () => undefined };
    this.#docked.set(panel.id, docked);
    const { element } = container;
    element.dataset['panel'] = panel.type;
    element.dataset['panelId'] = panel.id;
    element.dataset['testid'] = `panel-${panel.type}`;
    element.tabIndex = -1;
    const leave = this.#parts.mount(element, panel);
    const drawn = new MutationObserver(() => {
      drawn.disconnect();
      // It was given the keyboard before it had anything to take it.
      if (document.activeElement === element) enterPanel(element);
    });
    drawn.observe(element, { childList: true });
    container.on('tab', (tab) => {
      docked.tab = tab;
      makeTab(tab.element, element, panel.id);
      this.#dress(panel.id, docked);
    });
    container.on('destroy', () => {
      if (this.#docked.get(panel.id) === docked) this.#docked.delete(panel.id);
      docked.undress();
      leave();
    });
  }

  #dress(id: string, docked: Docked): void {
    const { tab, container } = docked;
    const panel = this.#panels.get(id);
    if (tab === undefined || panel === undefined) return;
    const title = this.#title(id);
    if (container.title !== title) container.setTitle(title);
    tab.reorderEnabled = this.#shown?.locked !== true;
    docked.undress();
    docked.undress = this.#parts.dress(tab.element, tab.titleElement, panel);
  }

  #title(id: string): string {
    const panel = this.#panels.get(id);
    if (panel === undefined) return '';
    return numberedTitle(this.#parts.titleOf(panel), panel, [...this.#panels.values()]);
  }

  #later(): void {
    if (this.#loading) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), TELL_AFTER_MS);
  }

  #tell(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const layout = this.#now();
    const text = JSON.stringify(layout);
    // Resizing reports changes too; only what the person did is told.
    if (layout === null || text === this.#told) return;
    this.#untold = !this.#parts.onLayout(layout, this.#shown?.loads ?? 0);
    this.#told = text;
  }
}

function stackWith(layout: LayoutNode | null, panel: string): readonly string[] | undefined {
  if (layout === null) return undefined;
  if (layout.kind === 'stack') return layout.panels.includes(panel) ? layout.panels : undefined;
  for (const child of layout.children) {
    const found = stackWith(child, panel);
    if (found !== undefined) return found;
  }
  return undefined;
}

function idIn(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('id' in state)) return undefined;
  return typeof state.id === 'string' ? state.id : undefined;
}
