import { isDeepStrictEqual } from 'node:util';
import type { MarketChoice } from '../../engine/api/desk-start.ts';
import type { KeylessMarket, ProcessState } from '../../engine/api/host-service.ts';
import type { Accounts } from '../../engine/api/keys.ts';
import type { KillRequest, VenueUrls } from '../../engine/api/supervision.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import type { Settings } from '../../engine/store/settings/schema.ts';
import {
  Engine,
  type EngineError,
  type EngineObservers,
  type EngineOptions,
  type KillNews,
} from './engine.ts';
import { builtInExchange } from './markets.ts';

/** What the engines of a desk run with. */
export interface DeskEngineOptions extends Omit<EngineOptions, 'session'> {
  /** A name for each engine's session. */
  readonly newSession: () => string;
  /** Where the venue answers. */
  readonly venueUrls: Readonly<Record<'live' | 'testnet', VenueUrls>>;
}

/** Why the engine stays on its market. */
export type ChangeError = { readonly code: 'ENGINE_CHANGING' | 'KILL_UNDER_WAY' } & {
  readonly message: string;
};

type Outcome = Result<void, EngineError>;

/** The engine of a desk: one at a time, and another in its place when a person chooses another market or account. */
export class DeskEngine {
  readonly #options: DeskEngineOptions;
  readonly #observers: EngineObservers;
  readonly #onStates = new Set<(states: ProcessState[]) => void>();
  readonly #onKillNews = new Set<(news: KillNews) => void>();
  readonly #onChange = new Set<() => void>();
  readonly #started = Promise.withResolvers<Outcome>();
  #limits: Settings['risk'];
  #market: MarketChoice;
  #session = '';
  #engine: Engine;
  #change: Promise<void> | undefined;
  /** A kill that was asked for while the engine was on its way to another market. */
  #killed: KillRequest | undefined;
  /** Kills and drills that trade has, or is about to take, and that are not at their end. */
  readonly #kills = new Set<string>();
  #stopped = false;

  constructor(options: DeskEngineOptions, observers: EngineObservers) {
    this.#options = options;
    this.#observers = observers;
    this.#limits = options.settings.risk;
    this.#market = options.market;
    this.#engine = this.#make();
  }

  /** What the engine runs on. */
  get market(): MarketChoice {
    return this.#market;
  }

  /** Name of the engine's session. */
  get session(): string {
    return this.#session;
  }

  get states(): ProcessState[] {
    return this.#engine.states;
  }

  get running(): Accounts['running'] {
    return this.#engine.running;
  }

  /** Where the sandbox is that the engine runs on; undefined on another market, and before it stands. */
  get sandbox(): VenueUrls | undefined {
    return this.#engine.sandbox;
  }

  get killNews(): KillNews[] {
    return this.#engine.killNews;
  }

  /** Tells of every change of a process. */
  onStates(listener: (states: ProcessState[]) => void): void {
    this.#onStates.add(listener);
  }

  /** Tells of every kill and drill. */
  onKillNews(listener: (news: KillNews) => void): void {
    this.#onKillNews.add(listener);
  }

  /** Tells when the engine is another one, which is about to start. */
  onChange(listener: () => void): void {
    this.#onChange.add(listener);
  }

  /** A kill that meets a change is of the account that is left: the engine starts on that one again, and carries it out. */
  kill(request: KillRequest): void {
    if (this.#change !== undefined && !request.drill) this.#killed ??= request;
    this.#engine.kill(request);
  }

  give(...given: Parameters<Engine['give']>): boolean {
    return this.#engine.give(...given);
  }

  /** Other limits of risk hold from now on, also in an engine that takes its place. */
  setLimits(limits: Settings['risk']): void {
    this.#limits = limits;
    this.#engine.setLimits(limits);
  }

  /** Starts the engine; settles when trading could begin, there or on a market chosen meanwhile, or with what stands in the way. */
  start(): Promise<Outcome> {
    void this.#run(this.#engine);
    return this.#started.promise;
  }

  /** The markets it can change to without a key, other than its own. */
  get keylessMarkets(): ReadonlyMap<KeylessMarket, MarketChoice> {
    const { market: started, settings, venueUrls } = this.#options;
    const prices = (environment: 'live' | 'testnet'): MarketChoice => ({
      kind: 'venue',
      environment,
      urls: venueUrls[environment],
      account: 'main',
    });
    const all: readonly (readonly [KeylessMarket, MarketChoice])[] = [
      ['started', started],
      ...(started.kind === 'sandbox' ? [] : [['sandbox', builtInExchange(settings)] as const]),
      ['testnet', prices('testnet')],
      ['live', prices('live')],
    ];
    return new Map(all.filter(([, market]) => !isDeepStrictEqual(market, this.#market)));
  }

  /** Ends the engine, cleanly as at a stop, and starts another on `market`. */
  use(market: MarketChoice): Result<void, ChangeError> {
    if (this.#change !== undefined || this.#stopped) {
      const message = 'the engine is changing to another market: try again when it has';
      return err({ code: 'ENGINE_CHANGING', message });
    }
    if (this.#kills.size > 0 || this.#engine.killAwaits) {
      const message = 'a kill, or its drill, is under way on this account: it comes first';
      return err({ code: 'KILL_UNDER_WAY', message });
    }
    this.#change = this.#changeTo(market).finally(() => {
      this.#change = undefined;
      this.#killed = undefined;
    });
    return ok(undefined);
  }

  /** Stops for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#change;
    await this.#engine.stop();
  }

  async #changeTo(market: MarketChoice): Promise<void> {
    this.#observers.log.log.info(
      'desk',
      'MARKET_CHANGING',
      `the engine stops and starts on ${wordsOf(market)}`,
    );
    await this.#engine.stop();
    if (this.#stopped) return;
    const killed = this.#killed;
    if (killed === undefined) this.#market = market;
    else this.#observers.log.log.warn('desk', 'CHANGE_ABANDONED', 'a kill was asked for: it stays');
    this.#kills.clear();
    this.#engine = this.#make();
    if (killed !== undefined) this.#engine.kill(killed);
    for (const listener of this.#onChange) listener();
    void this.#run(this.#engine);
  }

  async #run(engine: Engine): Promise<void> {
    const outcome = await engine.start();
    if (engine !== this.#engine) return;
    this.#started.resolve(outcome);
    if (outcome.ok) return;
    const { code, message } = outcome.error;
    this.#observers.log.log.error('desk', code, message);
  }

  #note(news: KillNews): void {
    if (news.type === 'Kill') {
      const { request, state } = news.status;
      if (state === 'Unproved') this.#kills.delete(request.commandId);
      else this.#kills.add(request.commandId);
    }
    if (news.type === 'Receipt' && news.receipt.step === 'Done') {
      this.#kills.delete(news.receipt.commandId);
    }
  }

  #make(): Engine {
    this.#session = this.#options.newSession();
    const engine = new Engine(
      {
        ...this.#options,
        market: this.#market,
        session: this.#session,
        settings: { ...this.#options.settings, risk: this.#limits },
      },
      this.#observers,
    );
    engine.onStates((states) => {
      for (const listener of this.#onStates) listener(states);
    });
    engine.onKillNews((news) => {
      this.#note(news);
      for (const listener of this.#onKillNews) listener(news);
    });
    return engine;
  }
}

function wordsOf(market: MarketChoice): string {
  return market.kind === 'venue' ? `${market.environment}, ${market.account}` : market.kind;
}
