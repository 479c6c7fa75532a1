import type { ReactNode } from 'react';
import type { Reconciliation } from '../../../engine/domain/account.ts';
import { isTerminal, type Order } from '../../../engine/domain/order.ts';
import { useArming } from '../../commands/use-arming.ts';
import { durationMicros } from '../../format/time-text.ts';
import { Icon } from '../../ui/icons.tsx';
import { Padlock } from '../../ui/padlock.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Counts that say how far the list below is proved. */
export interface Truth {
  readonly working: number;
  readonly inFlight: number;
  readonly unknown: number;
  /** Since when the oldest unknown order is unknown, microseconds. */
  readonly unknownSince: number | undefined;
}

const IN_FLIGHT = new Set(['Initialized', 'Submitted', 'PendingReplace', 'PendingCancel']);

/** The counts of a set of orders. An unknown order is counted as unknown only. */
export function truthOf(orders: Iterable<Order>): Truth {
  let working = 0;
  let inFlight = 0;
  let unknown = 0;
  let unknownSince: number | undefined;
  for (const order of orders) {
    if (isTerminal(order.status)) continue;
    if (order.unknownSince !== undefined) {
      unknown += 1;
      unknownSince = Math.min(unknownSince ?? order.unknownSince, order.unknownSince);
    } else if (IN_FLIGHT.has(order.status)) {
      inFlight += 1;
    } else {
      working += 1;
    }
  }
  return { working, inFlight, unknown, unknownSince };
}

/** The line over the orders: desk against venue, in flight, unknown with its age, and the path of the last order. */
export function TruthStrip({
  orders,
  reconciliation,
  synced,
}: {
  readonly orders: ReadonlyMap<string, Order>;
  readonly reconciliation: Reconciliation | undefined;
  readonly synced: boolean;
}): ReactNode {
  const now = useNow(500) * 1000;
  const truth = truthOf(orders.values());
  const arming = useArming();
  return (
    <div className="truth" data-testid="truth-strip">
      <Padlock {...arming} />
      <span>
        Working <b>{truth.working}</b>
      </span>
      <span>
        In flight <b>{truth.inFlight}</b>
      </span>
      {truth.unknownSince !== undefined && (
        <span className="warn" data-testid="truth-unknown">
          <Icon name="warn" />
          Unknown <b>{truth.unknown}</b> for {durationMicros(Math.max(0, now - truth.unknownSince))}
          , asking
        </span>
      )}
      <Reconciled reconciliation={reconciliation} synced={synced} now={now} />
      <LastPath orders={orders} />
    </div>
  );
}

function Reconciled({
  reconciliation,
  synced,
  now,
}: {
  readonly reconciliation: Reconciliation | undefined;
  readonly synced: boolean;
  readonly now: number;
}): ReactNode {
  if (!synced || reconciliation === undefined) {
    return <span className="warn">Not in step with the trading process</span>;
  }
  const { state, differences, at } = reconciliation;
  if (state === 'Pending') return <span className="t3">Comparing with the venue</span>;
  const age = at === undefined ? '' : `, proved ${durationMicros(Math.max(0, now - at))} ago`;
  if (state === 'Agrees') return <span className="t3">Agrees with the venue{age}</span>;
  return (
    <span className="warn" title={differences.join('\n')}>
      <Icon name="warn" />
      Differs from the venue: {differences[0] ?? 'no detail'}
      {differences.length > 1 && ` and ${differences.length - 1} more`}
    </span>
  );
}

function LastPath({ orders }: { readonly orders: ReadonlyMap<string, Order> }): ReactNode {
  const acknowledged = [...orders.values()].findLast(
    (order) => order.submittedAt !== undefined && order.acceptedAt !== undefined,
  );
  if (acknowledged?.submittedAt === undefined || acknowledged.acceptedAt === undefined) return null;
  const decided = acknowledged.submittedAt - acknowledged.decidedAt;
  const acked = acknowledged.acceptedAt - acknowledged.submittedAt;
  return (
    <span className="spacer t3 path">
      last order: {decided > 0 && <>out in {durationMicros(decided)}, </>}ack{' '}
      <b>{durationMicros(acked)}</b>
    </span>
  );
}
