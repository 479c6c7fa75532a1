import type { LedgerLine, Position, TradingState } from './account.ts';
import type { AccountId, ClientOrderId, InstrumentId, TradeId } from './identifiers.ts';
import type { Instrument } from './instrument.ts';
import type { Fill, Order } from './order.ts';
import type { Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';
import type { OrderReport } from './venue-report.ts';

/** Up to which trade of an instrument the venue's history has been read without a gap. */
export interface HistoryMark {
  readonly instrument: InstrumentId;
  readonly tradeId: TradeId;
}

/** An order that may still trade, or be told of, and what was waited for. */
export interface CarriedOrder {
  readonly order: Order;
  readonly venueCumQty: Quantity;
  readonly request?: { readonly kind: 'submit' | 'cancel' | 'replace'; readonly since: UnixMicros };
  readonly replacedBy?: { readonly clientOrderId: ClientOrderId; readonly total: Quantity };
  readonly past?: { readonly quantity: Quantity; readonly until: UnixMicros };
  /** Of an entry with a bracket: how much of its cumQty is answered for, and the quantity of its exits so far. */
  readonly exits?: {
    readonly answered: Quantity;
    readonly quantity: Quantity;
    /** Set once people were told that exits wait. */
    readonly told?: true;
    /** The last ones could not leave: none before this time. */
    readonly notBefore?: UnixMicros;
  };
}

/** Reports about an order nobody knew yet. */
export interface CarriedStray {
  readonly clientOrderId: ClientOrderId;
  readonly instrument: InstrumentId;
  readonly reports: readonly OrderReport[];
}

/** What an account was at the end of a session: all that the next one must know of it. */
export interface AccountCarry {
  readonly account: AccountId;
  /** Time of that session at its end; the next goes on from there should the clock have been set back. */
  readonly at: UnixMicros;
  /** Halted stays so until a person unlocks it. */
  readonly tradingState: Extract<TradingState, 'Locked' | 'Halted'>;
  readonly since: UnixMicros;
  readonly readTo?: UnixMicros;
  readonly venueAccount?: string;
  readonly doubt?: string;
  readonly history: readonly HistoryMark[];
  /** The instruments of positions and orders, which need not be watched any more. */
  readonly instruments: readonly Instrument[];
  readonly positions: readonly Position[];
  /** Baseline and flow of every asset. */
  readonly ledger: readonly LedgerLine[];
  /** Open orders, those about which something is to be found out, and the last that ended. */
  readonly orders: readonly CarriedOrder[];
  /** Counted fills that the venue may tell again. */
  readonly fills: readonly Fill[];
  readonly strays: readonly CarriedStray[];
  /** Flattens and kills that had not come to their end. */
  readonly unfinished: readonly string[];
}

/** An account as it comes into a new session, with where it comes from. */
export interface CarriedAccount extends AccountCarry {
  readonly session: string;
  /** Hash of that session's state at its end, computed by running it again. */
  readonly stateHash: string;
  /** Whether running it again gave every hash it had recorded. */
  readonly proved: boolean;
}

/** An account whose last session cannot be run again: what it held is not known here. */
export interface UncarriedAccount {
  readonly account: AccountId;
  readonly session: string;
  readonly code: string;
  readonly message: string;
}
