import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { watchedVenue } from '../../format/venue-word.ts';
import type { Desk } from '../../state/desk.tsx';
import { panelIdsOf } from '../../state/wire-links.ts';
import { shownWindow, type Panel } from '../../state/workspaces.ts';
import type { TabInstrument } from '../../workspace/tab-dress.ts';
import type { PanelDefinition } from '../../workspace/panel-registry.ts';

/** A panel that an instrument can be sent to. */
export interface SendTarget {
  readonly id: string;
  readonly title: string;
  readonly link: Panel['link'];
  /** What it shows now. */
  readonly symbol: string;
}

/** The panels of this window that show an instrument, in reading order. */
export function sendTargets(
  desk: Desk,
  definitions: readonly PanelDefinition[],
): readonly SendTarget[] {
  const window = shownWindow(desk.workspaces.store.getState());
  const panels = new Map(window?.panels.map((panel) => [panel.id, panel]));
  return panelIdsOf(window?.layout ?? null).flatMap((id) => {
    const panel = panels.get(id);
    const definition = definitions.find(({ name }) => name === panel?.type);
    if (panel === undefined || definition?.instrument !== true) return [];
    const symbol = shownIn(desk, id)?.symbol ?? '';
    return [{ id, title: definition.title, link: panel.link, symbol }];
  });
}

/** Shows an instrument in a panel, and where the panel tells its group, in the group. */
export function showIn(desk: Desk, panel: string, instrument: InstrumentId): void {
  if (desk.feed.instrument(instrument) === undefined) {
    const text = `${instrument} is not among the instruments of this desk.`;
    desk.notices.raise('warning', 'Instrument not shown', text);
    return;
  }
  desk.links.panel(panel).select(instrument);
}

/** What sending an instrument to a panel does. */
export function sendWords(desk: Desk, panel: string): string {
  const panels = shownWindow(desk.workspaces.store.getState())?.panels;
  const link = panels?.find(({ id }) => id === panel)?.link ?? null;
  const tells = link !== null && link.role !== 'destination' && link.what.includes('instrument');
  return tells ? `Show it in link group ${link.group}` : 'Show it here';
}

/** Tells which instrument a panel shows, now and whenever it is another. */
export function watchInstrument(
  desk: Desk,
  panel: string,
  show: (instrument: TabInstrument | undefined) => void,
): () => void {
  let shown: Instrument | undefined;
  const tell = (): void => {
    const next = shownIn(desk, panel);
    if (next === shown) return;
    shown = next;
    if (next === undefined) return show(undefined);
    const venue = watchedVenue(next, desk.feed.store.getState().instruments);
    show({ ...next, name: venue === undefined ? next.symbol : `${next.symbol} ${venue}` });
  };
  show(undefined);
  tell();
  const ends = [desk.links.panel(panel).store.subscribe(tell), desk.feed.store.subscribe(tell)];
  return () => {
    for (const end of ends) end();
  };
}

function shownIn(desk: Desk, panel: string): Instrument | undefined {
  return desk.feed.instrument(desk.links.panel(panel).store.getState().instrument);
}
