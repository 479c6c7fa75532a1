import { invariant } from '../base/invariant.ts';
import type { Balance, Position, RiskLimits } from '../domain/account.ts';
import type { ClientId, InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Fill } from '../domain/order.ts';
import { STATE_FORMAT } from '../domain/state-format.ts';
import type { UnixMicros } from '../domain/time.ts';
import type { OrderRecord } from '../orders/order-book-of-record.ts';
import type { OrderEvidence } from '../domain/order-evidence.ts';
import { EvidenceStore } from '../orders/evidence-store.ts';
import { FillStore, type Forgotten } from '../orders/fill-store.ts';
import { Portfolio, type PortfolioRecord } from '../portfolio/portfolio.ts';
import type { PreTradeRecord } from '../risk/pre-trade.ts';
import { decodeCanonical, encodeCanonical, type Plain } from './canonical.ts';
import { ListEncoder } from './list-encoder.ts';
import type { Retention } from './retention.ts';
import {
  KernelState,
  type AccountRecord,
  type AnsweredCommand,
  type Counters,
  type FlattenRecord,
  type QuoteRecord,
  type StrayRecord,
} from './state.ts';

/** The whole state as plain data; lists are in the order the state keeps them. */
interface StateRecord {
  readonly format: number;
  readonly session: string;
  readonly idPrefix: string;
  readonly nextId: number;
  readonly now: UnixMicros;
  readonly skewMicros: number;
  readonly rules?: number | undefined;
  readonly limits?: RiskLimits | undefined;
  readonly journal?: KernelState['journal'];
  readonly counters: Counters;
  readonly instruments: readonly Instrument[];
  readonly accounts: readonly AccountRecord[];
  readonly quotes: readonly (readonly [InstrumentId, QuoteRecord])[];
  readonly armed: readonly ClientId[];
  readonly answered: readonly AnsweredCommand[];
  readonly timers: readonly (readonly [string, UnixMicros])[];
  readonly sweepAfter: UnixMicros;
  readonly flattens: readonly FlattenRecord[];
  readonly strays: readonly StrayRecord[];
  readonly orders: readonly OrderRecord[];
  readonly fills: readonly Fill[];
  /** Absent while nothing was forgotten. */
  readonly forgotten?: readonly Forgotten[];
  /** Absent while nobody was named as the source of anything: the bytes of an older journal stay as they were. */
  readonly evidence?: readonly OrderEvidence[];
  readonly portfolio: PortfolioRecord;
  readonly gate: PreTradeRecord;
}

function byKey<Key extends string, Value>(map: ReadonlyMap<Key, Value>): [Key, Value][] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Remembers the bytes of the records that stayed the same since the last encoding: most do. */
export class StateEncoder {
  readonly #instruments = new ListEncoder<Instrument>();
  readonly #accounts = new ListEncoder<AccountRecord>();
  readonly #positions = new ListEncoder<Position>();
  readonly #balances = new ListEncoder<Balance>();
  readonly #answered = new ListEncoder<AnsweredCommand>();
  readonly #orders = new ListEncoder<OrderRecord>();
  readonly #fills = new ListEncoder<Fill>();
  readonly #evidence = new ListEncoder<OrderEvidence>();
  readonly #flattens = new ListEncoder<FlattenRecord>();

  /** The canonical bytes of a state and its gate: equal states have equal bytes. */
  encode(state: KernelState, gate: PreTradeRecord): Uint8Array {
    return encodeCanonical({
      ...plainOf(smallRecord(state, gate)),
      instruments: this.#instruments.encode(state.instruments.values()),
      accounts: this.#accounts.encode(state.accounts.values()),
      portfolio: this.#portfolio(state.portfolio.record()),
      answered: this.#answered.encode(state.answered.values()),
      orders: this.#orders.encode(state.orders.all()),
      fills: this.#fills.encode(state.fills.all()),
      ...(state.evidence.size === 0
        ? {}
        : { evidence: this.#evidence.encode(state.evidence.all()) }),
      flattens: this.#flattens.encode(state.flattens.values()),
    });
  }

  #portfolio({ positions, balances, ledgers }: PortfolioRecord): Plain {
    return plainOf({
      positions: this.#positions.encode(positions),
      balances: this.#balances.encode(balances),
      ledgers,
    });
  }
}

// Interfaces carry no index signature; every value in them is plain, which the encoder checks again.
function plainOf(record: object): { readonly [key: string]: Plain } {
  return record as { readonly [key: string]: Plain };
}

type EncodedApart =
  | 'instruments'
  | 'accounts'
  | 'answered'
  | 'flattens'
  | 'orders'
  | 'fills'
  | 'evidence'
  | 'portfolio';

function smallRecord(state: KernelState, gate: PreTradeRecord): Omit<StateRecord, EncodedApart> {
  return {
    format: STATE_FORMAT,
    session: state.session,
    idPrefix: state.idPrefix,
    nextId: state.nextId,
    now: state.now,
    skewMicros: state.skewMicros,
    rules: state.rules,
    limits: state.limits,
    journal: state.journal,
    counters: state.counters,
    quotes: byKey(state.quotes),
    armed: [...state.armed].sort(),
    timers: byKey(state.timers),
    sweepAfter: state.sweepAfter,
    strays: [...state.strays.values()],
    ...(state.fills.forgotten.length === 0 ? {} : { forgotten: state.fills.forgotten }),
    gate,
  };
}

/** The state and gate record that `StateEncoder` wrote. */
export function decodeKernel(
  bytes: Uint8Array,
  retention: Retention,
): {
  readonly state: KernelState;
  readonly gate: PreTradeRecord;
} {
  const record = decodeCanonical(bytes) as unknown as StateRecord;
  invariant(
    record.format === STATE_FORMAT,
    `state format must be ${STATE_FORMAT}, was ${record.format}`,
  );
  const state = new KernelState(retention);
  state.session = record.session;
  state.idPrefix = record.idPrefix;
  state.nextId = record.nextId;
  state.now = record.now;
  state.skewMicros = record.skewMicros;
  state.rules = record.rules;
  state.limits = record.limits;
  state.journal = record.journal;
  state.counters = record.counters;
  for (const instrument of record.instruments) state.instruments.set(instrument.id, instrument);
  for (const account of record.accounts) state.accounts.set(account.account, account);
  for (const [instrument, quote] of record.quotes) state.quotes.set(instrument, quote);
  for (const client of record.armed) state.armed.add(client);
  for (const answer of record.answered) state.answered.set(answer.result.commandId, answer);
  for (const [timer, dueAt] of record.timers) state.timers.set(timer, dueAt);
  state.sweepAfter = record.sweepAfter;
  for (const flatten of record.flattens) state.flattens.set(flatten.id, flatten);
  for (const stray of record.strays) state.strays.set(stray.clientOrderId, stray);
  for (const order of record.orders) state.orders.put(order);
  state.fills = new FillStore(record.forgotten);
  for (const fill of record.fills) state.fills.add(fill);
  state.evidence = new EvidenceStore(record.evidence);
  state.portfolio = new Portfolio(record.portfolio);
  return { state, gate: record.gate };
}
