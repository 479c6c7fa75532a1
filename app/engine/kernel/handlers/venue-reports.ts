import type { VenueReport } from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';
import { noteEvidence } from './evidence.ts';
import { onAllCanceled, onCancelAllFailed } from './cancel-all.ts';
import { onOrderReport, onQueried } from './order-reports.ts';
import { onBalances, onConnection, onRequestFailed } from './reconcile.ts';
import { onOrdersListed } from './open-orders.ts';
import { onSnapshot } from './snapshot.ts';

/** Applies one fact a connector told. */
export function onVenueReport(context: KernelContext, report: VenueReport): void {
  if (context.account(report.account) === undefined) {
    context.alert('Error', 'ACCOUNT_UNKNOWN', `${report.type} for ${report.account}`);
    return;
  }
  noteEvidence(context, report);
  switch (report.type) {
    case 'OrderRestated':
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
  }
}
