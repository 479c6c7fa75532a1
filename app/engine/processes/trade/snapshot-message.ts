import type { TradeMessage } from '../../api/trade-service.ts';
import type { RiskLimits } from '../../domain/account.ts';
import type { ClientId, Environment } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { UnixMicros } from '../../domain/time.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import type { KernelView } from '../../kernel/view.ts';

/** Ended orders and fills that a window starts with: more than its lists show, few enough to be told and read at once. */
const MOST_ENDED = 2000;
const MOST_FILLS = 2000;

/** What a window starts from: the kernel's view, of what has ended the newest, and what the process knows beside it. */
export function snapshotMessage(
  view: KernelView,
  about: {
    readonly session: string;
    readonly environment: Environment;
    readonly client: ClientId;
    readonly instruments: readonly Instrument[];
    readonly limits: RiskLimits;
    readonly at: UnixMicros;
  },
): TradeMessage {
  return {
    type: 'Snapshot',
    session: about.session,
    environment: about.environment,
    client: about.client,
    armed: view.armed.includes(about.client),
    accounts: [...view.accounts],
    instruments: [...about.instruments],
    orders: newest(view.orders),
    fills: view.fills.slice(-MOST_FILLS),
    evidence: [...view.evidence],
    positions: [...view.positions],
    balances: [...view.balances],
    receipts: [...view.receipts],
    limits: about.limits,
    at: about.at,
  } as TradeMessage;
}

/** Every working order and the last of the others, in their order. */
function newest(orders: readonly Order[]): readonly Order[] {
  let ended = orders.filter(({ status }) => isTerminal(status)).length;
  return orders.filter(({ status }) => {
    if (!isTerminal(status)) return true;
    ended -= 1;
    return ended < MOST_ENDED;
  });
}
