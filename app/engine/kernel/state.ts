import { present } from '../base/invariant.ts';
import type { AccountState, Reconciliation, RiskLimits, TradingState } from '../domain/account.ts';
import type { HistoryMark } from '../domain/carried.ts';
import type { CommandResult, KillWay } from '../domain/command.ts';
import type { AccountId, ClientId, ClientOrderId, InstrumentId } from '../domain/identifiers.ts';
import type { FlattenReceipt } from '../domain/input.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { DataState, Divergence, Quote } from '../domain/market.ts';
import type { Price } from '../domain/price.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import { EvidenceStore } from '../orders/evidence-store.ts';
import type { ForeignOrder, OrderReport } from '../domain/venue-report.ts';
import { FillStore } from '../orders/fill-store.ts';
import type { Retention } from './retention.ts';
import { OrderBookOfRecord } from '../orders/order-book-of-record.ts';
import type { LedgerDifference } from '../portfolio/ledger.ts';
import { Portfolio } from '../portfolio/portfolio.ts';

/** A question about an account that is on its way: everything, or its open orders. */
export interface AskedRequest {
  readonly requestId: number;
  readonly kind: 'account' | 'orders';
  readonly at: UnixMicros;
}

/** An account and where its reconciliation stands. */
export interface AccountRecord {
  readonly account: AccountId;
  readonly tradingState: TradingState;
  readonly connected: boolean;
  readonly reconciliation: Reconciliation;
  /** Trade history is asked for from here. */
  readonly since: UnixMicros;
  /** From where on, per instrument, it is asked for. */
  readonly history: readonly HistoryMark[];
  /** The last request, and those whose answer is awaited, oldest first. */
  readonly requestId: number;
  readonly asked: readonly AskedRequest[];
  /** Comparisons in a row that the venue did not answer; absent when it answered the last. */
  readonly unanswered?: { readonly times: number; readonly message: string };
  /** Since when something of the account is not found out; see `Unsettled`. */
  readonly unsettledSince?: UnixMicros;
  /** Up to when history was read of instruments without a mark. */
  readonly readTo?: UnixMicros;
  /** The venue's own name of the account, once it stated one. */
  readonly venueAccount?: string;
  readonly feeRates?: NonNullable<AccountState['feeRates']>;
  /** Another account that the venue has named since: its state is not taken. */
  readonly otherAccount?: string;
  /** What only a person can settle before the account may trade, in words. */
  readonly doubt?: string;
  /** Balance differences of the last snapshot: the same twice is a difference, once may be a fill on its way. */
  readonly suspected: readonly LedgerDifference[];
}

/** What screens see of an account. */
export function accountStateOf(record: AccountRecord): AccountState {
  const { account, tradingState, connected, reconciliation, feeRates } = record;
  const shown = { account, tradingState, connected, reconciliation };
  return feeRates === undefined ? shown : { ...shown, feeRates };
}

/** The touch of an instrument and how far it can be trusted. */
export interface QuoteRecord {
  readonly quote: Quote;
  /** Our time of the last quote. */
  readonly at: UnixMicros;
  /** What the feed says of its data. */
  readonly state: DataState;
  /** Set by a lapped feed or a clock step until the next quote. */
  readonly doubted: boolean;
  /** The book is taken anew because it was crossed. */
  readonly crossed?: true;
  /** Present while the price lies too far from that of the same elsewhere. */
  readonly divergence?: Divergence;
}

/** What a flatten has done on one instrument. */
export interface FlattenTarget {
  readonly instrument: InstrumentId;
  /** Position when it was first covered. */
  readonly before: number;
  readonly canceling: readonly ClientOrderId[];
  readonly closing: readonly ClientOrderId[];
  /** The last closing order that ended without a fill, and how many have. */
  readonly failed?: ClientOrderId;
  readonly failures: number;
  /** No further closing order before this time. */
  readonly notBefore: UnixMicros;
  readonly proved: boolean;
  readonly detail: string;
}

/** A running or finished flatten, kill or drill of one account. */
export interface FlattenRecord {
  readonly id: string;
  readonly commandId: string;
  readonly client: ClientId;
  readonly via?: KillWay;
  readonly account: AccountId;
  /** Absent: the whole account. */
  readonly instrument?: InstrumentId;
  readonly kind: FlattenReceipt['kind'];
  readonly step: FlattenReceipt['step'];
  readonly flat: boolean;
  readonly targets: readonly FlattenTarget[];
  /** Orders the venue last said are open outside our instruments. */
  readonly foreign: readonly ForeignOrder[];
  /** Symbols whose orders could not be canceled, and why. */
  readonly refused: readonly { readonly symbol: string; readonly message: string }[];
  /** What is not proved, in words. */
  readonly notes: readonly string[];
  /** As they were when it was done; absent until then. */
  readonly lines?: FlattenReceipt['lines'];
  /** The reconcile whose answer proves the present step. */
  readonly proof?: number;
  readonly unproved: number;
  readonly askedAt: UnixMicros;
  readonly startedAt: UnixMicros;
  readonly canceledAt?: UnixMicros;
  readonly updatedAt: UnixMicros;
}

/** Reports about an order nobody here knows, held until the venue has said what it is. */
export interface StrayRecord {
  readonly clientOrderId: ClientOrderId;
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly reports: readonly OrderReport[];
  readonly negatives: number;
  readonly queriedAt: UnixMicros;
}

/** An answered command, kept so that it is never carried out twice. */
export interface AnsweredCommand {
  readonly client: ClientId;
  readonly result: CommandResult;
}

/** Things that should not happen, counted since the session began. */
export interface Counters {
  readonly illegalTransitions: number;
  readonly duplicateFills: number;
  readonly contradictoryFills: number;
  readonly overfills: number;
  readonly strayReports: number;
  readonly unknownAccounts: number;
}

const NO_COUNTS: Counters = {
  illegalTransitions: 0,
  duplicateFills: 0,
  contradictoryFills: 0,
  overfills: 0,
  strayReports: 0,
  unknownAccounts: 0,
};

/** Everything the kernel knows. Handlers write it; the canonical encoding reads all of it but the retention, which is the program's. */
export class KernelState {
  readonly retention: Retention;
  session = '';
  idPrefix = '';
  nextId = 1;
  /** Our time, which never goes back: input times plus `skewMicros`. */
  now: UnixMicros = unixMicros(0);
  skewMicros = 0;
  /** See `rules.ts`; absent for the first. */
  rules: number | undefined;
  limits: RiskLimits | undefined;
  counters: Counters = NO_COUNTS;
  readonly instruments = new Map<InstrumentId, Instrument>();
  /** What is wrong with the journal; absent while nothing is, so that older journals keep their hashes. */
  journal: 'Starved' | 'Failed' | undefined;
  readonly accounts = new Map<AccountId, AccountRecord>();
  readonly quotes = new Map<InstrumentId, QuoteRecord>();
  readonly armed = new Set<ClientId>();
  readonly answered = new Map<string, AnsweredCommand>();
  readonly timers = new Map<string, UnixMicros>();
  /** No question about single orders before this time. */
  sweepAfter: UnixMicros = unixMicros(0);
  readonly flattens = new Map<string, FlattenRecord>();
  readonly strays = new Map<ClientOrderId, StrayRecord>();
  orders = new OrderBookOfRecord();
  fills = new FillStore();
  evidence = new EvidenceStore();
  portfolio = new Portfolio();

  constructor(retention: Retention) {
    this.retention = retention;
  }

  /** The instrument, which the kernel must have been told of. */
  instrument(id: InstrumentId): Instrument {
    return present(this.instruments.get(id), `instrument ${id}`);
  }

  /** Counters of a session that just began. */
  noCounts(): Counters {
    return NO_COUNTS;
  }

  /** The price a market order of `side` would meet: ask for a buy, bid for a sell. */
  touch(instrument: InstrumentId, side: 'Buy' | 'Sell'): Price | undefined {
    const quote = this.quotes.get(instrument)?.quote;
    return side === 'Buy' ? quote?.ask : quote?.bid;
  }
}
