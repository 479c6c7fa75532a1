import { unreachable } from '../base/invariant.ts';
import type { AccountCarry } from '../domain/carried.ts';
import type { AccountId, ClientId } from '../domain/identifiers.ts';
import type { Effect, Input } from '../domain/input.ts';
import type { OrderTerms } from '../domain/order.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import type { Denial } from '../risk/denial.ts';
import { PreTrade } from '../risk/pre-trade.ts';
import { KernelContext } from './context.ts';
import { decodeKernel, StateEncoder } from './encoding.ts';
import { advanceBrackets } from './handlers/brackets.ts';
import { carryOf } from './handlers/carry.ts';
import { onCommand } from './handlers/commands.ts';
import { onJournalChanged } from './handlers/journal.ts';
import { flattenOf } from './handlers/flatten-record.ts';
import { advanceFlattens, onFlattenTimer, resumeKills } from './handlers/flatten.ts';
import { onMarket } from './handlers/market.ts';
import { preview } from './handlers/orders.ts';
import { onAccountTimer, reconcileSettled } from './handlers/reconcile.ts';
import { changeInstrument } from './handlers/instrument.ts';
import { doubtQuotes, onSessionStarted } from './handlers/session.ts';
import { onSweep, scheduleSweep, SWEEP_TIMER } from './handlers/unknown.ts';
import { onVenueReport } from './handlers/venue-reports.ts';
import { RETENTION, type Retention } from './retention.ts';
import { KernelState } from './state.ts';
import { assertTallies } from './tallies.ts';
import { viewOf, type KernelView } from './view.ts';

/** The deterministic core: equal inputs give equal effects and equal bytes, in every process and on every machine. */
export interface Kernel {
  /** Applies one input and gives what is asked of the world, in order. */
  apply(input: Input): readonly Effect[];
  /** The canonical encoding of everything the kernel knows; what the state hash is over. */
  encodeState(): Uint8Array;
  /** Bytes from which `restore` goes on exactly here. */
  snapshot(): Uint8Array;
  /** Replaces everything by what `snapshot` wrote; throws on other bytes. */
  restore(bytes: Uint8Array): void;
  /** What would be said of an order now: the denial, or undefined. Changes nothing that is encoded. */
  preview(client: ClientId, terms: OrderTerms): Denial | undefined;
  /** What the next session must know of an account; undefined when it is not among ours. */
  carry(account: AccountId): AccountCarry | undefined;
  /** What screens start from. */
  view(): KernelView;
}

function advanceTime(context: KernelContext, input: Input): void {
  const { state } = context;
  if (input.at >= state.now) {
    state.now = input.at;
    state.skewMicros = 0;
    return;
  }
  // A clock that was set back: time goes on from where it was.
  const steps = input.type === 'ClockAdjusted' || input.type === 'SessionStarted';
  if (steps) state.skewMicros = state.now - input.at;
  state.now = unixMicros(Math.max(state.now, input.at + state.skewMicros));
}

/** When a market record was made, by the kernel's time: one that waited while other inputs came is as old as it says. */
function madeAt({ state }: KernelContext, at: UnixMicros): UnixMicros {
  return unixMicros(Math.min(state.now, at + state.skewMicros));
}

function onTimer(context: KernelContext, timer: string): void {
  const { timers } = context.state;
  const dueAt = timers.get(timer);
  if (dueAt === undefined) return;
  if (dueAt > context.now) {
    context.askTimer(timer, dueAt);
    return;
  }
  context.clearTimer(timer);
  if (timer === SWEEP_TIMER) {
    onSweep(context);
    return;
  }
  onAccountTimer(context, timer);
  const flatten = flattenOf(timer);
  if (flatten !== undefined) onFlattenTimer(context, flatten);
}

function handle(context: KernelContext, input: Input): void {
  switch (input.type) {
    case 'SessionStarted':
      onSessionStarted(context, input);
      resumeKills(context);
      return;
    case 'Market':
      onMarket(context, input.event, madeAt(context, input.at));
      return;
    case 'UserCommand':
      onCommand(context, input.envelope);
      return;
    case 'ClientLeft':
      context.setArmed(input.client, false);
      return;
    case 'Venue':
      onVenueReport(context, input.report);
      return;
    case 'TimerFired':
      onTimer(context, input.timer);
      return;
    case 'ConfigChanged':
      context.state.limits = input.limits;
      context.gate.setLimits(input.limits);
      return;
    case 'InstrumentChanged':
      changeInstrument(context, input.instrument);
      return;
    case 'ClockAdjusted':
      context.askTimers();
      doubtQuotes(context);
      context.disarmAll();
      context.alert('Warning', 'CLOCK_ADJUSTED', `the clock moved by ${input.stepMicros} us`);
      return;
    case 'FeedLapped':
      doubtQuotes(context);
      context.alert(
        'Warning',
        'FEED_LAPPED',
        input.lost === 0 ? 'the feed began anew' : `${input.lost} market records were lost`,
      );
      return;
    case 'JournalChanged':
      onJournalChanged(context, input);
      return;
    default:
      unreachable(input);
  }
}

/** A kernel that knows nothing yet. */
export function createKernel(retention: Retention = RETENTION): Kernel {
  let context = new KernelContext(new KernelState(retention), new PreTrade());
  const encoder = new StateEncoder();
  const encode = (): Uint8Array => {
    assertTallies(context);
    return encoder.encode(context.state, context.gate.record());
  };
  return {
    apply(input) {
      advanceTime(context, input);
      handle(context, input);
      advanceFlattens(context);
      advanceBrackets(context);
      reconcileSettled(context);
      scheduleSweep(context);
      return context.takeEffects();
    },
    encodeState: encode,
    snapshot: encode,
    restore(bytes) {
      const { state, gate } = decodeKernel(bytes, retention);
      const instruments = [...state.instruments.values()];
      const setup = { limits: state.limits, instruments };
      context = new KernelContext(state, new PreTrade(gate, setup));
    },
    preview: (client, terms) => preview(context, client, terms),
    carry: (account) => carryOf(context.state, account),
    view: () => viewOf(context.state),
  };
}
