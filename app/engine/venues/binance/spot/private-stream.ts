import type { AccountId, ClientOrderId } from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { VenueReport } from '../../../domain/venue-report.ts';
import type { Connection } from '../../../net/web-socket-client.ts';
import { parseAccountPosition } from './parse/account.ts';
import { parseExecutionReport, type ExecutionUpdate } from './parse/execution-report.ts';
import type { ReportLedger } from './report-ledger.ts';

/** What the stream needs and whom it tells. */
export interface PrivateStreamDeps {
  readonly account: AccountId;
  readonly ledger: ReportLedger;
  readonly instrumentBySymbol: (symbol: string) => Instrument | undefined;
  readonly onUnknownMessage: (raw: string) => void;
  /** An event about an order that could not be read: the order must be asked for. */
  readonly onUnreadable: (symbol: string, clientOrderId: ClientOrderId) => void;
}

/** Events with nothing for the kernel: balances follow as outboundAccountPosition, lists as executionReports. */
const SILENT = new Set<unknown>(['balanceUpdate', 'listStatus', 'externalLockUpdate']);

/** The one way of reports to the kernel: told once, held back while a snapshot is taken, in order. */
export class PrivateStream {
  readonly #deps: PrivateStreamDeps;
  #onReport: ((report: VenueReport) => void) | undefined;
  #connection: Connection | undefined;
  #held: VenueReport[] | undefined;
  /** The hold ended before the snapshot it was for. */
  #late = false;
  #toldState: 'Connected' | 'Disconnected' | undefined;

  constructor(deps: PrivateStreamDeps) {
    this.#deps = deps;
  }

  start(onReport: (report: VenueReport) => void): void {
    this.#onReport = onReport;
  }

  /** The private stream of this connection runs; in a rotation it takes over without a gap. */
  subscribed(connection: Connection): void {
    const before = this.#connection;
    this.#connection = connection;
    if (before === undefined) this.#connectionChanged('Connected');
  }

  /** A connection is gone; it matters when it is the one that carried the stream. */
  lost(connection: Connection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#flush(() => true);
    this.#connectionChanged('Disconnected', reason);
  }

  /** No stream any more, and none to come. */
  stop(reason: string): void {
    this.#connection = undefined;
    this.#flush(() => true);
    this.#connectionChanged('Disconnected', reason);
  }

  /** Holds reports back from now on; false when there is no stream. */
  hold(): boolean {
    if (this.#connection === undefined) return false;
    this.#held ??= [];
    this.#late = false;
    return true;
  }

  /** Tells what is held although the snapshot is not there: fills must not wait for answers that may never come. */
  endHold(): void {
    if (this.#held === undefined) return;
    this.#flush(() => true);
    this.#late = true;
  }

  /** Tells the answer a snapshot was taken for, then of what was held back that which is newer. */
  release(answer: VenueReport, isNewer: (report: VenueReport) => boolean = () => true): void {
    const late = this.#late;
    this.#late = false;
    if (this.#held === undefined && !late && answer.type === 'AccountSnapshot') {
      // The stream broke meanwhile: what was missed then is not in this snapshot.
      const { account, requestId } = answer;
      this.#onReport?.({
        type: 'RequestFailed',
        account,
        request: 'reconcile',
        requestId,
        code: 'DISCONNECTED',
        message: 'the private stream broke while the snapshot was taken',
      });
      return;
    }
    this.#onReport?.(answer);
    this.#flush(isNewer);
  }

  /** Tells a report; one that repeats a fact only as evidence, when another source says it. */
  tell(report: VenueReport): void {
    if (report.type === 'OrderAccepted') {
      this.#deps.ledger.link(report.venueOrderId, report.clientOrderId);
    }
    const { ledger } = this.#deps;
    const told = ledger.isNews(report) ? report : ledger.restated(report);
    if (told === undefined) return;
    if (this.#held === undefined) this.#onReport?.(told);
    else this.#held.push(told);
  }

  /** Takes one event of the user data stream. */
  onEvent(event: Readonly<Record<string, unknown>>, raw: Uint8Array): void {
    switch (event['e']) {
      case 'executionReport':
        return this.#onExecutionReport(event, raw);
      case 'outboundAccountPosition': {
        const changed = parseAccountPosition(event, this.#deps.account);
        return changed.ok ? this.tell(changed.value) : this.#unknown(raw);
      }
      case 'eventStreamTerminated':
        return this.#connection?.fail('the venue ended the event stream');
      default:
        if (!SILENT.has(event['e'])) this.#unknown(raw);
    }
  }

  #onExecutionReport(event: Readonly<Record<string, unknown>>, raw: Uint8Array): void {
    const { account, instrumentBySymbol, onUnreadable } = this.#deps;
    const { s: symbol, c: ownId, C: originalId } = event;
    const instrument = typeof symbol === 'string' ? instrumentBySymbol(symbol) : undefined;
    if (instrument === undefined) return this.#unknown(raw);
    const update = parseExecutionReport(event, { account, instrument });
    if (update.ok) return this.#onUpdate(update.value, instrument);
    this.#unknown(raw);
    const named = typeof originalId === 'string' && originalId !== '' ? originalId : ownId;
    if (typeof named === 'string') onUnreadable(instrument.symbol, named as ClientOrderId);
  }

  #onUpdate({ order, reports }: ExecutionUpdate, instrument: Instrument): void {
    const { account, ledger } = this.#deps;
    const { clientOrderId, venueOrderId, venueTime } = order;
    const said = { source: 'UserStream', status: order.status, cumQty: order.cumQty } as const;
    ledger.link(venueOrderId, clientOrderId);
    if (ledger.knows(clientOrderId) && reports.length > 0) {
      for (const report of reports)
        this.tell('clientOrderId' in report ? { ...report, said } : report);
      return;
    }
    // Placed elsewhere, or changed in a way that only the whole order tells.
    ledger.know(clientOrderId);
    const fills = reports.filter((report) => report.type === 'OrderFilled');
    for (const report of reports) ledger.isNews(report);
    this.tell({
      type: 'OrderQueried',
      said,
      account,
      instrument: instrument.id,
      clientOrderId,
      order,
      fills,
      venueTime,
    });
  }

  #connectionChanged(state: 'Connected' | 'Disconnected', reason?: string): void {
    if (this.#toldState === state) return;
    this.#toldState = state;
    const { account } = this.#deps;
    this.#onReport?.({
      type: 'ConnectionChanged',
      account,
      state,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #flush(isNewer: (report: VenueReport) => boolean): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#late = false;
    for (const report of held) if (isNewer(report)) this.#onReport?.(report);
  }

  #unknown(raw: Uint8Array): void {
    this.#deps.onUnknownMessage(Buffer.from(raw).toString());
  }
}
