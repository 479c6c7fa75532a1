import type { Update } from '../../domain/input.ts';
import type { VenueReport } from '../../domain/venue-report.ts';
import { log, noteBadInput } from '../process-log.ts';
import type { TradeWatch } from './trade-parts.ts';

const LEVEL_OF = { Info: 'info', Warning: 'warn', Error: 'error' } as const;

/** What was said last of each account. */
const told = new Map<string, string>();

function onUpdate(update: Update): void {
  switch (update.type) {
    case 'Alert':
      // An error of an order is the kernel's word to a person, not a fault of the program: it is no error of the log.
      log.log(update.level === 'Info' ? 'info' : 'warn', 'kernel', update.code, update.message, {
        alert: LEVEL_OF[update.level],
      });
      return;
    case 'AccountChanged': {
      const { account, tradingState, connected, reconciliation } = update.account;
      const words = `${account} is ${tradingState}, ${connected ? 'connected' : 'not connected'}`;
      const { state, differences } = reconciliation;
      // Every comparison renews the account: only what reads otherwise is news.
      const news = [words, state, ...differences].join(' ');
      if (told.get(account) === news) return;
      told.set(account, news);
      log.info('kernel', 'ACCOUNT_CHANGED', words, {
        reconciliation: state,
        ...(differences.length === 0 ? {} : { differences: differences.join('; ') }),
      });
      return;
    }
    case 'OrderChanged': {
      const { clientOrderId, status, cumQty, quantity, unknownSince } = update.order;
      const unknown = unknownSince !== undefined;
      log.debug('kernel', 'ORDER_CHANGED', `${clientOrderId} is ${status}`, {
        cumQty,
        quantity,
        unknown,
      });
      return;
    }
    default:
  }
}

function onReport(report: VenueReport): void {
  if (report.type === 'ConnectionChanged') {
    const down = report.state === 'Disconnected';
    const code = `ACCOUNT_${report.state.toUpperCase()}`;
    const why = report.reason === undefined ? '' : `: ${report.reason}`;
    log.log(down ? 'warn' : 'info', 'venue', code, `${report.account}${why}`);
    return;
  }
  if (report.type === 'RequestFailed') {
    log.warn('venue', report.code, `${report.request}: ${report.message}`);
    return;
  }
  if (report.type === 'OutcomeUnknown') {
    const message = `${report.request} of ${report.clientOrderId} has no known outcome`;
    log.warn('venue', report.code, message);
  }
}

/** Writes what the trading process does to its log. */
export const TRADE_LOG: TradeWatch = {
  onUpdate,
  onReport,
  onMalformedRequest: (detail) => noteBadInput('window', 'REQUEST_MALFORMED', detail),
  onLapped: (lost) => log.warn('market', 'RING_LAPPED', `${lost} market records were missed`),
};
