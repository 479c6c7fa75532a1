import type { OrderReport, OrderRestated, VenueReport } from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';
import { noteVenueWords } from '../order-changes.ts';
import { noteEvidence } from './evidence.ts';
import { onAllCanceled, onCancelAllFailed } from './cancel-all.ts';
import { onOrderReport, onQueried } from './order-reports.ts';
import { onBalances, onConnection, onRequestFailed } from './reconcile.ts';
import { onOrdersListed } from './open-orders.ts';
import { onSnapshot } from './snapshot.ts';

/** What a report says of its order's quantity besides its own fact: fills that it counts and we have not seen are owed. */
function noteWords(context: KernelContext, report: OrderReport | OrderRestated): void {
  const record = context.state.orders.get(report.clientOrderId);
  const cumQty = report.said?.cumQty;
  if (record !== undefined && cumQty !== undefined) noteVenueWords(context, record, cumQty);
}

/** Applies one fact a connector told. */
export function onVenueReport(context: KernelContext, report: VenueReport): void {
  if (context.account(report.account) === undefined) {
    context.alert('Error', 'ACCOUNT_UNKNOWN', `${report.type} for ${report.account}`);
    return;
  }
  noteEvidence(context, report);
  switch (report.type) {
    case 'OrderRestated':
      noteWords(context, report);
      return;
    case 'BalancesChanged':
      onBalances(context, report);
      return;
    case 'AccountSnapshot':
      onSnapshot(context, report);
      return;
    case 'OrdersListed':
      onOrdersListed(context, report);
      return;
    case 'AllCanceled':
      onAllCanceled(context, report);
      return;
    case 'RequestFailed':
      if (report.request === 'cancelAll') onCancelAllFailed(context, report);
      else onRequestFailed(context, report);
      return;
    case 'ConnectionChanged':
      onConnection(context, report);
      return;
    case 'OrderQueried':
      onQueried(context, report);
      return;
    default:
      onOrderReport(context, report);
      noteWords(context, report);
  }
}
