import { GoldenLayout, type ComponentContainer, type LayoutConfig, type Tab } from 'golden-layout';
import 'golden-layout/dist/css/goldenlayout-base.css';
import { useEffect, useRef, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { PanelError } from '../ui/panel-error.tsx';
import { defaultLayout } from './default-layout.ts';
import type { PanelDefinition } from './panel-registry.ts';
import { documentOf, layoutOf, type LayoutDocument } from './workspace-document.ts';
import './workspace.css';

/** What a dock is made of. */
export interface DockProps {
  readonly panels: readonly PanelDefinition[];
  /** The saved layout, or null. Read once, when the dock is made. */
  readonly document: unknown;
  /** Word on the tab of every panel that trades; undefined for real money. */
  readonly simulation: string | undefined;
  /** Wraps each panel: every panel is a React root of its own. */
  readonly frame: (panel: ReactNode) => ReactNode;
  readonly onDocument: (document: LayoutDocument) => void;
  readonly onUnreadable: (message: string) => void;
  readonly onDock: (handle: DockHandle) => void;
}

/** What can be done with a dock from outside. */
export interface DockHandle {
  /** Brings a panel to the front and the keyboard into it; nothing when it is not docked. */
  focusPanel(name: string): void;
  /** Puts every panel back where a new window has it. */
  reset(): void;
}

/** One dock a window: golden-layout around a React root for each panel. */
export function Dock(props: DockProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const initial = useRef(props);
  useEffect(() => {
    const element = host.current;
    return element === null ? undefined : mountDock(element, initial.current);
  }, []);
  return <main className="dock" ref={host} aria-label="Workspace" />;
}

function mountDock(element: HTMLElement, props: DockProps): () => void {
  const layout = new GoldenLayout(element);
  const docked = new Map<string, ComponentContainer>();
  layout.resizeWithContainerAutomatically = true;
  layout.resizeDebounceInterval = 16;
  for (const panel of props.panels) {
    layout.registerComponentFactoryFunction(panel.name, (container) => {
      docked.set(panel.name, container);
      mountPanel(container, panel, props);
      return undefined;
    });
  }
  const known = new Set(props.panels.map((panel) => panel.name));
  const restored = layoutOf(props.document, known);
  if (!restored.ok && restored.error.code !== 'NOTHING_SAVED') {
    props.onUnreadable(restored.error.message);
  }
  const fresh = (): LayoutConfig => defaultLayout(element.clientWidth, element.clientHeight);
  layout.loadLayout(restored.ok ? restored.value : fresh());
  props.onDock({
    focusPanel: (name) => {
      const container = docked.get(name);
      if (container === undefined) {
        // A layout saved before the panel existed, or without it.
        const panel = props.panels.find((one) => one.name === name);
        if (panel !== undefined) layout.addComponent(panel.name, undefined, panel.title);
        return;
      }
      container.focus();
      const target = container.element.querySelector<HTMLElement>('input, [tabindex="0"]');
      (target ?? container.element).focus();
    },
    reset: () => layout.loadLayout(fresh()),
  });
  // Loading and resizing report changes too; only a layout that differs from what was loaded is the person's doing.
  requestAnimationFrame(() => {
    let saved = JSON.stringify(documentOf(layout.saveLayout()));
    layout.on('stateChanged', () => {
      if (!layout.isInitialised) return;
      const document = documentOf(layout.saveLayout());
      const text = JSON.stringify(document);
      if (text === saved) return;
      saved = text;
      props.onDocument(document);
    });
  });
  return () => layout.destroy();
}

function mountPanel(container: ComponentContainer, panel: PanelDefinition, props: DockProps): void {
  container.element.dataset['panel'] = panel.name;
  container.element.dataset['testid'] = `panel-${panel.name}`;
  container.element.setAttribute('role', 'region');
  container.element.setAttribute('aria-label', panel.title);
  container.element.tabIndex = -1;
  const root = createRoot(container.element);
  const Panel = panel.component;
  root.render(
    props.frame(
      <PanelError name={panel.title}>
        <Panel />
      </PanelError>,
    ),
  );
  container.on('tab', (tab) => dressTab(tab, panel, props.simulation));
  container.on('destroy', () => root.unmount());
}

function dressTab(tab: Tab, panel: PanelDefinition, simulation: string | undefined): void {
  tab.element.dataset['testid'] = `tab-${panel.name}`;
  if (panel.linked) tab.element.prepend(mark('link', '6'));
  if (panel.trades && simulation !== undefined) {
    tab.element.dataset['trades'] = '';
    tab.titleElement.after(mark('simtag', simulation));
  }
}

function mark(className: string, text: string): HTMLElement {
  const element = document.createElement('i');
  element.className = className;
  element.textContent = text;
  return element;
}
