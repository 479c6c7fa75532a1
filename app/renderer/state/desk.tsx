import { createContext, use, useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { AccountId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import { present } from '../../engine/base/invariant.ts';
import { createFeedClient } from '../client/feed-client.ts';
import type { Desktop, Host } from '../client/host.ts';
import { createHostClient } from '../client/host-client.ts';
import { createTradeClient } from '../client/trade-client.ts';
import { workingOrders } from './account-replica.ts';
import { BarCache } from './bars.ts';
import { Behind } from './behind.ts';
import { FeedSession, type FeedState } from './feed-session.ts';
import { HostSession, type HostState } from './host-session.ts';
import { Links, type Link, type LinkState } from './links.ts';
import { Notices } from './notices.ts';
import { PanelMarks } from './panel-marks.ts';
import type { Places } from './queue-places.ts';
import { TradeSession, type TradeState } from './trade-session.ts';
import { wireLinks } from './wire-links.ts';
import { Workspaces, type WorkspacesState } from './workspaces.ts';

export type {
  Accounts,
  ConnectionVitals,
  EngineHealth,
  KeyAct,
  KeyAnswer,
  KeyRights,
  LogEntry,
  ProcessState,
  Setting,
  Vitals,
} from '../client/host-client.ts';
export type { Market } from './host-session.ts';

/** How often a window asks itself how far it is behind. */
const LOOK_MS = 250;

/** Everything a window holds: one session a service, and its own view state. */
export interface Desk {
  readonly feed: FeedSession;
  readonly trade: TradeSession;
  readonly host: HostSession;
  readonly bars: BarCache;
  /** What a panel shows and chooses; in the frame of the window that of the panel focused last. */
  readonly link: Link;
  readonly links: Links;
  readonly workspaces: Workspaces;
  readonly notices: Notices;
  readonly marks: PanelMarks;
  /** How far this window lags behind the engine. */
  readonly behind: Behind;
  readonly styleNonce: string | undefined;
  /** What only a window of the system can do; undefined in a browser. */
  readonly desktop: Desktop | undefined;
}

/** Connects a window to its engine. Connections open at once and stay open for the life of the page. */
export function openDesk(host: Host): Desk {
  const notices = new Notices();
  const feedClient = createFeedClient(host, {
    onMessage: (message) => {
      if (message.type === 'Welcome') bars.clear();
      if (message.type === 'Refused') notices.raise('warning', message.code, message.message);
      feed.receive(message);
    },
    onState: (state) => feed.connectionChanged(state),
  });
  const feed = new FeedSession((request) => feedClient.send(request));
  const bars = new BarCache(feed.market);
  const tradeClient = createTradeClient(host, {
    onMessage: (message) => trade.receive(message),
    onState: (state) => trade.connectionChanged(state),
  });
  const trade = new TradeSession((request) => tradeClient.send(request));
  const hostClient = createHostClient(host, {
    onMessage: (message) => {
      if (message.type === 'Refused') {
        const ofWorkspace = message.code.startsWith('WORKSPACE_');
        const title = ofWorkspace ? 'Workspace not changed' : message.code;
        notices.raise('warning', title, message.message);
      }
      session.receive(message);
      workspaces.receive(message);
      receiveLinks(message);
    },
    onState: (state) => session.connectionChanged(state),
  });
  const session = new HostSession(
    (request) => hostClient.send(request),
    () => location.reload(),
  );
  const workspaces = new Workspaces(host.windows, (request) => hostClient.send(request));
  const links = new Links((group, choice) => hostClient.send({ type: 'SetGroup', group, choice }));
  const receiveLinks = wireLinks(links, workspaces, feed);
  const behind = new Behind(
    () => {
      const now = Date.now() * 1000;
      return Math.max(trade.lag.behind(now), feed.market.lag.behind(now));
    },
    (stale) => feed.market.setBehind(stale),
  );
  setInterval(() => behind.look(), LOOK_MS);
  workspaces.watchPlace();
  const desk: Desk = {
    feed,
    trade,
    host: session,
    bars,
    link: links.window,
    links,
    workspaces,
    notices,
    marks: new PanelMarks(),
    behind,
    styleNonce: host.styleNonce,
    desktop: host.desktop,
  };
  trade.store.subscribe(({ replica }, before) => {
    // What the feed knows of a queue outlives a trading process that starts again.
    if (replica.orders === before.replica.orders || !replica.synced) return;
    feed.market.queues.watch(workingOrders(replica));
  });
  trade.refusals.add(({ code, message }) => notices.raise('warning', code, message));
  feedClient.open();
  tradeClient.open();
  hostClient.open();
  return desk;
}

const DeskContext = createContext<Desk | undefined>(undefined);

/** Gives the desk to the components below. */
export function DeskProvider({
  desk,
  children,
}: {
  readonly desk: Desk;
  readonly children: ReactNode;
}): ReactNode {
  return <DeskContext value={desk}>{children}</DeskContext>;
}

/** The desk of this window. */
export function useDesk(): Desk {
  return present(use(DeskContext), 'desk');
}

/** A value of the trade session; renders when it changes. */
export function useTrade<T>(select: (state: TradeState) => T): T {
  return useStore(useDesk().trade.store, select);
}

/** A value of the feed session; renders when it changes. */
export function useFeed<T>(select: (state: FeedState) => T): T {
  return useStore(useDesk().feed.store, select);
}

/** Where own orders stand in their queues. */
export function useQueuePlaces(): Places {
  return useStore(useDesk().feed.market.queues.store, (state) => state.places);
}

/** A value of the host session; renders when it changes. */
export function useHost<T>(select: (state: HostState) => T): T {
  return useStore(useDesk().host.store, select);
}

/** A value of the workspaces; renders when it changes. */
export function useWorkspaces<T>(select: (state: WorkspacesState) => T): T {
  return useStore(useDesk().workspaces.store, select);
}

/** A value of the link; renders when it changes. */
export function useLink<T>(select: (state: LinkState) => T): T {
  return useStore(useDesk().link.store, select);
}

/** What belongs to the linked account; all of it while the link is of every account, or of one that is not here. */
export function useOfAccount<T extends { readonly account: AccountId }>(
  list: readonly T[],
): readonly T[] {
  const chosen = useLink((state) => state.account);
  const known = useTrade((state) => state.replica.accounts.some((one) => one.account === chosen));
  return useMemo(
    () => (known ? list.filter(({ account }) => account === chosen) : list),
    [list, chosen, known],
  );
}

/** Microseconds by which this window lags behind the engine; 0 while that is little. */
export function useBehind(): number {
  return useStore(useDesk().behind.store, (state) => state.micros);
}

/** The notices shown now. */
export function useNotices(): ReturnType<Notices['store']['getState']>['notices'] {
  return useStore(useDesk().notices.store, (state) => state.notices);
}

/** The instrument that the linked panels show; undefined until the feed named one. */
export function useLinkedInstrument(): Instrument | undefined {
  const id = useLink((state) => state.instrument);
  return useFeed((state) => state.instruments.find((instrument) => instrument.id === id));
}
