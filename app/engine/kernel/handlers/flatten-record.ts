import type { KillWay } from '../../domain/command.ts';
import type { AccountId, ClientId, InstrumentId } from '../../domain/identifiers.ts';
import type { FlattenReceipt } from '../../domain/input.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { KernelContext } from '../context.ts';
import { nextId } from '../ids.ts';
import type { FlattenRecord } from '../state.ts';
import { lineOf, receiptOf } from './flatten-receipt.ts';

/** A flatten that waits looks again this often. */
export const FLATTEN_EVERY_MICROS = 2_000_000;

/** One that was given up asks for its proof this often. */
const UNPROVED_EVERY_MICROS = 30_000_000;

const TIMER_PREFIX = 'flatten:';

/** Who asked for what. */
export interface FlattenAsk {
  readonly commandId: string;
  readonly client: ClientId;
  readonly via?: KillWay;
  readonly askedAt?: UnixMicros;
  readonly account: AccountId;
  /** Absent: the whole account. */
  readonly instrument?: InstrumentId;
  readonly kind: FlattenReceipt['kind'];
}

/** The id of the flatten whose timer `timer` is. */
export function flattenOf(timer: string): string | undefined {
  return timer.startsWith(TIMER_PREFIX) ? timer.slice(TIMER_PREFIX.length) : undefined;
}

/** A record that has done nothing yet. */
export function newRecord(
  context: KernelContext,
  ask: FlattenAsk,
  step: FlattenRecord['step'],
): FlattenRecord {
  const at = context.now;
  return {
    ...ask,
    id: nextId(context.state),
    step,
    flat: false,
    targets: [],
    foreign: [],
    refused: [],
    notes: [],
    unproved: 0,
    askedAt: ask.askedAt ?? at,
    startedAt: at,
    updatedAt: at,
  };
}

/** Writes a record and publishes it; one that is done keeps its lines from now on. */
export function saveFlatten(context: KernelContext, record: FlattenRecord): FlattenRecord {
  const { state } = context;
  const written = { ...record, updatedAt: context.now };
  const done = written.step === 'Done' && written.lines === undefined;
  const next = done
    ? { ...written, lines: written.targets.map((one) => lineOf(state, written, one)) }
    : written;
  state.flattens.set(next.id, next);
  if (done) context.clearTimer(TIMER_PREFIX + next.id);
  context.publish({ type: 'FlattenChanged', receipt: receiptOf(state, next) });
  return next;
}

/** Looks at the record again in a while. */
export function rearm(context: KernelContext, record: FlattenRecord): void {
  const every = record.step === 'Unproved' ? UNPROVED_EVERY_MICROS : FLATTEN_EVERY_MICROS;
  const dueAt = unixMicros(context.now + every);
  context.setTimer(TIMER_PREFIX + record.id, dueAt);
}
