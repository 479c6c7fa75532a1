import { decodeMessage } from '../../api/codec.ts';
import {
  tradeRequestSchema,
  type TradeMessage,
  type TradeRequest,
} from '../../api/trade-service.ts';
import type { RiskLimits } from '../../domain/account.ts';
import type { Effect, Input, JournalChanged, Update } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { unixMicros } from '../../domain/time.ts';
import { KERNEL_RULES } from '../../kernel/rules.ts';
import { MarketRecords } from '../../native/compute/market-record.ts';
import { Histogram } from '../../native/io/histogram.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import type { OwnVitals } from '../../server/vital-signs.ts';
import { latencyOf } from '../vitals.ts';
import { Audience } from './audience.ts';
import { countOrders, refusedEvents } from './order-counts.ts';
import type { CarryOver } from './carry-over.ts';
import { FeedClock } from './feed-clock.ts';
import { marketEventOf, takeKernelRecords } from './market-input.ts';
import { addsRisk, IntentGate, ordersUnsent, type Intent } from './intent-gate.ts';
import { snapshotMessage } from './snapshot-message.ts';
import type { TradeParts } from './trade-parts.ts';
import { TradeKills } from './trade-kills.ts';
import { KernelTimers, Repeating } from './timers.ts';
import { breaksUnknownRule, changedRules } from './venue-rules.ts';

/** Inputs between two state hashes, and the longest time between them while inputs come. */
const HASH_EVERY_INPUTS = 10_000;
const HASH_EVERY_MS = 5000;
const HEALTH_MS = 1000;
/** How soon a journal that failed is tried again. */
const RETRY_MS = 100;
/** How soon a sleep or a clock that was set is noticed while nothing comes in. */
const CLOCK_MS = 1000;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type NewInput = DistributiveOmit<Input, 'at'>;

/** The trading process: every input is journalled, then applied; every intent is journalled, then sent. */
export class Trade implements AsyncDisposable {
  /** Its kills and drills. */
  readonly kills: TradeKills;
  readonly #parts: TradeParts;
  readonly #timers: KernelTimers;
  readonly #repeating: Repeating[] = [];
  readonly #audience: Audience;
  readonly #waiting: NewInput[] = [];
  readonly #gate: IntentGate;
  readonly #taken = new MarketRecords(4096);
  readonly #feedClock = new FeedClock();
  readonly #kernelLatency = new Histogram();
  readonly #journalLatency = new Histogram();
  readonly #ringLatency = new Histogram();
  readonly #venueLatency = new Histogram();
  #instruments: readonly Instrument[];
  #limits: RiskLimits;
  #applying = false;
  #closed = false;
  #stopping = false;
  #inputs = 0;
  #marketInputs = 0;
  #ringLost = 0;
  #hashedAt = 0;
  #marketLost = 0;
  #journalState: JournalChanged['state'] = 'Ready';
  #durable = 0;
  #durableAt: number | undefined;

  constructor(parts: TradeParts) {
    this.#parts = parts;
    this.#instruments = parts.instruments;
    this.#limits = parts.config.limits;
    this.#audience = new Audience(parts.time, parts.gather, parts.lastAlerts);
    this.#timers = new KernelTimers(parts.time, (timer) => {
      this.#enter({ type: 'TimerFired', timer });
    });
    this.#gate = new IntentGate((intent) => parts.execution?.send(intent));
    this.kills = new TradeKills(parts, this.#gate, (input) => this.#enter(input));
    const { journal } = parts;
    journal.onDurable(() => {
      // What is told at once by what is sent waits for the input being applied, if there is one.
      if (!this.#closed) this.#exclusively(() => this.#onDurable());
    });
  }

  /** Begins the session with what the account brings (or goes on with it after `recovered`) and connects the account; in kill mode the kill comes before the connection. */
  start(recovered: boolean, brought: CarryOver = {}): void {
    const { config, execution, instruments, time } = this.#parts;
    this.#enter({
      type: 'SessionStarted',
      session: config.session,
      idPrefix: `qd${time.nowMicros().toString(36)}`,
      accounts: [config.account],
      instruments,
      limits: this.#limits,
      recovered,
      rules: KERNEL_RULES,
      ...(brought.carried && { carried: [brought.carried] }),
      ...(brought.uncarried && { uncarried: [brought.uncarried] }),
    });
    for (const receipt of this.#parts.kernel.view().receipts) this.kills.tellReceipt(receipt);
    if (config.kill !== undefined) this.kills.begin(config.kill);
    execution?.start((report) => {
      if (breaksUnknownRule(report)) this.#parts.onUnknownRule?.();
      this.#parts.watch?.onReport(report);
      this.#enter({ type: 'Venue', report });
    }, this.#parts.kernel.view().orders);
    this.#repeating.push(new Repeating(time, HASH_EVERY_MS, () => this.#hash()));
    this.#repeating.push(new Repeating(time, HEALTH_MS, () => this.#health()));
    this.#repeating.push(new Repeating(time, RETRY_MS, () => this.#retryJournal()));
    this.#repeating.push(new Repeating(time, CLOCK_MS, () => this.#watchClock()));
  }

  /** Takes the first `count` market records of `records` in; none was made before `emptyAtNanos`, our time. */
  onMarket(records: MarketRecords, count: number, emptyAtNanos: bigint): void {
    const taken = takeKernelRecords(
      records,
      count,
      this.#parts.config.instruments.length,
      this.#taken,
    );
    if (taken === 0) return;
    const { time } = this.#parts;
    if (this.#watchClock()) {
      // They were read before it was known that the clock had moved.
      this.onLapped(taken);
      return;
    }
    const now = time.nowNanos();
    // A feed ahead of us would carry the kernel's time where ours comes to only later.
    this.#feedClock.align(this.#taken, taken, now, emptyAtNanos);
    this.#ringLatency.record(Number(now - this.#taken.tsInitNanos(taken - 1)));
    this.#exclusively(() => {
      if (!this.#parts.journal.appendMarket(this.#taken, taken)) {
        this.#loseMarket(taken);
        return;
      }
      if (this.#marketLost > 0) {
        this.#marketLost = 0;
        // Among what was lost may be what the feed says of its data.
        this.#parts.skipMarket?.();
      }
      for (let row = 0; row < taken; row += 1) {
        this.#marketInputs += 1;
        const event = marketEventOf(this.#taken, row, this.#parts.instruments);
        if (event === undefined) continue;
        const at = this.#taken.tsInitMicros(row);
        this.#carryOut(this.#parts.kernel.apply({ type: 'Market', at, event }));
      }
    });
  }

  /** What is not recorded is not applied: quotes are doubted until they are recorded again. */
  #loseMarket(count: number): void {
    if (this.#marketLost === 0) this.#waiting.push({ type: 'FeedLapped', lost: count });
    this.#marketLost += count;
    this.#ringLost += count;
    this.#tellJournal();
  }

  /** Tells the kernel that the ring overwrote records before they were read, or that another feed `begun` to write it. */
  onLapped(lost: number, begun = false): void {
    if (begun) {
      // It began with the clock as it is now.
      this.#noteClock();
      this.#feedClock.onBegun();
    }
    this.#ringLost += lost;
    this.#parts.watch?.onLapped(lost);
    this.#enter({ type: 'FeedLapped', lost });
  }

  /** What main is told of trading. */
  vitals(): OwnVitals {
    const { execution, journal, kernel } = this.#parts;
    const { orders, counters } = kernel.view();
    const { durableSequence, lastSequence, records, bytes } = journal;
    if (durableSequence !== this.#durable) this.#durableAt = this.#parts.time.nowMicros();
    this.#durable = durableSequence;
    const health = execution?.health?.();
    return {
      connections: health === undefined ? [] : [health],
      counters: {
        inputs: this.#inputs,
        market_inputs: this.#marketInputs,
        ring_lost: this.#ringLost,
        snapshots_failed: journal.snapshotsFailed,
        windows: this.#audience.size,
        illegal_transitions: counters.illegalTransitions,
        duplicate_fills: counters.duplicateFills,
        contradictory_fills: counters.contradictoryFills,
        overfills: counters.overfills,
        stray_reports: counters.strayReports,
        unknown_accounts: counters.unknownAccounts,
      },
      latencies: [
        latencyOf('journal', this.#journalLatency),
        latencyOf('kernel', this.#kernelLatency),
        latencyOf('ring', this.#ringLatency),
        latencyOf('venue', this.#venueLatency),
      ],
      journal: {
        ...journal.health,
        records,
        bytes,
        durableLag: Math.max(0, lastSequence - durableSequence),
        ...(this.#durableAt === undefined ? {} : { durableAt: this.#durableAt }),
      },
      orders: countOrders(orders),
    };
  }

  /** Takes the venue's rules of today for instruments it knows. */
  onInstruments(instruments: readonly Instrument[]): void {
    const changed = changedRules(this.#instruments, instruments);
    if (changed.size === 0) return;
    this.#instruments = this.#instruments.map((one) => changed.get(one.id) ?? one);
    for (const [, instrument] of changed) this.#enter({ type: 'InstrumentChanged', instrument });
    this.#audience.sendEach((window) => this.#snapshot(window));
  }

  /** Takes other limits of risk: the next order is checked against them. */
  onLimits(limits: RiskLimits): void {
    this.#limits = limits;
    this.#enter({ type: 'ConfigChanged', limits });
    this.#audience.sendEach((window) => this.#snapshot(window));
  }

  /** Serves a window or command line until it leaves. */
  addWindow(window: ClientChannel): void {
    this.#audience.add(window);
    window.onClose(() => {
      this.#audience.delete(window);
      const others = this.#audience.has(window.client);
      // A command line comes and goes with every command; its arming lasts until it disarms.
      if (!others && window.client !== 'command-line') {
        this.#enter({ type: 'ClientLeft', client: window.client });
      }
    });
    window.onMessage((text) => {
      this.#onRequest(window, text);
    });
    this.#audience.send(window, this.#snapshot(window));
    this.#audience.tellLast(window);
  }

  /** Takes no more requests, tells the venue goodbye, and ends the journal with the state's hash. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    for (const one of this.#repeating) one[Symbol.dispose]();
    await this.#parts.execution?.[Symbol.asyncDispose]();
    this.#timers[Symbol.dispose]();
    this.#hash();
    this.#closed = true;
    this.#parts.journal.close();
  }

  #onRequest(window: ClientChannel, text: string): void {
    const decoded = decodeMessage(tradeRequestSchema, text);
    if (!decoded.ok) {
      this.#parts.watch?.onMalformedRequest(decoded.error.message);
      this.#audience.send(window, { type: 'Refused', ...decoded.error });
      return;
    }
    const request = decoded.value;
    if (this.#stopping || this.#closed) {
      this.#audience.send(window, {
        type: 'Refused',
        code: 'STOPPING',
        message: 'trading is stopping',
      });
      return;
    }
    if (request.type === 'Execute') {
      const { commandId, command } = request;
      this.#enter({ type: 'UserCommand', envelope: { commandId, client: window.client, command } });
      return;
    }
    this.#guard(() => this.#preview(window, request));
  }

  #preview(window: ClientChannel, request: Extract<TradeRequest, { type: 'Preview' }>): void {
    const denial = this.#parts.kernel.preview(window.client, request.terms);
    const { code, message } = denial ?? { code: 'OK', message: 'every check passes' };
    const ok = denial === undefined;
    this.#audience.send(window, { type: 'Previewed', request: request.request, ok, code, message });
  }

  /** Inputs that an effect causes at once wait until the one being applied is done. */
  #enter(input: NewInput): void {
    if (this.#closed) return;
    this.#noteClock();
    this.#waiting.push(input);
    if (!this.#applying) this.#exclusively(() => undefined);
  }

  /** After a sleep nothing that was known before may be acted on: the kernel hears of it ahead of what came since. True when the clock moved. */
  #noteClock(): boolean {
    const stepMicros = this.#parts.takeClockStep?.() ?? 0;
    if (stepMicros === 0) return false;
    this.#feedClock.onStep(stepMicros, this.#parts.time.nowNanos());
    this.#waiting.push({ type: 'ClockAdjusted', stepMicros });
    this.#parts.skipMarket?.();
    return true;
  }

  #watchClock(): boolean {
    if (this.#closed || this.#applying) return false;
    const stepped = this.#noteClock();
    if (this.#waiting.length > 0) this.#exclusively(() => undefined);
    return stepped;
  }

  /** Does `work`, then applies what waits. A market batch is journalled whole, so nothing may come between its records. */
  #exclusively(work: () => void): void {
    this.#applying = true;
    this.#guard(() => {
      work();
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#apply(next);
      }
    });
    this.#applying = false;
  }

  #apply(input: NewInput): void {
    const { journal, kernel, time } = this.#parts;
    const stamped = { ...input, at: unixMicros(time.nowMicros()) } as Input;
    const begun = time.nowNanos();
    journal.appendInput(stamped, begun);
    const journalled = time.nowNanos();
    const effects = kernel.apply(stamped);
    const applied = time.nowNanos();
    // The first input builds everything and happens once; it says nothing of the inputs that follow.
    if (input.type !== 'SessionStarted') {
      this.#journalLatency.record(Number(journalled - begun));
      this.#kernelLatency.record(Number(applied - journalled));
    }
    this.#inputs += 1;
    this.#carryOut(effects);
    if (journal.inTrouble) this.#tellJournal();
    if (this.#inputs % HASH_EVERY_INPUTS === 0) this.#hash();
  }

  #onDurable(): void {
    const { config, journal } = this.#parts;
    if (config.durableBeforeSend) this.#gate.onDurable(journal.durableSequence);
    if (journal.health.state !== 'Ready') journal.retry();
    this.#tellJournal();
  }

  #retryJournal(): void {
    const { journal } = this.#parts;
    if (this.#closed || this.#applying) return;
    if (journal.health.state === 'Ready' && this.#journalState === 'Ready') return;
    this.#exclusively(() => {
      journal.retry();
      this.#tellJournal();
    });
  }

  /** Lets the kernel know when the journal fares otherwise than it last heard. */
  #tellJournal(): void {
    const { state, detail } = this.#parts.journal.health;
    if (state === this.#journalState) return;
    this.#journalState = state;
    this.#waiting.push({ type: 'JournalChanged', state, detail });
    if (state !== 'Failed') return;
    for (const intent of this.#gate.drop()) this.#refuse(intent);
  }

  /** Tells the kernel that an order will not leave. */
  #refuse(intent: Intent): void {
    const told = {
      type: 'NotSent',
      venueTime: unixMicros(this.#parts.time.nowMicros()),
      code: 'JOURNAL_UNWRITABLE',
      message: 'no order leaves that is not in the journal, which cannot be written',
    } as const;
    const { account } = this.#parts.config;
    for (const unsent of ordersUnsent(intent)) {
      this.#waiting.push({ type: 'Venue', report: { ...told, account, ...unsent } });
    }
  }

  #carryOut(effects: readonly Effect[]): void {
    if (effects.length === 0) return;
    const updates: Update[] = [];
    for (const effect of effects) {
      switch (effect.type) {
        case 'Publish':
          updates.push(effect.update);
          this.#note(effect.update);
          this.kills.onUpdate(effect.update);
          break;
        case 'SetTimer':
          this.#timers.set(effect.timer, effect.dueAt);
          break;
        default:
          this.#leave(effect);
      }
    }
    this.#audience.tell(updates);
  }

  #note(update: Update): void {
    this.#parts.watch?.onUpdate(update);
    if (update.type !== 'OrderChanged') return;
    const { status, submittedAt, acceptedAt, updatedAt } = update.order;
    // Once for each order: later changes have a later time.
    if (status !== 'Accepted' || submittedAt === undefined || acceptedAt !== updatedAt) return;
    this.#venueLatency.record((acceptedAt - submittedAt) * 1000);
  }

  #leave(intent: Intent): void {
    const { config, journal, kernel, time } = this.#parts;
    const sequence = journal.appendIntent(intent, time.nowNanos());
    if (sequence !== undefined) {
      this.#gate.pass(
        intent,
        sequence,
        config.durableBeforeSend && addsRisk(intent, kernel.view()),
      );
      return;
    }
    // A cancel, a query or a reconciliation adds nothing: it leaves without its record.
    if (ordersUnsent(intent).length > 0) this.#refuse(intent);
    else this.#gate.pass(intent, journal.durableSequence, false);
  }

  #hash(): void {
    const { journal, kernel, time } = this.#parts;
    const seen = this.#inputs + this.#marketInputs;
    if (this.#closed || seen === this.#hashedAt) return;
    this.#hashedAt = seen;
    this.#guard(() => {
      journal.appendStateHash(kernel.encodeState(), time.nowNanos());
    });
  }

  /** A kernel or journal that fails must not go on: the process ends and recovers from the journal. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#closed = true;
      this.#parts.onFatal(error);
    }
  }

  #snapshot(window: ClientChannel): TradeMessage {
    const { config, kernel, time } = this.#parts;
    return snapshotMessage(kernel.view(), {
      session: config.session,
      environment: config.environment,
      client: window.client,
      instruments: this.#instruments,
      limits: this.#limits,
      at: unixMicros(time.nowMicros()),
    });
  }

  #health(): void {
    const { journal, kernel, time } = this.#parts;
    this.#audience.broadcast({
      type: 'Health',
      at: unixMicros(time.nowMicros()),
      health: {
        inputs: this.#inputs,
        marketInputs: this.#marketInputs,
        kernelP50Nanos: this.#kernelLatency.percentile(50),
        kernelP99Nanos: this.#kernelLatency.percentile(99),
        journalRecords: journal.records,
        journalBytes: journal.bytes,
        journalP99Nanos: this.#journalLatency.percentile(99),
        ringLost: this.#ringLost,
        refusedEvents: refusedEvents(kernel.view().counters),
      },
    });
  }
}
