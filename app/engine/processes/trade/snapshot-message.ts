import type { TradeMessage } from '../../api/trade-service.ts';
import type { RiskLimits } from '../../domain/account.ts';
import type { ClientId, Environment } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { UnixMicros } from '../../domain/time.ts';
import type { KernelView } from '../../kernel/view.ts';

/** What a window starts from: the kernel's view, and what the process knows beside it. */
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
    orders: [...view.orders],
    fills: [...view.fills],
    evidence: [...view.evidence],
    positions: [...view.positions],
    balances: [...view.balances],
    receipts: [...view.receipts],
    limits: about.limits,
    at: about.at,
  } as TradeMessage;
}
