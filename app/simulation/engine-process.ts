import type { TradeConfig } from '../engine/api/supervision.ts';
import { Xoshiro128 } from '../engine/base/rng.ts';
import type { Command } from '../engine/domain/command.ts';
import { accountId, type ClientId } from '../engine/domain/identifiers.ts';
import type { Kernel } from '../engine/kernel/kernel.ts';
import { openSession } from '../engine/processes/trade/open-session.ts';
import { Trade } from '../engine/processes/trade/trade.ts';
import type { ClientChannel } from '../engine/server/client-channel.ts';
import { createBinanceSpot, sandboxConfig } from '../engine/venues/binance/spot/index.ts';
import type { SimulatedDisk } from './disk.ts';
import { FeedProcess } from './feed-process.ts';
import type { SimulatedNetwork } from './network.ts';
import { Life, ProcessTime, type MachineClock } from './process-time.ts';
import type { Tally } from './swarm.ts';
import type { VenueHost } from './venue-host.ts';
import type { VirtualTime } from './virtual-time.ts';
import { Violation } from './violation.ts';
import type { Watch } from './watch.ts';

const URLS = {
  http: 'http://venue.invalid',
  ws: 'ws://venue.invalid',
  wsApi: 'ws://venue.invalid/ws-api/v3',
};
/** Records of the order stream. */
const SNAPSHOT_EVERY = 250;
export const CLIENT = 'desk-1' as ClientId;

/** What a start of the trading process finds. */
export interface ProcessParts {
  readonly time: VirtualTime;
  readonly clock: MachineClock;
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
  readonly host: VenueHost;
  readonly watch: Watch;
  readonly tally: Tally;
  readonly sessionFolder: string;
  readonly durableBeforeSend: boolean;
  /** The unsynced tail of the journal was lost before this start. */
  readonly tailLost: boolean;
  readonly seed: number;
  /** The process ended itself. */
  onFatal(error: unknown): void;
}

/** One start of the real trading process, from recovery on, with one window and a feed. */
export class EngineProcess {
  readonly kernel: Kernel;
  readonly #parts: ProcessParts;
  readonly #life: Life;
  readonly #time: ProcessTime;
  readonly #trade: Trade;
  #feed: FeedProcess | undefined;
  /** Until when what the feed wrote is dropped unread. */
  #skippedMicros = -1;
  /** By its own clock: nothing that is read from now on was written before. */
  #ringEmptyAt: bigint;
  #tell: ((text: string) => void) | undefined;
  #leave: (() => void) | undefined;

  private constructor(
    parts: ProcessParts,
    life: Life,
    time: ProcessTime,
    kernel: Kernel,
    trade: Trade,
  ) {
    this.#parts = parts;
    this.#life = life;
    this.#time = time;
    this.#ringEmptyAt = time.nowNanos();
    this.kernel = kernel;
    this.#trade = trade;
  }

  /** Starts it; throws when the session cannot go on. */
  static start(parts: ProcessParts): EngineProcess {
    const life = new Life(parts.time);
    const time = new ProcessTime(parts.time, life, parts.clock);
    const session = openSession(parts.sessionFolder, parts.disk.opener(life), {
      snapshotEvery: SNAPSHOT_EVERY,
      writeSnapshot: parts.disk.snapshotWriter(life),
    });
    if (!session.ok) {
      parts.disk.release();
      throw new Violation('SESSION_LOST', `${session.error.code}: ${session.error.message}`);
    }
    const { recovered, journal, fromSnapshot, ignoredSnapshots } = session.value;
    if (fromSnapshot !== undefined) parts.tally.add('starts from a snapshot');
    parts.tally.add('snapshots not used', ignoredSnapshots.length);
    parts.watch.begin(session.value, parts.tailLost);
    const kernel = parts.watch.around(session.value.kernel);
    const config = tradeConfig(parts);
    const key = parts.host.exchange.account.keys[0];
    const execution = createBinanceSpot({
      config: sandboxConfig(URLS),
      clock: time.following,
      scheduler: time,
      rng: new Xoshiro128(parts.seed),
      open: parts.network.opener(life),
      fetch: parts.network.fetch(life),
    }).execution({
      account: config.account,
      credentials: { apiKey: key?.apiKey ?? '', secret: key?.secret ?? '' },
      instruments: config.instruments,
      onUnknownMessage: () => undefined,
    });
    const trade = new Trade({
      config,
      time,
      kernel,
      journal,
      execution,
      instruments: config.instruments,
      takeClockStep: () => time.takeStep(),
      skipMarket: () => started.#skipMarket(),
      onFatal(error) {
        started.end();
        parts.onFatal(error);
      },
    });
    const started = new EngineProcess(parts, life, time, kernel, trade);
    trade.start(recovered);
    started.join();
    // It may have died at its first records.
    if (life.alive) started.#feed = started.#newFeed();
    return started;
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  /** Stopped, or asleep with its machine. */
  get frozen(): boolean {
    return this.#life.frozen;
  }

  /** The process is gone this instant, and its feed with it. */
  end(): void {
    this.#life.alive = false;
    this.#feed?.end();
  }

  /** The process does nothing while it is stopped; the feed goes on. */
  set stopped(stopped: boolean) {
    this.#life.stopped = stopped;
  }

  /** Nothing of it runs while the machine sleeps. */
  set asleep(asleep: boolean) {
    if (this.#feed !== undefined) this.#feed.asleep = asleep;
    this.#life.asleep = asleep;
  }

  /** Ends it as main does; its journal is closed when this settles. */
  async stop(): Promise<void> {
    await this.#trade[Symbol.asyncDispose]();
    this.end();
  }

  /** A window opens, unless one is. */
  join(): void {
    if (this.#tell !== undefined) return;
    const channel: ClientChannel = {
      client: CLIENT,
      send: () => undefined,
      onMessage: (listener) => {
        this.#tell = listener;
      },
      onClose: (listener) => {
        this.#leave = listener;
      },
      close: () => undefined,
    };
    this.#trade.addWindow(channel);
  }

  /** The window closes. */
  part(): void {
    this.#life.whenRunning(() => {
      this.#tell = undefined;
      this.#leave?.();
      this.#leave = undefined;
    });
  }

  /** The window sends a command. */
  command(commandId: string, command: Command): void {
    this.#life.whenRunning(() => {
      this.join();
      this.#tell?.(JSON.stringify({ type: 'Execute', commandId, command }));
    });
  }

  /** The feed as it runs now. */
  get feed(): FeedProcess | undefined {
    return this.#feed;
  }

  /** The feed died and another has begun. */
  beginFeed(): void {
    this.#feed?.end();
    this.#life.whenRunning(() => this.#trade.onLapped(0, true));
    this.#feed = this.#newFeed();
  }

  /** The ring overwrote records before they were read. */
  lapped(lost: number): void {
    this.#life.whenRunning(() => this.#trade.onLapped(lost));
  }

  /** What waits in the ring is dropped; the feed, asked, tells its state anew. */
  #skipMarket(): void {
    this.#skippedMicros = this.#parts.time.nowMicros();
    this.#parts.time.setTimer(1, () => this.#feed?.tellState());
  }

  /** What the feed writes is read when the process runs. */
  #newFeed(): FeedProcess {
    const { time, clock, host, watch } = this.#parts;
    return new FeedProcess({
      time,
      clock,
      markets: host.exchange.markets,
      write: (records, madeAt) => {
        const writtenAt = time.nowMicros();
        this.#life.whenRunning(() => {
          if (writtenAt <= this.#skippedMicros) return;
          const { id } = host.at(records.instrument(0)).instrument;
          if (madeAt !== undefined) watch.ground.noteQuote(id, madeAt);
          // What is read as soon as it is written finds nothing before it; what waited says so of nothing.
          if (writtenAt === time.nowMicros()) this.#ringEmptyAt = this.#time.nowNanos();
          this.#trade.onMarket(records, 1, this.#ringEmptyAt);
        });
      },
    });
  }
}

function tradeConfig(parts: ProcessParts): TradeConfig {
  const { host, sessionFolder, durableBeforeSend } = parts;
  return {
    session: 'simulated',
    sessionFolder,
    environment: 'sandbox',
    ringPath: '',
    instruments: [...host.instruments],
    account: accountId(host.venueId, 'main'),
    execution: { kind: 'none' },
    durableBeforeSend,
    limits: {
      maxOrderNotional: 1_000_000n,
      maxPositionNotional: 10_000_000n,
      maxOpenOrders: 100,
      maxOrdersPerWindow: 10_000,
      orderRateWindowMicros: 1_000_000,
      priceCollarBps: 500,
      maxDistanceBps: 5000,
      staleAfterMicros: 5_000_000,
      duplicateWindowMicros: 0,
    },
  };
}
