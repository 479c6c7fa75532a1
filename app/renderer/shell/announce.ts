import type { Fill, Order } from '../../engine/domain/order.ts';
import type { Update } from '../state/account-replica.ts';
import { Bursts } from '../state/bursts.ts';
import type { Desk } from '../state/desk.tsx';
import type { NoticeLevel } from '../state/notices.ts';
import { FillNotices } from './fill-notices.ts';

const LEVELS = { Info: 'info', Warning: 'warning', Error: 'danger' } as const;

/** Raises notices for what a trader must hear of: fills, refusals of the venue, alerts. What comes thick is told of together, with its count. */
export function announceUpdates(desk: Desk): () => void {
  const now = (): number => performance.now();
  const fillNotices = new FillNotices(desk.notices, (id) => desk.feed.instrument(id), now);
  const bursts = new Bursts(now);
  return desk.trade.updates.add((updates) => {
    const fills: Fill[] = [];
    const told = new Map<string, Notice>();
    for (const update of updates) {
      if (update.type === 'FillAdded') fills.push(update.fill);
      const notice = noticeOf(desk, update, bursts);
      if (notice !== undefined) told.set(notice.key, notice);
    }
    fillNotices.take(fills);
    for (const { level, title, text, key } of told.values()) {
      desk.notices.raise(level, title, text, key);
    }
  });
}

interface Notice {
  readonly level: NoticeLevel;
  readonly title: string;
  readonly text: string;
  readonly key: string;
}

/** `RECONCILE_FAILED` as words. */
function codeWords(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function noticeOf(desk: Desk, update: Update, bursts: Bursts): Notice | undefined {
  switch (update.type) {
    case 'Alert': {
      // The receipt says it, line by line.
      if (update.code === 'FLATTEN_DONE') return undefined;
      const { key, count } = bursts.count(`alert ${update.code}`);
      const title = `${codeWords(update.code)}${count === 1 ? '' : `, ${count} times`}`;
      return { level: LEVELS[update.level], title, text: update.message, key };
    }
    case 'OrderChanged':
      return endOf(desk, update.order, bursts);
    default:
      return undefined;
  }
}

function endOf(desk: Desk, order: Order, bursts: Bursts): Notice | undefined {
  if (order.status !== 'Rejected' && order.status !== 'Expired') return undefined;
  const symbol = desk.feed.instrument(order.instrument)?.symbol ?? order.instrument;
  const { key, count } = bursts.count(`${order.status} ${order.instrument}`);
  const title =
    count === 1
      ? `${order.status}: ${order.side} ${symbol}`
      : `${count} ${order.status.toLowerCase()}, ${symbol}`;
  return { level: 'warning', title, text: order.reason?.message ?? 'no reason given', key };
}
