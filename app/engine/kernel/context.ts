import type { AccountId, ClientId } from '../domain/identifiers.ts';
import type { Effect, Update } from '../domain/input.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import type { PreTrade } from '../risk/pre-trade.ts';
import { accountStateOf, type AccountRecord, type Counters, type KernelState } from './state.ts';

/** How loud an alert is. */
type AlertLevel = Extract<Update, { readonly type: 'Alert' }>['level'];

/** What a handler works with during one input: the state, the gate, and the effects so far. */
export class KernelContext {
  readonly state: KernelState;
  readonly gate: PreTrade;
  #effects: Effect[] = [];

  constructor(state: KernelState, gate: PreTrade) {
    this.state = state;
    this.gate = gate;
  }

  /** Our time of the input being applied. */
  get now(): UnixMicros {
    return this.state.now;
  }

  /** Asks something of the world. */
  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Tells a fact that the state already holds. */
  publish(update: Update): void {
    this.#effects.push({ type: 'Publish', update });
  }

  /** Tells people. */
  alert(level: AlertLevel, code: string, message: string): void {
    this.publish({ type: 'Alert', level, code, message });
  }

  /** Counts something that should not happen. */
  count(counter: keyof Counters): void {
    const { counters } = this.state;
    this.state.counters = { ...counters, [counter]: counters[counter] + 1 };
  }

  /** Sets or moves the timer of that name. */
  setTimer(timer: string, dueAt: UnixMicros): void {
    if (this.state.timers.get(timer) === dueAt) return;
    this.state.timers.set(timer, dueAt);
    this.askTimer(timer, dueAt);
  }

  /** Asks for a timer that is set, in the time of whoever fires it. */
  askTimer(timer: string, dueAt: UnixMicros): void {
    const theirs = unixMicros(Math.max(0, dueAt - this.state.skewMicros));
    this.emit({ type: 'SetTimer', timer, dueAt: theirs });
  }

  /** Asks again for every timer that is set. */
  askTimers(): void {
    const timers = [...this.state.timers].sort(([left], [right]) => (left < right ? -1 : 1));
    for (const [timer, dueAt] of timers) this.askTimer(timer, dueAt);
  }

  /** Forgets a timer; its firing is then ignored. */
  clearTimer(timer: string): void {
    this.state.timers.delete(timer);
  }

  /** Writes an account, tells the gate and publishes what screens see of it. */
  saveAccount(next: AccountRecord): void {
    const before = this.state.accounts.get(next.account);
    this.state.accounts.set(next.account, next);
    this.gate.setAccount(next.account, next.tradingState);
    const seen =
      before === undefined ||
      before.tradingState !== next.tradingState ||
      before.connected !== next.connected ||
      before.reconciliation !== next.reconciliation ||
      before.feeRates !== next.feeRates;
    if (seen) this.publish({ type: 'AccountChanged', account: accountStateOf(next) });
  }

  /** The account, or undefined with the count of reports about accounts nobody named. */
  account(id: AccountId): AccountRecord | undefined {
    const record = this.state.accounts.get(id);
    if (record === undefined) this.count('unknownAccounts');
    return record;
  }

  /** Ends every client's arming. */
  disarmAll(): void {
    for (const client of [...this.state.armed].sort()) {
      this.setArmed(client, false);
    }
  }

  /** Arms or disarms a client. */
  setArmed(client: ClientId, armed: boolean): void {
    const { state } = this;
    if (state.armed.has(client) === armed) return;
    if (armed) state.armed.add(client);
    else state.armed.delete(client);
    this.gate.setArmed(client, armed);
    this.publish({ type: 'ArmingChanged', client, armed });
  }

  /** The effects of this input, in order; the next input starts with none. */
  takeEffects(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
