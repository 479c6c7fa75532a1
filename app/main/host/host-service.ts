import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  hostMessageSchema,
  hostRequestSchema,
  type HostMessage,
  type KeylessMarket,
} from '../../engine/api/host-service.ts';
import { VERSION } from '../../engine/api/version.ts';
import { err } from '../../engine/base/result.ts';
import type { ClientChannel } from '../../engine/server/client-channel.ts';
import { portChannel, type MessageEnd } from '../../engine/server/port-channel.ts';
import type { DeskEngine } from './desk-engine.ts';
import type { LogEntry } from '../../engine/api/log.ts';
import type { EngineHealth } from '../../engine/api/health.ts';
import type { KeyDesk } from './key-desk.ts';
import type { LogBook } from './log-book.ts';
import { environmentOfMarket, nameOfMarket, titleOfMarket } from './markets.ts';
import { wallMicros } from './kill-switch.ts';
import type { SettingsBook } from './settings-book.ts';
import { WindowBook } from './workspace/window-book.ts';
import { WorkspaceService } from './workspace/workspace-service.ts';
import type { WorkspaceStore } from './workspace/workspace-store.ts';

/** Records of the log a window starts with. */
const FIRST_ENTRIES = 1000;
/** Pause in which new records gather into one message. */
const GATHER_MS = 100;
const HEALTH_MS = 1000;

/** A window as the Host services talk to it. */
export type HostWindow = ClientChannel;

/** The Host services: who runs and how, what it is called, the log, and the workspace document. */
export class HostService implements Disposable {
  readonly #engine: DeskEngine;
  readonly #host: 'browser' | 'electron';
  /** What each window shows; for a host that opens and places windows itself. */
  readonly workspaces: WorkspaceService<ClientChannel>;
  readonly #settings: SettingsBook;
  readonly #keys: KeyDesk<ClientChannel>;
  readonly #windows = new Set<ClientChannel>();
  readonly #log: LogBook;
  readonly #health: () => EngineHealth;
  readonly #noteBadInput: (code: string, sample: string) => void;
  readonly #timers: NodeJS.Timeout[];
  #gathered: LogEntry[] = [];

  constructor(parts: {
    engine: DeskEngine;
    host: 'browser' | 'electron';
    workspaces: WorkspaceStore;
    settings: SettingsBook;
    keys: KeyDesk<ClientChannel>;
    log: LogBook;
    health: () => EngineHealth;
    noteBadInput: (code: string, sample: string) => void;
  }) {
    this.#engine = parts.engine;
    this.#host = parts.host;
    this.workspaces = new WorkspaceService({
      store: parts.workspaces,
      book: new WindowBook(),
      send,
    });
    this.#settings = parts.settings;
    this.#keys = parts.keys;
    this.#log = parts.log;
    this.#health = parts.health;
    this.#noteBadInput = parts.noteBadInput;
    parts.log.onEntry((entry) => {
      if (this.#windows.size > 0) this.#gathered.push(entry);
    });
    this.#timers = [
      setInterval(() => this.#sendLog(), GATHER_MS).unref(),
      setInterval(
        () => this.#broadcast({ type: 'Health', health: parts.health() }),
        HEALTH_MS,
      ).unref(),
    ];
    parts.engine.onStates((processes) => {
      this.#broadcast({ type: 'Processes', processes });
    });
    parts.settings.onChange(() => {
      this.#broadcast({ type: 'Settings', ...parts.settings.state });
    });
    parts.keys.onChange(() => this.#broadcast({ type: 'Accounts', ...parts.keys.accounts }));
    parts.engine.onKillNews((news) => this.#broadcast(news));
    parts.engine.onChange(() => this.#broadcast(this.#welcome()));
  }

  /** Serves a window over a port that it offered, until it leaves. */
  addPort(client: ClientChannel['client'], port: MessageEnd): HostWindow {
    const window = portChannel(client, port);
    this.addWindow(window);
    return window;
  }

  /** Serves a window until it leaves. */
  addWindow(window: ClientChannel): void {
    window.onClose(() => {
      this.#windows.delete(window);
      this.workspaces.leave(window);
      this.#keys.leave(window);
    });
    window.onMessage((text) => {
      this.#onMessage(window, text);
    });
    send(window, this.#welcome());
    send(window, { type: 'Settings', ...this.#settings.state });
    send(window, { type: 'Accounts', ...this.#keys.accounts });
    for (const news of this.#engine.killNews) send(window, news);
    send(window, { type: 'Health', health: this.#health() });
    // Records on their way to the others come with the first ones here.
    this.#sendLog();
    send(window, { type: 'Log', entries: this.#log.entries.slice(-FIRST_ENTRIES) });
    this.#windows.add(window);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
    // An open window would keep this process alive for as long as somebody looks at it.
    for (const window of this.#windows) window.close();
  }

  #welcome(): HostMessage {
    const { market, session, states, keylessMarkets } = this.#engine;
    return {
      type: 'Welcome',
      version: VERSION,
      host: this.#host,
      environment: environmentOfMarket(market),
      title: titleOfMarket(market),
      session,
      markets: [...keylessMarkets].map(([name, choice]) => ({
        market: name,
        environment: environmentOfMarket(choice),
        title: nameOfMarket(choice),
      })),
      processes: states,
    };
  }

  /** Changes to a market without a key, or says why not. */
  #use(name: KeylessMarket, window: ClientChannel): void {
    const market = this.#engine.keylessMarkets.get(name);
    const inUse = { code: 'MARKET_IN_USE', message: 'the engine runs on that market already' };
    const used = market === undefined ? err(inUse) : this.#engine.use(market);
    if (!used.ok) send(window, { type: 'Refused', ...used.error });
  }

  #sendLog(): void {
    if (this.#gathered.length === 0) return;
    this.#broadcast({ type: 'Log', entries: this.#gathered });
    this.#gathered = [];
  }

  #broadcast(message: HostMessage): void {
    for (const window of this.#windows) send(window, message);
  }

  #onMessage(window: ClientChannel, text: string): void {
    const decoded = decodeMessage(hostRequestSchema, text);
    if (!decoded.ok) {
      this.#noteBadInput('HOST_REQUEST_MALFORMED', decoded.error.message);
      send(window, { type: 'Refused', ...decoded.error });
      return;
    }
    const request = decoded.value;
    if (request.type === 'Kill') {
      const { commandId, via, drill } = request;
      this.#engine.kill({ commandId, via, drill, client: window.client, askedAt: wallMicros() });
      return;
    }
    if (request.type === 'ChangeSetting') {
      const changed = this.#settings.change(request.key, request.value);
      if (!changed.ok) send(window, { type: 'Refused', ...changed.error });
      return;
    }
    if (request.type === 'UseMarket') {
      this.#use(request.market, window);
      return;
    }
    if (request.type === 'Keys') {
      const { number, act } = request;
      this.#keys.handle(window, act, (answer) => send(window, { type: 'Keys', number, answer }));
      return;
    }
    this.workspaces.handle(window, request);
  }
}

function send(window: ClientChannel, message: HostMessage): void {
  window.send(encodeMessage(hostMessageSchema, message));
}
