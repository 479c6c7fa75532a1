import type { AccountState, Balance, Position, RiskLimits } from './account.ts';
import type { CarriedAccount, UncarriedAccount } from './carried.ts';
import type { CommandEnvelope, CommandResult, KillWay } from './command.ts';
import type {
  AccountId,
  AssetCode,
  ClientId,
  ClientOrderId,
  InstrumentId,
  TradeId,
} from './identifiers.ts';
import type { Instrument } from './instrument.ts';
import type { MarketEvent } from './market.ts';
import type { OrderEvidence } from './order-evidence.ts';
import type { Fill, Order, OrderOrigin, Side } from './order.ts';
import type { Price, Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';
import type { VenueReport } from './venue-report.ts';

/** The first input of a session, and of each restart within it. */
export interface SessionStarted {
  readonly type: 'SessionStarted';
  readonly session: string;
  /** Starts every client order id of this start; unique for ever, at most 20 of [A-Za-z0-9-]. */
  readonly idPrefix: string;
  readonly accounts: readonly AccountId[];
  readonly instruments: readonly Instrument[];
  readonly limits: RiskLimits;
  /** True when `trade` died and goes on in the same session. */
  readonly recovered: boolean;
  /** Which of the kernel's rules it runs by from here on (`kernel/rules.ts`); absent in journals of releases that knew one set. */
  readonly rules?: number;
  /** Accounts as they were at the end of their last session. */
  readonly carried?: readonly CarriedAccount[];
  /** Accounts that have a last session which cannot be run again. */
  readonly uncarried?: readonly UncarriedAccount[];
}

/** The journal fares otherwise: `Starved`, it takes inputs from what room is left; `Failed`, inputs wait in memory and no order can leave; `Ready` again. */
export interface JournalChanged {
  readonly type: 'JournalChanged';
  readonly state: 'Ready' | 'Starved' | 'Failed';
  readonly detail: string;
}

/** Everything that can enter the kernel. `at` is our time (tsInit); sequence, not time, orders the journal. */
export type Input = { readonly at: UnixMicros } & (
  | SessionStarted
  | { readonly type: 'Market'; readonly event: MarketEvent }
  | { readonly type: 'UserCommand'; readonly envelope: CommandEnvelope }
  | { readonly type: 'ClientLeft'; readonly client: ClientId }
  | { readonly type: 'Venue'; readonly report: VenueReport }
  | { readonly type: 'TimerFired'; readonly timer: string }
  | { readonly type: 'ConfigChanged'; readonly limits: RiskLimits }
  | { readonly type: 'InstrumentChanged'; readonly instrument: Instrument }
  | { readonly type: 'ClockAdjusted'; readonly stepMicros: number }
  | { readonly type: 'FeedLapped'; readonly lost: number }
  | JournalChanged
);

/** What the kernel asks of the world, in order. Adapters carry it out and answer with inputs. */
export type Effect =
  | { readonly type: 'SendOrder'; readonly order: Order }
  /** Two orders as one list in which the end of one ends the other: both are taken or none. */
  | { readonly type: 'SendOrderList'; readonly orders: readonly [Order, Order] }
  | { readonly type: 'SendCancel'; readonly order: Order }
  | { readonly type: 'SendReplace'; readonly original: Order; readonly replacement: Order }
  | {
      readonly type: 'SendQuery';
      readonly account: AccountId;
      readonly instrument: InstrumentId;
      readonly clientOrderId: ClientOrderId;
      /** Start of the window of trade history to look through. */
      readonly since: UnixMicros;
    }
  | {
      readonly type: 'SendReconcile';
      readonly account: AccountId;
      readonly requestId: number;
      /** Per instrument, the last trade id already counted (history is asked for after it). */
      readonly instruments: readonly {
        readonly instrument: InstrumentId;
        readonly afterTradeId?: string;
        readonly since: UnixMicros;
      }[];
      /** What the account held before anything was counted follows from the answer: it must not move while it is made. */
      readonly still?: true;
    }
  | {
      readonly type: 'SendListOrders';
      readonly account: AccountId;
      readonly requestId: number;
      readonly instruments: readonly InstrumentId[];
    }
  /** Cancels every order the account has on a venue symbol, ours or not, without the private stream. */
  | { readonly type: 'SendCancelAll'; readonly account: AccountId; readonly symbol: string }
  | { readonly type: 'SetTimer'; readonly timer: string; readonly dueAt: UnixMicros }
  | { readonly type: 'Publish'; readonly update: Update };

/** What became of an order that a flatten met. `Open`: still live here; `Unknown`: the venue has not said; `WouldCancel`: of a drill. */
export interface FlattenOrder {
  readonly clientOrderId: ClientOrderId;
  readonly origin: OrderOrigin;
  readonly side: Side;
  readonly outcome: 'Open' | 'Unknown' | 'Canceled' | 'Filled' | 'Ended' | 'WouldCancel';
  readonly filled: number;
  /** How it is known, in words. */
  readonly detail: string;
  readonly at: UnixMicros;
}

/** A fill that closed. */
export interface FlattenFill {
  readonly tradeId: TradeId;
  readonly clientOrderId: ClientOrderId;
  readonly lastPx: Price;
  readonly lastQty: Quantity;
  readonly at: UnixMicros;
}

/** What flatten or kill proved for one instrument. Quantities at its quantityScale; with the scales a receipt can be read without the session. */
export interface FlattenLine {
  readonly instrument: InstrumentId;
  readonly symbol: string;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  readonly baseScale: number;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly orders: readonly FlattenOrder[];
  readonly canceled: number;
  /** Position when it was first covered, signed. */
  readonly before: number;
  readonly fills: readonly FlattenFill[];
  readonly closedQuantity: number;
  /** What a closing order would trade now. */
  readonly toClose: number;
  readonly remaining: number;
  /** Remaining below the venue's minimum: listed with its value, not sellable. */
  readonly dust: boolean;
  /** What remains at the touch, at the instrument's notional scale; absent without a quote. */
  readonly worth?: bigint;
  /** What the account holds beside our position and is never sold, at baseScale; absent while the venue has not said. */
  readonly baseline?: bigint;
  readonly proved: boolean;
  readonly detail: string;
}

/** Progress and receipt of a flatten, kill or drill; `flat` only when the venue said so for every line. */
export interface FlattenReceipt {
  readonly id: string;
  /** The command that asked for it. */
  readonly commandId: string;
  readonly client: ClientId;
  readonly via?: KillWay;
  readonly account: AccountId;
  readonly kind: 'Flatten' | 'Kill' | 'Drill';
  /** `Unproved`: a kill sends nothing any more and still asks for its proof. */
  readonly step:
    | 'Canceling'
    | 'ConfirmingCanceled'
    | 'Closing'
    | 'ConfirmingFlat'
    | 'Unproved'
    | 'Drilling'
    | 'Done';
  readonly flat: boolean;
  readonly lines: readonly FlattenLine[];
  /** What is not proved and why, beyond the lines. */
  readonly unproved: readonly string[];
  readonly askedAt: UnixMicros;
  readonly startedAt: UnixMicros;
  /** When the venue said that nothing is open. */
  readonly canceledAt?: UnixMicros;
  readonly updatedAt: UnixMicros;
}

/** Facts the kernel publishes. Never conflated. */
export type Update =
  | { readonly type: 'OrderChanged'; readonly order: Order }
  | { readonly type: 'FillAdded'; readonly fill: Fill }
  | { readonly type: 'EvidenceChanged'; readonly evidence: OrderEvidence }
  | { readonly type: 'PositionChanged'; readonly position: Position }
  | { readonly type: 'BalanceChanged'; readonly balance: Balance }
  | { readonly type: 'AccountChanged'; readonly account: AccountState }
  | { readonly type: 'ArmingChanged'; readonly client: ClientId; readonly armed: boolean }
  | { readonly type: 'CommandAnswered'; readonly result: CommandResult; readonly client: ClientId }
  | { readonly type: 'FlattenChanged'; readonly receipt: FlattenReceipt }
  | {
      readonly type: 'Alert';
      readonly level: 'Info' | 'Warning' | 'Error';
      readonly code: string;
      readonly message: string;
    };

/** The effects an execution client carries out. */
export type ExecutionRequest = Extract<
  Effect,
  {
    readonly type:
      | 'SendOrder'
      | 'SendOrderList'
      | 'SendCancel'
      | 'SendCancelAll'
      | 'SendReplace'
      | 'SendQuery'
      | 'SendReconcile'
      | 'SendListOrders';
  }
>;
