import { useEffect, useRef, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Panel } from '../state/workspaces.ts';
import { PanelPlaceProvider } from '../state/panel-place.tsx';
import { Say } from '../ui/controls.tsx';
import { takeInstruments } from '../ui/instrument-drag.ts';
import { PanelError } from '../ui/panel-error.tsx';
import { DockView, type DockedWindow, type DockParts } from './dock-view.ts';
import type { PanelDefinition } from './panel-registry.ts';
import { dressTab, type TabMarks } from './tab-dress.ts';
import './workspace.css';

/** What a dock is made of; only `shown` is looked at again after it was made. */
export interface DockProps {
  readonly panels: readonly PanelDefinition[];
  readonly shown: DockedWindow;
  /** Word on the tab of every panel that trades; undefined for real money. */
  readonly simulation: string | undefined;
  /** Wraps each panel: every panel is a React root of its own. */
  readonly frame: (panel: ReactNode, docked: Panel) => ReactNode;
  readonly onLayout: DockParts['onLayout'];
  readonly onFocus: (panel: string) => void;
  /** The chip on a tab was pressed, or the tab with the second button. */
  readonly onMenu: (panel: string, at: DOMRect) => void;
  /** The panels whose tabs have no room are asked for. */
  readonly onMore: (panels: readonly string[], at: DOMRect) => void;
  readonly watchInstrument: TabMarks['watchInstrument'];
  readonly watchCount: TabMarks['watchCount'];
  readonly watchMark: TabMarks['watchMark'];
  /** An instrument was dropped on a panel. */
  readonly onInstrument: (panel: string, instrument: InstrumentId) => void;
  /** What dropping an instrument on a panel would do. */
  readonly dropWords: (panel: string) => string;
  readonly onDock: (dock: DockView | undefined) => void;
}

/** One dock a window: golden-layout around a React root for each panel. */
export function Dock(props: DockProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const initial = useRef(props);
  const view = useRef<DockView>(undefined);
  useEffect(() => {
    if (host.current === null) return undefined;
    const props = initial.current;
    const made = makeView(host.current, props);
    view.current = made;
    props.onDock(made);
    return () => {
      props.onDock(undefined);
      made.destroy();
    };
  }, []);
  const { shown } = props;
  useEffect(() => view.current?.show(shown), [shown]);
  return (
    <main
      className="dock"
      ref={host}
      aria-label={`Workspace, ${shown.window.title}`}
      data-locked={shown.locked || undefined}
    />
  );
}

function makeView(element: HTMLElement, props: DockProps): DockView {
  const definitions = new Map(props.panels.map((panel) => [panel.name, panel]));
  return new DockView(element, {
    titleOf: ({ type }) => definitions.get(type)?.title ?? type,
    mount: (place, panel) => mountPanel(place, panel, definitions.get(panel.type), props),
    dress: (tab, title, panel) =>
      dressTab(tab, title, panel, {
        definition: definitions.get(panel.type),
        simulation: props.simulation,
        onMenu: props.onMenu,
        watchInstrument: props.watchInstrument,
        watchCount: props.watchCount,
        watchMark: props.watchMark,
      }),
    onLayout: props.onLayout,
    onFocus: props.onFocus,
    onMore: props.onMore,
  });
}

function mountPanel(
  element: HTMLElement,
  panel: Panel,
  definition: PanelDefinition | undefined,
  props: DockProps,
): () => void {
  const root = createRoot(element);
  const content =
    definition === undefined ? (
      <UnknownPanel type={panel.type} />
    ) : (
      <PanelError name={definition.title}>
        <definition.component />
      </PanelError>
    );
  root.render(
    <PanelPlaceProvider place={{ id: panel.id, type: panel.type }}>
      {props.frame(content, panel)}
    </PanelPlaceProvider>,
  );
  const endDrops =
    definition?.instrument === true
      ? takeInstruments(
          element,
          () => props.dropWords(panel.id),
          (instrument) => props.onInstrument(panel.id, instrument),
        )
      : undefined;
  return () => {
    endDrops?.();
    root.unmount();
  };
}

function UnknownPanel({ type }: { readonly type: string }): ReactNode {
  return (
    <Say
      icon="info"
      title={`No panel "${type}" here`}
      text="This version of Quarterdeck does not have it. Its place and settings are kept for the one that does; the tab's menu closes it."
    />
  );
}
