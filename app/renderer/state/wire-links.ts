import type { HostMessage, LayoutNode, LinkGroupNumber } from '../client/host-client.ts';
import type { FeedSession } from './feed-session.ts';
import type { Chosen, Links } from './links.ts';
import { activeWorkspace, shownWindow, type Workspaces } from './workspaces.ts';

/** Keeps the links in step with the workspace, the other windows and the instruments there are; messages of the host go to what it returns. */
export function wireLinks(
  links: Links,
  workspaces: Workspaces,
  feed: FeedSession,
): (message: HostMessage) => void {
  let loaded = '';
  workspaces.store.subscribe((state) => {
    const workspace = activeWorkspace(state);
    if (workspace === undefined) return;
    const load = `${workspace.id} ${state.loads}`;
    if (load !== loaded) {
      loaded = load;
      const groups = Object.entries(workspace.groups).map(
        ([group, choice]) => [Number(group) as LinkGroupNumber, choice as Chosen] as const,
      );
      links.load(new Map(groups));
    }
    const window = shownWindow(state);
    const panels = new Map(window?.panels.map(({ id, link }) => [id, link]));
    const inOrder = panelIdsOf(window?.layout ?? null).flatMap((id) => {
      const link = panels.get(id);
      return link === undefined ? [] : [[id, link] as const];
    });
    links.configure(new Map(inOrder));
    offer();
  });
  const offer = (): void =>
    links.offer(feed.store.getState().instruments.map((instrument) => instrument.id));
  feed.store.subscribe(offer);
  return (message) => {
    if (message.type === 'Welcome') links.reconnected();
    if (message.type !== 'Group') return;
    links.hear(message.group, message.choice, message.own);
  };
}

/** Ids of the panels of a layout, in reading order. */
export function panelIdsOf(layout: LayoutNode | null): readonly string[] {
  if (layout === null) return [];
  return layout.kind === 'stack' ? layout.panels : layout.children.flatMap(panelIdsOf);
}
