import { mkdtempSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG, memoryFolder, SEED } from '../../../../build-tools/test/seeds.ts';
import type { ExecutionRequest } from '../../domain/input.ts';
import type { TradeConfig } from '../../api/supervision.ts';
import { invariant } from '../../base/invariant.ts';
import type { Command } from '../../domain/command.ts';
import type { ClientOrderId, VenueOrderId } from '../../domain/identifiers.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { VenueReport } from '../../domain/venue-report.ts';
import { createKernel, type Kernel } from '../../kernel/kernel.ts';
import { ACCOUNT, BALANCES, CLIENT, INSTRUMENT, terms, WIDE } from '../../kernel/testing/desk.ts';
import { filled } from '../../kernel/testing/reports.ts';
import { FLAG_LAST, KIND_BBO, MarketRecords } from '../../native/compute/market-record.ts';
import { JournalFile, type JournalFaultPlan } from '../../native/io/journal-file.ts';
import { JournalRecords, readJournal } from '../../native/io/journal-reader.ts';
import { ManualTime } from '../../net/scheduler.ts';
import type { ExecutionClient } from '../../ports/execution-client.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import {
  RECORD_INTENT,
  SessionJournal,
  streamFolders,
} from '../../store/journal/session-journal.ts';
import { replaySession } from './session-replay.ts';
import { Trade } from './trade.ts';

const { EACCES, EIO, EMFILE, ENOSPC, EROFS } = constants.errno;
const STEP_MS = 150;
const STEPS = 24;

let root = '';
let sessions = 0;
beforeAll(() => {
  root = mkdtempSync(join(memoryFolder(), 'qd-journal-faults-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Where the intent of an order stands on disk; undefined when it does not. */
function intentOn(folder: string, id: ClientOrderId): number | undefined {
  const reader = readJournal(streamFolders(folder).orders);
  if (!reader.ok) throw new Error(reader.error.detail);
  const records = new JournalRecords();
  while (reader.value.next(records) > 0) {
    for (let row = 0; row < records.count; row += 1) {
      if (records.kinds[row] !== RECORD_INTENT) continue;
      const text = Buffer.from(records.payload(row)).toString('utf8');
      if (text.includes(`"clientOrderId":"${id}"`)) return records.sequences[row];
    }
  }
  return undefined;
}

/** A venue that takes everything at once, and looks into the journal before it does. */
class WatchedVenue implements ExecutionClient {
  readonly #folder: string;
  readonly #time: ManualTime;
  #report: (report: VenueReport) => void = () => undefined;
  readonly sent: ExecutionRequest[] = [];
  /** Hears the sequence of each order's intent at the moment the order leaves. */
  onOrder: (sequence: number) => void = () => undefined;

  constructor(folder: string, time: ManualTime) {
    this.#folder = folder;
    this.#time = time;
  }

  start(onReport: (report: VenueReport) => void): void {
    this.#report = onReport;
    onReport({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' });
  }

  withdraw(): void {
    // Requests arrive when they are sent: none waits.
  }

  send(request: ExecutionRequest): void {
    this.sent.push(request);
    const venueTime = unixMicros(this.#time.nowMicros());
    if (request.type === 'SendReconcile') {
      const { requestId } = request;
      const lists = { balances: BALANCES, openOrders: [], fills: [] };
      this.#report({ type: 'AccountSnapshot', account: ACCOUNT, requestId, venueTime, ...lists });
    }
    if (request.type === 'SendListOrders') {
      const { requestId } = request;
      const openOrders = [] as const;
      this.#report({ type: 'OrdersListed', account: ACCOUNT, requestId, openOrders, venueTime });
    }
    if (request.type === 'SendOrderList') {
      for (const { clientOrderId } of request.orders) this.#take(clientOrderId);
    }
    if (request.type === 'SendOrder') this.#take(request.order.clientOrderId);
    if (request.type !== 'SendCancel') return;
    const { clientOrderId, cumQty } = request.order;
    this.#report({ type: 'OrderCanceled', ...this.#about(clientOrderId), cumQty });
  }

  /** What works at the venue fills whole. */
  fill(clientOrderId: ClientOrderId): void {
    this.#report(
      filled(clientOrderId, `t-${clientOrderId}`, terms().quantity, this.#about(clientOrderId)),
    );
  }

  #take(clientOrderId: ClientOrderId): void {
    const sequence = intentOn(this.#folder, clientOrderId);
    invariant(
      sequence !== undefined,
      `${clientOrderId} must not leave before its intent is in the journal`,
    );
    this.onOrder(sequence);
    this.#report({ type: 'OrderAccepted', ...this.#about(clientOrderId) });
  }

  #about(clientOrderId: ClientOrderId) {
    const venueTime = unixMicros(this.#time.nowMicros());
    const venueOrderId = `V${clientOrderId}` as VenueOrderId;
    return {
      account: ACCOUNT,
      instrument: INSTRUMENT.id,
      clientOrderId,
      venueOrderId,
      venueTime,
    };
  }

  count(type: ExecutionRequest['type']): number {
    return this.sent.filter((one) => one.type === type).length;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** One window, by hand. */
class Window implements ClientChannel {
  readonly client = CLIENT;
  readonly heard: string[] = [];
  #listener: (text: string) => void = () => undefined;
  #commands = 0;

  send(text: string): void {
    this.heard.push(text);
  }

  onMessage(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  onClose(): void {
    // It stays to the end.
  }

  close(): void {
    // Nobody waits.
  }

  execute(command: Command): void {
    this.#commands += 1;
    const commandId = `command-${String(this.#commands).padStart(6, '0')}`;
    this.#listener(JSON.stringify({ type: 'Execute', commandId, command }));
  }

  wasTold(code: string): boolean {
    return this.heard.some((text) => text.includes(`"${code}"`));
  }
}

/** The real trading process's parts on a disk that fails as planned, in a time moved by hand. */
class FaultRig {
  readonly folder: string;
  readonly time = new ManualTime();
  readonly venue: WatchedVenue;
  readonly window = new Window();
  readonly kernel: Kernel = createKernel();
  readonly journal: SessionJournal;
  readonly trade: Trade;
  readonly #records = new MarketRecords(1);
  readonly alerts: string[] = [];
  fatal: Error | undefined;

  constructor(
    orders: JournalFaultPlan,
    market: JournalFaultPlan = {},
    durable?: { readonly groupMs: number },
  ) {
    sessions += 1;
    this.folder = join(root, String(sessions));
    this.venue = new WatchedVenue(this.folder, this.time);
    const opened = SessionJournal.open(this.folder, 0, (folder) => {
      const faults = folder.endsWith('orders') ? orders : market;
      return JournalFile.open(folder, {
        segmentBytes: 32_768,
        groupMs: durable?.groupMs ?? 1,
        faults,
      });
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    this.journal = opened.value;
    const config = {
      session: 's1',
      sessionFolder: this.folder,
      environment: 'sandbox',
      ringPath: '',
      instruments: [INSTRUMENT],
      account: ACCOUNT,
      execution: { kind: 'none' },
      limits: WIDE,
      durableBeforeSend: durable !== undefined,
    } as unknown as TradeConfig;
    this.trade = new Trade({
      config,
      time: this.time,
      kernel: this.kernel,
      journal: this.journal,
      execution: this.venue,
      instruments: [INSTRUMENT],
      watch: {
        onUpdate: (update) => {
          if (update.type === 'Alert') this.alerts.push(update.code);
        },
        onReport: () => undefined,
        onMalformedRequest: (detail) => {
          this.fatal = new Error(detail);
        },
        onLapped: () => undefined,
      },
      onFatal: (error) => {
        this.fatal = error instanceof Error ? error : new Error(String(error));
      },
    });
    this.trade.start(false);
    this.trade.addWindow(this.window);
    this.unlock();
  }

  unlock(): void {
    this.quote();
    this.window.execute({ type: 'Unlock', account: ACCOUNT });
    this.window.execute({ type: 'Arm' });
  }

  quote(): void {
    const now = this.time.nowNanos();
    this.#records.set(0, KIND_BBO, FLAG_LAST, 0, now, now, 9_999, 10_000, 10_001, 10_000, 1);
    this.trade.onMarket(this.#records, 1, now);
  }

  submit(at: number): void {
    this.window.execute({
      type: 'SubmitOrder',
      terms: terms({ quantity: quantity(terms().quantity + at * 10) }),
    });
  }

  cancelAll(): void {
    this.window.execute({ type: 'CancelAll', account: ACCOUNT });
  }

  pass(milliseconds: number): void {
    this.time.advance(milliseconds);
    if (this.fatal !== undefined) throw this.fatal;
  }

  liveOrders(): readonly ClientOrderId[] {
    return this.kernel
      .view()
      .orders.filter(({ status }) => status === 'Accepted')
      .map(({ clientOrderId }) => clientOrderId);
  }

  /** Ends the session; what its journal replays to must be what the kernel was. */
  async end(): Promise<void> {
    const bytes = this.kernel.encodeState();
    await this.trade[Symbol.asyncDispose]();
    const replay = replaySession(this.folder);
    invariant(replay.ok, replay.ok ? '' : replay.error.message);
    invariant(replay.value.firstDifference === undefined, 'every hash must be reproduced');
    const same = Buffer.compare(replay.value.kernel.encodeState(), bytes) === 0;
    invariant(same, 'a replay must end in the bytes of the kernel');
    rmSync(this.folder, { recursive: true });
  }
}

interface Run {
  readonly orders: number;
  readonly failures: number;
}

/** Orders and cancels while the disk fails as planned; at the end it works again. */
async function run(orders: JournalFaultPlan, market: JournalFaultPlan = {}): Promise<Run> {
  const rig = new FaultRig(orders, market);
  let failures = 0;
  for (let step = 0; step < STEPS; step += 1) {
    rig.quote();
    if (step % 3 === 2) {
      const before = rig.liveOrders();
      rig.cancelAll();
      invariant(rig.liveOrders().length === 0, `cancels must leave: ${before.join(' ')}`);
    } else {
      rig.submit(step);
    }
    rig.pass(0);
    const { state } = rig.journal.health;
    if (state === 'Failed') {
      failures += 1;
      invariant(rig.alerts.includes('JOURNAL_FAILED'), 'a journal that fails must be told at once');
      const [account] = rig.kernel.view().accounts;
      invariant(account?.tradingState !== 'Active', 'trading must be Reducing or less');
    }
    rig.pass(STEP_MS);
  }
  rig.pass(3000);
  invariant(rig.journal.health.state === 'Ready', 'the journal must be written again');
  rig.unlock();
  const before = rig.venue.count('SendOrder');
  rig.submit(STEPS);
  invariant(rig.venue.count('SendOrder') === before + 1, 'orders must leave again');
  await rig.end();
  return { orders: before + 1, failures };
}

describe('a disk that fails under the trading process', () => {
  test('at any write: no order leaves without its record, cancels always do, and it recovers by itself', async () => {
    const plans: readonly JournalFaultPlan[] = [
      ...[ENOSPC, EIO, EROFS, EACCES, EMFILE].map((writeError) => ({ writeError })),
      { writeError: ENOSPC, writeFailures: 12 },
      { writeError: EIO, shortBytes: 40, writeFailures: 3 },
      ...[1, 31, 100].map((shortBytes) => ({ shortBytes })),
    ];
    const most = LONG ? 100_000 : 2_000;
    const until = performance.now() + (LONG ? 3_600_000 : 15_000);
    let runs = 0;
    let failures = 0;
    let clean = false;
    for (let at = 1; !clean && runs < most && performance.now() < until; at += 1) {
      let hit = 0;
      for (const plan of plans) {
        const reached = await run({ ...plan, failWriteAt: at });
        hit += reached.failures;
        runs += 1;
      }
      failures += hit;
      clean = hit === 0;
    }
    console.log(
      `reached ${runs} sessions with a write that fails, ${failures} steps without a disk, ${clean ? 'to a clean run' : 'cut by time'}, seed ${SEED}`,
    );
    expect(failures).toBeGreaterThan(0);
  });

  test('without room for the next segment: Reducing, said, and back without a restart', async () => {
    const rig = new FaultRig({ failAllocateAt: 1, allocateError: ENOSPC, allocateFailures: 3 });
    await expect.poll(() => rig.alerts.includes('JOURNAL_STARVED')).toBe(true);
    expect(rig.kernel.view().accounts[0]?.tradingState).not.toBe('Active');
    rig.submit(1);
    expect(rig.venue.count('SendOrder')).toBe(0);
    rig.window.execute({ type: 'Unlock', account: ACCOUNT });
    expect(rig.window.wasTold('JOURNAL_UNWRITABLE')).toBe(true);
    await expect.poll(() => rig.alerts.includes('JOURNAL_READY'), { timeout: 10_000 }).toBe(true);
    rig.unlock();
    rig.submit(2);
    expect(rig.venue.count('SendOrder')).toBe(1);
    await rig.end();
  });

  test('only for market data: what is not recorded is not applied, and orders that add risk stop', async () => {
    const { failures, orders } = await run(
      {},
      { failWriteAt: 4, writeError: ENOSPC, writeFailures: 9 },
    );
    expect(failures).toBe(0);
    expect(orders).toBeGreaterThan(1);
  });
});

test('the exits of a bracket leave with their record or not at all', async () => {
  const bracket = { takeProfit: price(11_000), stopLoss: price(9_000) };
  let sent = 0;
  let waited = 0;
  for (let failWriteAt = 1; failWriteAt <= 30; failWriteAt += 1) {
    const rig = new FaultRig({ failWriteAt, writeError: ENOSPC, writeFailures: 3 });
    rig.quote();
    rig.window.execute({ type: 'SubmitOrder', terms: terms({ bracket }) });
    for (const id of rig.liveOrders()) rig.venue.fill(id);
    rig.pass(0);
    sent += rig.venue.count('SendOrderList');
    waited += rig.alerts.includes('BRACKET_WAITS') ? 1 : 0;
    rig.pass(3000);
    await rig.end();
  }
  expect(sent).toBeGreaterThan(0);
  expect(waited).toBeGreaterThan(0);
});

describe('durableBeforeSend', () => {
  test('a sync that fails sends nothing early: the order leaves when the new file is durable', async () => {
    for (let failSyncAt = 1; failSyncAt <= 12; failSyncAt += 1) {
      for (const syncFailures of [1, 3]) {
        const faults = { failSyncAt, syncError: EIO, syncFailures };
        const rig = new FaultRig(faults, {}, { groupMs: 0 });
        let early = 0;
        rig.venue.onOrder = (sequence) => {
          if (rig.journal.durableSequence < sequence) early += 1;
        };
        for (let order = 1; order <= 6; order += 1) {
          rig.submit(order);
          const settled = (): boolean => {
            rig.pass(STEP_MS);
            rig.quote();
            return rig.venue.count('SendOrder') >= order || rig.alerts.includes('JOURNAL_FAILED');
          };
          await expect.poll(settled, { interval: 1 }).toBe(true);
        }
        expect(early).toBe(0);
        await rig.end();
      }
    }
  });

  test('a slow sync holds only what adds risk: cancels leave at once', async () => {
    const rig = new FaultRig({}, {}, { groupMs: 20 });
    rig.submit(1);
    const sent = (count: number) => (): boolean => rig.venue.count('SendOrder') === count;
    await expect.poll(sent(1), { interval: 1 }).toBe(true);
    rig.submit(2);
    rig.submit(3);
    const before = rig.venue.count('SendOrder');
    const [first] = rig.liveOrders();
    invariant(first !== undefined, 'the first order must work');
    rig.window.execute({ type: 'CancelOrder', clientOrderId: first });
    expect(rig.venue.count('SendCancel')).toBe(1);
    expect(before).toBeLessThan(3);
    await expect.poll(sent(3), { interval: 1 }).toBe(true);
    await rig.end();
  });
});
