import { join } from 'node:path';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { accountId, venueId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { Accounts } from '../../engine/api/keys.ts';
import type { Vitals } from '../../engine/api/health.ts';
import type { MarketChoice } from '../../engine/api/desk-start.ts';
import type { ProcessState } from '../../engine/api/process-state.ts';
import type { KillStatus, PastReceipt, Receipt } from '../../engine/api/host-service.ts';
import {
  WATCHED_VENUES,
  type FeedConfig,
  type KillRequest,
  type ProcessCommand,
  type ProcessReport,
  type TradeConfig,
  type VenueUrls,
} from '../../engine/api/supervision.ts';
import type { LogLevel } from '../../engine/base/log.ts';
import { dropOldMarket } from '../../engine/store/journal/market-retention.ts';
import { riskLimits } from '../../engine/store/settings/risk-limits.ts';
import { tickRetention } from '../../engine/store/settings/tick-retention.ts';
import type { Settings } from '../../engine/store/settings/schema.ts';
import type { LogBook } from './log-book.ts';
import type { GivenConnection, StartChild } from './engine-child.ts';
import { KillSwitch } from './kill-switch.ts';
import { environmentOfMarket } from './markets.ts';
import { ReceiptHistory } from './receipt-history.ts';
import { SupervisedProcess } from './supervisor.ts';

/** What an engine runs with. */
export interface EngineOptions {
  readonly dataFolder: string;
  readonly session: string;
  readonly market: MarketChoice;
  readonly settings: Settings;
  readonly record: boolean;
  /** What is quieter than this is not logged; info when absent. */
  readonly logLevel?: LogLevel;
  /** How the host starts processes. */
  readonly startChild: StartChild;
}

/** Who hears of the engine's processes. */
export interface EngineObservers {
  readonly log: LogBook;
  readonly onVitals: (name: ProcessState['name'], vitals: Vitals) => void;
}

/** A process said that it cannot do what it was told. */
export interface EngineError {
  readonly code: string;
  readonly message: string;
}

const RETENTION_MS = 3_600_000;
/** What the kill switch tells: where a kill stands, a receipt as it grows, a receipt more in the list. */
export type KillNews =
  | { readonly type: 'Kill'; readonly status: KillStatus }
  | { readonly type: 'Receipt'; readonly receipt: Receipt }
  | { readonly type: 'Receipts'; readonly receipts: PastReceipt[] };

/** Past receipts that are told. */
const RECEIPTS_TOLD = 50;

/** The symbols whose data is wanted; none: all that a recording holds. */
function watchedSymbols(market: MarketChoice, settings: Settings): string[] {
  if (market.kind === 'replay') return [];
  const own = market.kind === 'venue' ? market.symbols : undefined;
  return [...(own ?? settings.market.symbols)];
}

/** What is watched of other venues, each venue once. */
function watchedOthers(
  settings: Settings,
  market: MarketChoice,
): NonNullable<FeedConfig['others']> {
  const keys = market.kind === 'venue' ? market.watchedKeys : undefined;
  return WATCHED_VENUES.flatMap((venue) => {
    const own = settings.market.others.filter((one) => one.startsWith(`${venue}:`));
    const symbols = [...new Set(own.map((one) => one.slice(venue.length + 1)))];
    if (symbols.length === 0) return [];
    const key = keys?.find((one) => one.venue === venue);
    return { venue, symbols, ...(key && { credentials: key.credentials }) };
  });
}

/** What venues charge takers, in millionths of the price; of a venue that is written twice the last. */
function takerFees(settings: Settings): NonNullable<FeedConfig['takerFees']> {
  return settings.market.takerFees.map((one) => {
    const [venue = '', bps = ''] = one.split(':');
    const [whole = '', hundredths = ''] = bps.split('.');
    return { venue, millionths: Number(whole) * 100 + Number(hundredths.padEnd(2, '0')) };
  });
}

function keyHolder(market: MarketChoice): Accounts['running']['with'] {
  if (market.kind === 'replay') return 'simulation';
  if (market.kind === 'sandbox' || market.environment === 'sandbox') return 'exchange';
  return market.credentials === undefined ? 'nobody' : 'vault';
}

/** The engine's processes and their order of start: the built-in exchange if asked for, then feed, then trade. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #observers: EngineObservers;
  readonly #processes: readonly SupervisedProcess[];
  readonly #feed: SupervisedProcess;
  readonly #trade: SupervisedProcess;
  readonly #sandbox: SupervisedProcess | undefined;
  readonly #listeners = new Set<(states: ProcessState[]) => void>();
  readonly #killListeners = new Set<(news: KillNews) => void>();
  readonly #killSwitch: KillSwitch;
  #begun = false;
  #limits: Settings['risk'];
  readonly #history: ReceiptHistory;
  #instruments: readonly Instrument[] = [];
  #exchange: { urls: VenueUrls; apiKey: string; secret: string } | undefined;
  #retention: NodeJS.Timeout | undefined;
  #settle: ((outcome: Result<void, EngineError>) => void) | undefined;

  constructor(options: EngineOptions, observers: EngineObservers) {
    this.#options = options;
    this.#limits = options.settings.risk;
    this.#observers = observers;
    if (options.market.kind === 'venue') {
      const { credentials, watchedKeys = [] } = options.market;
      if (credentials !== undefined) this.#learn(credentials);
      for (const key of watchedKeys) this.#learn(key.credentials);
    }
    this.#feed = this.#supervise('feed', () => ({
      type: 'ConfigureFeed',
      config: this.#feedConfig(),
    }));
    this.#trade = this.#supervise('trade', () => ({
      type: 'ConfigureTrade',
      config: this.#tradeConfig(),
    }));
    const { market } = options;
    if (market.kind === 'sandbox') {
      const { port, seed, limits } = market;
      this.#sandbox = this.#supervise('sandbox', () => ({
        type: 'ConfigureSandbox',
        // Started again it must be where its clients look for it.
        config: {
          port: this.#exchangePort() ?? port,
          seed,
          limits,
          venues: options.settings.sandbox.venues,
        },
      }));
    }
    this.#history = new ReceiptHistory(options.dataFolder, options.session);
    this.#killSwitch = new KillSwitch({
      post: (request) => this.#trade.post({ type: 'Kill', request }),
      replace: () => this.#trade.replace(),
      onStatus: (status) => this.#tellKill({ type: 'Kill', status }),
    });
    this.#processes = [this.#sandbox, this.#feed, this.#trade].filter(
      (process) => process !== undefined,
    );
  }

  /** How the processes are now. */
  get states(): ProcessState[] {
    return this.#processes.map((process) => process.state);
  }

  /** The account that is traded, and whose key it is traded with. */
  get running(): Accounts['running'] {
    const { market } = this.#options;
    const account = market.kind === 'venue' ? market.account : 'main';
    const place = accountId(venueId('BINANCE', environmentOfMarket(market)), account);
    return { account: place, with: keyHolder(market) };
  }

  /** Where the sandbox is that this engine runs on; undefined on another market, and before it stands. */
  get sandbox(): VenueUrls | undefined {
    const { market } = this.#options;
    if (market.kind === 'sandbox') return this.#exchange?.urls;
    return market.kind === 'venue' && market.environment === 'sandbox' ? market.urls : undefined;
  }

  /** Tells of every change of a process; the returned handle ends it. */
  onStates(listener: (states: ProcessState[]) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Kills, or drills the kill: taken by trade within a second, or by another started in its place. */
  kill(request: KillRequest): void {
    this.#killSwitch.ask(request);
  }

  /** The trading process begins its next start with a kill. */
  get killAwaits(): boolean {
    return this.#killSwitch.killMode !== undefined;
  }

  /** What the kill switch would have told so far, for a window that comes now. */
  get killNews(): KillNews[] {
    return [
      { type: 'Receipts', receipts: this.#history.recent(RECEIPTS_TOLD) },
      ...this.#killSwitch.statuses.slice(-1).map((status) => ({ type: 'Kill', status }) as const),
    ];
  }

  /** Tells of every kill and drill; the returned handle ends it. */
  onKillNews(listener: (news: KillNews) => void): Disposable {
    this.#killListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#killListeners.delete(listener) };
  }

  /** Starts everything; settles when trading could begin, or with what stands in the way. */
  async start(): Promise<Result<void, EngineError>> {
    const settled = new Promise<Result<void, EngineError>>((resolve) => {
      this.#settle = resolve;
    });
    this.#retain();
    (this.#sandbox ?? this.#feed).start();
    return settled;
  }

  /** Gives an authenticated connection to `feed` or `trade`. False when there is no such service, it is down, or cannot be given one of that kind. */
  give(
    service: string,
    command: Extract<ProcessCommand, { type: 'Socket' | 'Port' }>,
    connection: GivenConnection,
  ): boolean {
    if (service === 'feed') return this.#feed.give(command, connection);
    if (service === 'trade') return this.#trade.give(command, connection);
    return false;
  }

  /** Other limits of risk hold from now on, also in a `trade` that is started anew. */
  setLimits(limits: Settings['risk']): void {
    this.#limits = limits;
    this.#trade.tell({ type: 'TellLimits', limits: riskLimits(limits) });
  }

  /** Drops market records that are older than the setting says, now and every hour. */
  #retain(): void {
    const { dataFolder, session, settings } = this.#options;
    const drop = (): void => {
      const days = settings.journal.marketRetentionDays;
      dropOldMarket(
        join(dataFolder, 'journal'),
        days,
        this.#observers.log.nowMicros() / 1000,
        session,
      );
    };
    drop();
    this.#retention = setInterval(drop, RETENTION_MS);
    this.#retention.unref();
  }

  /** Stops trade first, so that nothing trades on a feed that is going away. */
  async stop(): Promise<void> {
    clearInterval(this.#retention);
    for (const process of [...this.#processes].reverse()) await process.stop();
    this.#killSwitch.stop();
  }

  #supervise(name: ProcessState['name'], configure: () => ProcessCommand): SupervisedProcess {
    return new SupervisedProcess(
      {
        name,
        launch: (events) =>
          this.#options.startChild(
            name,
            [`--log-level=${this.#options.logLevel ?? 'info'}`],
            events,
          ),
        configure,
      },
      {
        onTrouble: (code, text) => {
          const at = this.#observers.log.nowMicros();
          this.#observers.log.add(name, {
            at,
            level: 'error',
            area: 'process',
            code,
            message: text,
          });
        },
        onState: (state) => {
          this.#logState(state);
          for (const listener of this.#listeners) listener(this.states);
          if (name === 'trade') this.#killSwitch.onTradeState(state);
          if (state.state !== 'Failed') return;
          const message = `${name} cannot run: ${state.detail ?? 'no reason known'}`;
          this.#settle?.(err({ code: 'PROCESS_FAILED', message }));
        },
        onReport: (report) => {
          if (report.type === 'Log') this.#observers.log.add(name, report.record);
          else if (report.type === 'Vitals') this.#observers.onVitals(name, report.vitals);
          else this.#onReport(report);
        },
      },
    );
  }

  #logState({ name, state, pid, restarts, detail }: ProcessState): void {
    const levels = { Failed: 'error', Restarting: 'warn' } as const;
    const level = state === 'Failed' || state === 'Restarting' ? levels[state] : 'info';
    const words = `${name} ${state.toLowerCase()}${detail === undefined ? '' : `: ${detail}`}`;
    this.#observers.log.log.log(level, 'process', `PROCESS_${state.toUpperCase()}`, words, {
      restarts,
      ...(pid === undefined ? {} : { pid }),
    });
  }

  #learn({ apiKey, secret }: { readonly apiKey: string; readonly secret: string }): void {
    this.#observers.log.masker.learn(apiKey);
    this.#observers.log.masker.learn(secret);
  }

  #onReport(report: Exclude<ProcessReport, { type: 'Log' | 'Vitals' }>): void {
    switch (report.type) {
      case 'SandboxReady': {
        const first = this.#exchange === undefined;
        this.#exchange = report;
        this.#learn(report);
        if (first) this.#feed.start();
        return;
      }
      case 'FeedReady': {
        const first = this.#instruments.length === 0;
        this.#instruments = report.instruments;
        if (first) this.#trade.start();
        else this.#tellInstruments();
        return;
      }
      case 'InstrumentsChanged': {
        const changed = new Map(report.instruments.map((one) => [one.id, one]));
        this.#instruments = this.#instruments.map((one) => changed.get(one.id) ?? one);
        this.#tellInstruments();
        return;
      }
      case 'InstrumentsWanted':
        this.#feed.tell({ type: 'ReloadInstruments' });
        return;
      case 'TradeReady':
        this.#begun = true;
        this.#settle?.(ok(undefined));
        return;
      case 'SnapshotsWanted':
        this.#feed.tell({ type: 'PublishSnapshots' });
        return;
      case 'KillTaken':
        this.#killSwitch.onReport(report);
        return;
      case 'KillUnrecorded':
        this.#killSwitch.onReport(report);
        if (report.done) this.#keepUnrecorded(report.commandId);
        return;
      case 'Receipt':
        this.#onReceipt(report.receipt);
        return;
      case 'Failed':
        this.#settle?.(err({ code: report.code, message: report.message }));
    }
  }

  #tellInstruments(): void {
    this.#trade.tell({ type: 'TellInstruments', instruments: [...this.#instruments] });
  }

  #onReceipt(receipt: Receipt): void {
    this.#tellKill({ type: 'Receipt', receipt });
    const { commandId } = receipt;
    const status = this.#killSwitch.statuses.find(({ request }) => request.commandId === commandId);
    if (this.#history.addReceipt(receipt, status)) this.#tellHistory();
  }

  #keepUnrecorded(commandId: string): void {
    const status = this.#killSwitch.statuses.find(({ request }) => request.commandId === commandId);
    if (status !== undefined && this.#history.addUnrecorded(status)) this.#tellHistory();
  }

  #tellHistory(): void {
    this.#tellKill({ type: 'Receipts', receipts: this.#history.recent(RECEIPTS_TOLD) });
  }

  #tellKill(news: KillNews): void {
    for (const listener of this.#killListeners) listener(news);
  }

  #exchangePort(): number | undefined {
    return this.#exchange && Number(new URL(this.#exchange.urls.http).port);
  }

  #feedConfig(): FeedConfig {
    const { dataFolder, market, settings, record } = this.#options;
    return {
      dataFolder,
      environment: environmentOfMarket(market),
      source:
        market.kind === 'replay'
          ? { kind: 'replay', of: market.of, speed: market.speed }
          : { kind: 'venue', urls: this.#urls() },
      ...(this.#instruments.length === 0 ? {} : { known: [...this.#instruments] }),
      symbols: watchedSymbols(market, settings),
      ...(market.kind === 'replay' ? {} : { others: watchedOthers(settings, market) }),
      ringPath: this.#ringPath(),
      divergenceBps: settings.market.divergenceBps,
      takerFees: takerFees(settings),
      // A replay never records: it would pass for a market.
      record: record && market.kind !== 'replay',
      retention: tickRetention(settings.ticks),
      network: settings.network,
    };
  }

  #tradeConfig(): TradeConfig {
    const { dataFolder, market, session, settings } = this.#options;
    const environment = environmentOfMarket(market);
    const kill = this.#killSwitch.killMode;
    const traded = venueId('BINANCE', environment);
    return {
      ...(kill && { kill }),
      ...(this.#begun && { begun: true }),
      session,
      sessionFolder: join(dataFolder, 'journal', session),
      environment,
      ringPath: this.#ringPath(),
      // Those of other venues stand behind them in the ring and are only watched.
      instruments: this.#instruments.filter(({ venue }) => venue === traded),
      account: this.running.account,
      execution: this.#execution(),
      network: settings.network,
      limits: riskLimits(this.#limits),
      freshVenue: market.kind !== 'venue',
      durableBeforeSend: environment === 'live' && settings.trading.durableBeforeSend,
    };
  }

  #execution(): TradeConfig['execution'] {
    const { market } = this.#options;
    if (market.kind === 'replay') return { kind: 'simulated' };
    if (market.kind === 'sandbox') {
      const { apiKey = '', secret = '' } = this.#exchange ?? {};
      return { kind: 'venue', urls: this.#urls(), apiKey, secret };
    }
    if (market.credentials === undefined) return { kind: 'none' };
    return { kind: 'venue', urls: market.urls, ...market.credentials };
  }

  #urls(): VenueUrls {
    const { market } = this.#options;
    const urls = market.kind === 'venue' ? market.urls : this.#exchange?.urls;
    if (urls === undefined) throw new Error('the exchange must be ready before its clients start');
    return urls;
  }

  #ringPath(): string {
    return join(this.#options.dataFolder, 'run', 'market.ring');
  }
}
