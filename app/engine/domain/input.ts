import type { AccountState, Balance, Position, RiskLimits } from './account.ts';
import type { CarriedAccount, UncarriedAccount } from './carried.ts';
import type { CommandEnvelope, CommandResult } from './command.ts';
import type { AccountId, ClientId, ClientOrderId, InstrumentId } from './identifiers.ts';
import type { Instrument } from './instrument.ts';
import type { MarketEvent } from './market.ts';
import type { Fill, Order } from './order.ts';
import type { OrderEvidence } from './order-evidence.ts';
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
    }
  | {
      readonly type: 'SendListOrders';
      readonly account: AccountId;
      readonly requestId: number;
      readonly instruments: readonly InstrumentId[];
    }
  | { readonly type: 'SetTimer'; readonly timer: string; readonly dueAt: UnixMicros }
  | { readonly type: 'Publish'; readonly update: Update };

/** What flatten or kill proved for one instrument. */
export interface FlattenLine {
  readonly instrument: InstrumentId;
  readonly canceled: number;
  readonly closedQuantity: number;
  readonly remaining: number;
  /** Remaining below the venue's minimum: listed with its value, not sellable. */
  readonly dust: boolean;
  readonly proved: boolean;
  readonly detail: string;
}

/** Progress and receipt of a flatten or kill; `flat` only when the venue said so for every line. */
export interface FlattenReceipt {
  readonly id: string;
  readonly account: AccountId;
  readonly kind: 'Flatten' | 'Kill';
  readonly step: 'Canceling' | 'ConfirmingCanceled' | 'Closing' | 'ConfirmingFlat' | 'Done';
  readonly flat: boolean;
  readonly lines: readonly FlattenLine[];
  readonly startedAt: UnixMicros;
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
