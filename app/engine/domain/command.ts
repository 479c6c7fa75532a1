import type { AccountId, ClientId, ClientOrderId, InstrumentId } from './identifiers.ts';
import type { OrderTerms, Side } from './order.ts';
import type { Price, Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';

/** Asks for a new order. The kernel gives it its client order id. */
export interface SubmitOrder {
  readonly type: 'SubmitOrder';
  readonly terms: OrderTerms;
}

/** Asks to cancel one working order. */
export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly clientOrderId: ClientOrderId;
}

/** Asks to give a working order another total quantity or price; it may lose its place in the queue. */
export interface ReplaceOrder {
  readonly type: 'ReplaceOrder';
  readonly clientOrderId: ClientOrderId;
  readonly quantity: Quantity;
  readonly price?: Price;
}

/** Asks to cancel every working order of an account, or those of one instrument or side. */
export interface CancelAll {
  readonly type: 'CancelAll';
  readonly account: AccountId;
  readonly instrument?: InstrumentId;
  readonly side?: Side;
}

/** Asks to cancel, confirm, close and confirm flat: one instrument or the whole account. */
export interface Flatten {
  readonly type: 'Flatten';
  readonly account: AccountId;
  readonly instrument?: InstrumentId;
}

/** The way a kill or drill was asked for: the key or the button that confirms it, or a command line. */
export const KILL_WAYS = ['Key', 'Button', 'CommandLine'] as const;
export type KillWay = (typeof KILL_WAYS)[number];

/** As Flatten for every account, and trading is Halted at once. */
export interface Kill {
  readonly type: 'Kill';
  /** Absent where nobody said. */
  readonly via?: KillWay;
  /** When main was asked; absent: when the command came. */
  readonly askedAt?: UnixMicros;
}

/** Rehearses a kill: the venue is asked what a kill would cancel and close, and nothing is touched. */
export interface Drill {
  readonly type: 'Drill';
  readonly via?: KillWay;
  readonly askedAt?: UnixMicros;
}

/** Lets the account trade after reconciliation: Locked or Halted to Active. */
export interface Unlock {
  readonly type: 'Unlock';
  readonly account: AccountId;
}

/** Stops new orders of the account until unlocked. */
export interface Lock {
  readonly type: 'Lock';
  readonly account: AccountId;
}

/** Takes balances that differ from what our trades explain (a deposit, a withdrawal) as they are at the venue; positions stay. */
export interface AcceptBalances {
  readonly type: 'AcceptBalances';
  readonly account: AccountId;
}

/** Asks the venue how one order stands; changes nothing by itself. */
export interface QueryOrder {
  readonly type: 'QueryOrder';
  readonly clientOrderId: ClientOrderId;
}

/** Lets the sending client add risk by hand until disarmed. */
export interface Arm {
  readonly type: 'Arm';
}

/** Ends the sending client's arming. */
export interface Disarm {
  readonly type: 'Disarm';
}

/** What a person can ask of the kernel. */
export type Command =
  | SubmitOrder
  | CancelOrder
  | ReplaceOrder
  | CancelAll
  | Flatten
  | Kill
  | Unlock
  | Lock
  | AcceptBalances
  | QueryOrder
  | Arm
  | Disarm;

/** What a window or command line may ask of the trading process itself: a kill goes to main, which watches that it is taken. */
export type WindowCommand = Exclude<Command, Kill>;

/** A command with who sent it and its idempotency key: the same key is carried out once. */
export interface CommandEnvelope {
  readonly commandId: string;
  readonly client: ClientId;
  readonly command: Command | Drill;
}

/** What became of a command at once (the order's own life follows as events). */
export interface CommandResult {
  readonly commandId: string;
  readonly ok: boolean;
  /** Orders the command created or touched. */
  readonly orders: readonly ClientOrderId[];
  readonly code?: string;
  readonly message?: string;
}
