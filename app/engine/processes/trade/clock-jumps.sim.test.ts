import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LONG, memoryFolder, SEED } from '../../../../build-tools/test/seeds.ts';
import type { TradeConfig } from '../../api/supervision.ts';
import { tradeMessageSchema, type TradeMessage } from '../../api/trade-service.ts';
import { decodeMessage } from '../../api/codec.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import type { Command, CommandResult } from '../../domain/command.ts';
import { quantity } from '../../domain/price.ts';
import { createKernel } from '../../kernel/kernel.ts';
import { ACCOUNT, CLIENT, INSTRUMENT, terms, WIDE } from '../../kernel/testing/desk.ts';
import { FLAG_LAST, KIND_BBO, MarketRecords } from '../../native/compute/market-record.ts';
import { ManualTime } from '../../net/scheduler.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import { SimulatedVenue } from '../../sim/simulated-venue.ts';
import { SessionJournal } from '../../store/journal/session-journal.ts';
import { SystemTime } from '../system-time.ts';
import { replaySession } from './session-replay.ts';
import { Trade } from './trade.ts';

const POINTS = LONG ? 2000 : 200;
const STALE_AFTER_MS = 1000;
const HOUR_MS = 3_600_000;
/** The machine's wall clock is set by so much; a sleep is a jump forward. DST moves no clock that counts from the epoch. */
const JUMPS_MS = [1000, -1000, HOUR_MS, -HOUR_MS, 24 * HOUR_MS, -24 * HOUR_MS, 8 * HOUR_MS];

const folder = mkdtempSync(join(memoryFolder(), 'qd-clock-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The trading process on a machine whose wall clock is set by hand; the monotonic one passes evenly. */
class ClockRig {
  readonly manual = new ManualTime();
  readonly system: SystemTime;
  readonly trade: Trade;
  readonly alerts: string[] = [];
  wallAheadMs = 0;
  /** When the newest quote came, by the monotonic clock. */
  quotedAt = -Infinity;
  sent = 0;
  comparisons = 0;
  readonly #results = new Map<string, CommandResult>();
  readonly #records = new MarketRecords(1);
  #listener: (text: string) => void = () => undefined;
  #commands = 0;
  #feedAheadMs = 0;

  constructor() {
    const { manual } = this;
    this.system = new SystemTime({
      wall: () => manual.nowNanos() + BigInt(this.wallAheadMs) * 1_000_000n,
      monotonic: () => manual.nowNanos(),
    });
    const time = {
      nowMicros: () => this.system.nowMicros(),
      nowNanos: () => this.system.nowNanos(),
      setTimer: (delayMs: number, fire: () => void) => manual.setTimer(delayMs, fire),
    };
    const journal = SessionJournal.open(folder, 0);
    if (!journal.ok) throw new Error(journal.error.detail);
    const balances = [
      { asset: INSTRUMENT.base, units: 1_000_000n },
      { asset: INSTRUMENT.quote, units: 1_000_000_000n },
    ];
    const venue = new SimulatedVenue({
      account: ACCOUNT,
      instruments: [INSTRUMENT],
      clock: time,
      balances,
    });
    const config = {
      session: 's1',
      sessionFolder: folder,
      environment: 'sandbox',
      instruments: [INSTRUMENT],
      account: ACCOUNT,
      limits: { ...WIDE, staleAfterMicros: STALE_AFTER_MS * 1000 },
      durableBeforeSend: false,
    } as unknown as TradeConfig;
    this.trade = new Trade({
      config,
      time,
      kernel: createKernel(),
      journal: journal.value,
      execution: {
        start: (onReport) => venue.start(onReport),
        withdraw: () => venue.withdraw(),
        send: (request) => {
          if (request.type === 'SendOrder') this.sent += 1;
          if (request.type === 'SendReconcile' || request.type === 'SendListOrders') {
            this.comparisons += 1;
          }
          venue.send(request);
        },
        [Symbol.asyncDispose]: () => venue[Symbol.asyncDispose](),
      },
      instruments: [INSTRUMENT],
      takeClockStep: () => this.system.takeStep(),
      onFatal: (error) => {
        throw error;
      },
    });
    this.trade.start(false);
    const window: ClientChannel = {
      client: CLIENT,
      send: (text) => this.#hear(text),
      onMessage: (listener) => {
        this.#listener = listener;
      },
      onClose: () => undefined,
      close: () => undefined,
    };
    this.trade.addWindow(window);
  }

  #hear(text: string): void {
    const decoded = decodeMessage(tradeMessageSchema, text);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const message: TradeMessage = decoded.value;
    if (message.type !== 'Updates') return;
    for (const update of message.updates) {
      if (update.type === 'Alert') this.alerts.push(update.code);
      if (update.type === 'CommandAnswered') {
        this.#results.set(update.result.commandId, update.result);
      }
    }
  }

  /** A quote of a feed whose clock is `aheadMs` of ours; another feed when that differs from the last. */
  quote(aheadMs = 0): void {
    if (aheadMs !== this.#feedAheadMs) this.trade.onLapped(0, true);
    this.#feedAheadMs = aheadMs;
    const now = this.system.nowNanos() + BigInt(aheadMs) * 1_000_000n;
    this.#records.set(0, KIND_BBO, FLAG_LAST, 0, now, now, 9_999, 10_000, 10_001, 10_000, 1);
    this.trade.onMarket(this.#records, 1, this.system.nowNanos());
    this.quotedAt = this.manual.nowMicros();
  }

  /** The code a command is refused with; OK when it is not. */
  ask(command: Command): string {
    this.#commands += 1;
    const commandId = `command-${this.#commands}`;
    this.#listener(JSON.stringify({ type: 'Execute', commandId, command }));
    const result = this.#results.get(commandId);
    return result?.ok === true ? 'OK' : (result?.code ?? 'nothing');
  }

  order(): string {
    const small = quantity(terms().quantity + this.#commands * 10);
    return this.ask({ type: 'SubmitOrder', terms: { ...terms(), quantity: small } });
  }
}

test('clocks jump between any two inputs: no order leaves on what was known before, and time goes on', async () => {
  const rig = new ClockRig();
  const rng = new Xoshiro128(SEED);
  rig.quote();
  rig.manual.advance(2000);
  let denied = 0;
  let last = rig.system.nowNanos();
  rig.quote();
  expect(rig.ask({ type: 'Unlock', account: ACCOUNT })).toBe('OK');
  for (let point = 0; point < POINTS; point += 1) {
    rig.manual.advance(rng.nextBelow(3000));
    const jump = JUMPS_MS[rng.nextBelow(JUMPS_MS.length)] ?? 0;
    // A feed that was started after the clock was set is ahead of us.
    rig.quote(rng.nextBelow(4) === 0 ? Math.max(0, jump) : 0);
    expect(rig.ask({ type: 'Arm' })).toBe('OK');
    const before = rig.sent;
    expect(rig.order()).toBe('OK');
    expect(rig.sent).toBe(before + 1);
    rig.alerts.length = 0;
    rig.wallAheadMs += jump;
    // Whether it is seen by the clock's own watch or by the next input makes no difference.
    rig.manual.advance(rng.nextBelow(1500));
    expect(rig.order()).toBe('NOT_ARMED');
    expect(rig.alerts).toContain('CLOCK_ADJUSTED');
    expect(rig.ask({ type: 'Arm' })).toBe('OK');
    expect(rig.order()).toBe('STALE_DATA');
    denied += 2;
    // A clock that stands still, or runs unlike ours, ages no quote differently.
    rig.quote();
    const age = rng.nextBelow(2 * STALE_AFTER_MS);
    const froze = rng.nextBelow(2) === 0;
    rig.manual.advance(age);
    if (froze && age < 400) rig.wallAheadMs -= age;
    const fresh = (rig.manual.nowMicros() - rig.quotedAt) / 1000 <= STALE_AFTER_MS;
    expect(rig.order()).toBe(fresh ? 'OK' : 'STALE_DATA');
    expect(rig.system.nowNanos() >= last).toBe(true);
    last = rig.system.nowNanos();
    rig.ask({ type: 'CancelAll', account: ACCOUNT });
  }
  // The kernel's timers run on: the account is still compared.
  const compared = rig.comparisons;
  rig.manual.advance(60_000);
  expect(rig.comparisons).toBeGreaterThan(compared + 2);
  await rig.trade[Symbol.asyncDispose]();
  const replay = replaySession(folder);
  if (!replay.ok) throw new Error(replay.error.message);
  expect(replay.value.firstDifference).toBeUndefined();
  expect(replay.value.lastHash?.hash).toBe(replay.value.lastHash?.recorded);
  console.log(
    `reached ${POINTS} points, ${rig.sent} orders left, ${denied} denied, seed ${SEED}; ${replay.value.hashes} hashes`,
  );
}, 600_000);
