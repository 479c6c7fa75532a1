import type { TradeConfig } from '../engine/api/supervision.ts';
import { Xoshiro128 } from '../engine/base/rng.ts';
import type { Command } from '../engine/domain/command.ts';
import { accountId, type ClientId } from '../engine/domain/identifiers.ts';
import type { Kernel } from '../engine/kernel/kernel.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BBO,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../engine/native/compute/market-record.ts';
import { openSession } from '../engine/processes/trade/open-session.ts';
import { Trade } from '../engine/processes/trade/trade.ts';
import type { ClientChannel } from '../engine/server/client-channel.ts';
import { createBinanceSpot, sandboxConfig } from '../engine/venues/binance/spot/index.ts';
import type { SimulatedDisk } from './disk.ts';
import type { SimulatedNetwork } from './network.ts';
import { Life, ProcessTime, type VirtualTime } from './virtual-time.ts';
import type { VenueHost } from './venue-host.ts';
import { Violation, type Watch } from './watch.ts';

const URLS = {
  http: 'http://venue.invalid',
  ws: 'ws://venue.invalid',
  wsApi: 'ws://venue.invalid/ws-api/v3',
};
const QUOTE_EVERY_MS = 500;
export const CLIENT = 'desk-1' as ClientId;

/** What a start of the trading process finds. */
export interface ProcessParts {
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
  readonly host: VenueHost;
  readonly watch: Watch;
  readonly sessionFolder: string;
  readonly durableBeforeSend: boolean;
  readonly clockOffsetMicros: number;
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
  readonly #records = new MarketRecords(1);
  #tell: ((text: string) => void) | undefined;
  #leave: (() => void) | undefined;
  #stale = false;

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
    this.kernel = kernel;
    this.#trade = trade;
  }

  /** Starts it; throws when the session cannot go on. */
  static start(parts: ProcessParts): EngineProcess {
    const life = new Life();
    const time = new ProcessTime(parts.time, life, parts.clockOffsetMicros);
    const session = openSession(parts.sessionFolder, parts.disk.opener(life));
    if (!session.ok) {
      parts.disk.release();
      throw new Violation('SESSION_LOST', `${session.error.code}: ${session.error.message}`);
    }
    const { recovered, journal } = session.value;
    parts.watch.begin(session.value.kernel, parts.tailLost);
    const kernel = parts.watch.around(session.value.kernel);
    const config = tradeConfig(parts);
    const key = parts.host.exchange.account.keys[0];
    const execution = createBinanceSpot({
      config: sandboxConfig(URLS),
      clock: time,
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
      onFatal(error) {
        life.alive = false;
        parts.onFatal(error);
      },
    });
    const started = new EngineProcess(parts, life, time, kernel, trade);
    trade.start(recovered);
    started.join();
    started.#feed();
    return started;
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  /** The process is gone this instant. */
  end(): void {
    this.#life.alive = false;
  }

  /** Ends it as main does; its journal is closed when this settles. */
  async stop(): Promise<void> {
    await this.#trade[Symbol.asyncDispose]();
    this.#life.alive = false;
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
    if (!this.#life.alive) return;
    this.#tell = undefined;
    this.#leave?.();
    this.#leave = undefined;
  }

  /** The window sends a command. */
  command(commandId: string, command: Command): void {
    if (!this.#life.alive) return;
    this.join();
    this.#tell?.(JSON.stringify({ type: 'Execute', commandId, command }));
  }

  /** The feed says that its data is stale, or live again. */
  setStale(stale: boolean): void {
    if (!this.#life.alive) return;
    this.#stale = stale;
    this.#put(KIND_BOOK_STATUS, stale ? BOOK_STALE : BOOK_LIVE, 0, 0, 0);
  }

  /** The ring overwrote records before they were read. */
  lapped(lost: number): void {
    if (this.#life.alive) this.#trade.onLapped(lost);
  }

  #feed(): void {
    this.setStale(false);
    const again = (): void => {
      this.#time.setTimer(QUOTE_EVERY_MS, again);
      if (this.#stale) return;
      const { bid, bidQuantity, ask, askQuantity } = this.#parts.host.market.quote;
      this.#put(KIND_BBO, bid, bidQuantity, ask, askQuantity);
    };
    again();
  }

  #put(kind: number, one: number, two: number, three: number, four: number): void {
    const now = this.#time.nowNanos();
    this.#records.set(0, kind, FLAG_LAST, 0, now, now, one, two, three, four, 1);
    this.#trade.onMarket(this.#records, 1);
  }
}

function tradeConfig(parts: ProcessParts): TradeConfig {
  const { host, sessionFolder, durableBeforeSend } = parts;
  return {
    session: 'simulated',
    sessionFolder,
    environment: 'sandbox',
    ringPath: '',
    instruments: [host.instrument],
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
