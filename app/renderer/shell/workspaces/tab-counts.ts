import { INTERVAL_MICROS } from '../../../engine/domain/market.ts';
import { MOST_FILLS, workingOrders, type AccountReplica } from '../../state/account-replica.ts';
import type { Desk } from '../../state/desk.tsx';
import { heldQuantity } from '../../state/held.ts';
import type { Panel } from '../../state/workspaces.ts';
import type { TabCount } from '../../workspace/tab-dress.ts';

/** Pause between two countings: a storm of updates is counted a few times a second. */
const COUNT_MS = 250;

/** Counts what a panel lists of this account (null: of all); `now` in microseconds says which day today is, UTC. */
export type Counting = (
  replica: AccountReplica,
  account: string | null,
  now: number,
) => TabCount | undefined;

const COUNTS: Readonly<Record<string, Counting>> = {
  orders: (replica, account) => {
    const working = workingOrders(replica).filter(ofAccount(account)).length;
    return { text: String(working), words: `${working} working` };
  },
  fills: ({ fills }, account, now) => {
    const dayStart = now - (now % INTERVAL_MICROS['1d']);
    const today = fills.filter(ofAccount(account)).filter(({ venueTime }) => venueTime >= dayStart);
    const text = `${today.length}${today.length >= MOST_FILLS ? '+' : ''}`;
    return { text, words: `${text} since 00:00 UTC` };
  },
  positions: ({ positions, instruments }, account) => {
    const open = positions.filter(ofAccount(account)).filter((position) => {
      const instrument = instruments.get(position.instrument);
      return instrument !== undefined && heldQuantity(position, instrument) !== 0;
    }).length;
    return { text: String(open), words: `${open} open` };
  },
};

/** What the tab of a panel of this type counts; undefined where it counts nothing or the account's state is not known. */
export function countOf(
  type: string,
  replica: AccountReplica,
  account: string | null,
  now: number,
): TabCount | undefined {
  if (!replica.synced) return undefined;
  const known = replica.accounts.some((one) => one.account === account);
  return COUNTS[type]?.(replica, known ? account : null, now);
}

/** Tells what the tab of a panel counts, now and whenever it is another; undefined for a panel that counts nothing. */
export function watchCount(
  desk: Desk,
  panel: Panel,
  show: (count: TabCount | undefined) => void,
): (() => void) | undefined {
  if (!(panel.type in COUNTS)) return undefined;
  const link = desk.links.panel(panel.id).store;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: string | undefined;
  const count = (): void => {
    timer = undefined;
    const { replica } = desk.trade.store.getState();
    const now = desk.feed.store.getState().replay?.at ?? Date.now() * 1000;
    const next = countOf(panel.type, replica, link.getState().account, now);
    if (next?.words === shown) return;
    shown = next?.words;
    show(next);
  };
  const later = (): void => {
    timer ??= setTimeout(count, COUNT_MS);
  };
  show(undefined);
  count();
  const ends = [
    desk.trade.store.subscribe((state, before) => {
      if (state.replica !== before.replica) later();
    }),
    link.subscribe((state, before) => {
      if (state.account !== before.account) later();
    }),
    // A replay's clock, and each second of a feed that is alive: the day ends without a fill.
    desk.feed.store.subscribe(later),
  ];
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

function ofAccount(account: string | null): (one: { readonly account: string }) => boolean {
  return (one) => account === null || one.account === account;
}
