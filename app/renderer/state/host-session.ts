import { createStore } from 'zustand/vanilla';
import type { KillWay } from '../../engine/domain/command.ts';
import type { Environment } from '../../engine/domain/identifiers.ts';
import type { ConnectionState } from '../client/connection.ts';
import type {
  Accounts,
  EngineHealth,
  HostMessage,
  HostRequest,
  KeyAct,
  KeyAnswer,
  KillStatus,
  LogEntry,
  PastReceipt,
  ProcessState,
  Setting,
  SettingsState,
} from '../client/host-client.ts';

/** What the window knows of its host. */
export interface HostState {
  readonly connection: ConnectionState;
  readonly version: string;
  readonly environment: Environment | undefined;
  /** What is being watched, in words. */
  readonly title: string;
  /** The markets that the engine can change to without a key. */
  readonly markets: readonly Market[];
  readonly processes: readonly ProcessState[];
  /** The engine's last report; undefined before the first. */
  readonly health: EngineHealth | undefined;
  /** When it came, by this window's clock, microseconds. */
  readonly healthHeardAt: number;
  /** The newest records of the log, oldest first. */
  readonly log: readonly LogEntry[];
  /** Where the newest kill or drill stands; undefined before there was one. */
  readonly kill: KillStatus | undefined;
  /** Past kills and drills, oldest first. */
  readonly receipts: readonly PastReceipt[];
  /** Every setting; undefined until the host said them. */
  readonly settings: SettingsState | undefined;
  /** The accounts there are; undefined until the host said them. */
  readonly accounts: Accounts | undefined;
}

/** A market that the engine can change to without a key. */
export type Market = Extract<HostMessage, { type: 'Welcome' }>['markets'][number];

/** Records of the log a window keeps. */
const MOST_LOG = 5000;

const NOT_CONNECTED: KeyAnswer = {
  state: 'Refused',
  code: 'NOT_CONNECTED',
  message: 'the desk has no connection to its host: what was done there is not known',
};

/** The window's session with its host: identity, processes, log and kills. */
export class HostSession {
  readonly store = createStore<HostState>(() => ({
    connection: { phase: 'Connecting', attempt: 0, malformed: 0 },
    version: '',
    environment: undefined,
    title: '',
    markets: [],
    processes: [],
    health: undefined,
    healthHeardAt: 0,
    log: [],
    kill: undefined,
    receipts: [],
    settings: undefined,
    accounts: undefined,
  }));
  readonly #send: (request: HostRequest) => boolean;
  readonly #loadAnew: () => void;
  readonly #keyActs = new Map<number, (answer: KeyAnswer) => void>();
  #keyActsAsked = 0;
  #session: string | undefined;

  /** `loadAnew`: everything that the window holds is of an engine that is gone. */
  constructor(send: (request: HostRequest) => boolean, loadAnew: () => void) {
    this.#send = send;
    this.#loadAnew = loadAnew;
  }

  connectionChanged(connection: ConnectionState): void {
    this.store.setState({ connection });
    if (connection.phase === 'Open') return;
    for (const answered of this.#keyActs.values()) answered(NOT_CONNECTED);
    this.#keyActs.clear();
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'Welcome':
        if (this.#session !== undefined && this.#session !== message.session) this.#loadAnew();
        this.#session = message.session;
        this.store.setState({
          version: message.version,
          environment: message.environment,
          title: message.title,
          markets: message.markets,
          processes: message.processes,
        });
        return;
      case 'Processes':
        this.store.setState({ processes: message.processes });
        return;
      case 'Health':
        this.store.setState({ health: message.health, healthHeardAt: Date.now() * 1000 });
        return;
      case 'Log':
        this.store.setState(({ log }) => ({ log: joined(log, message.entries) }));
        return;
      case 'Settings': {
        const { settings, problems } = message;
        this.store.setState({ settings: { settings, problems } });
        return;
      }
      case 'Accounts': {
        const { type: _type, ...accounts } = message;
        this.store.setState({ accounts });
        return;
      }
      case 'Keys':
        this.#keyActs.get(message.number)?.(message.answer);
        this.#keyActs.delete(message.number);
        return;
      case 'Kill':
        this.store.setState({ kill: message.status });
        return;
      case 'Receipts':
        this.store.setState({ receipts: message.receipts });
        return;
      default:
    }
  }

  /** Asks main for a kill, or with `drill` its rehearsal; gives the id it has, none when main is not connected. */
  kill(via: KillWay, drill: boolean): string | undefined {
    const commandId = crypto.randomUUID();
    return this.#send({ type: 'Kill', commandId, via, drill }) ? commandId : undefined;
  }

  /** Asks main to run the engine on another market, which needs no key. */
  useMarket(market: Market['market']): boolean {
    return this.#send({ type: 'UseMarket', market });
  }

  /** Asks main to do something with keys; nothing of what is given is kept here. */
  async askKeys(act: KeyAct): Promise<KeyAnswer> {
    return new Promise((resolve) => {
      this.#keyActsAsked += 1;
      const number = this.#keyActsAsked;
      this.#keyActs.set(number, resolve);
      if (this.#send({ type: 'Keys', number, act })) return;
      this.#keyActs.delete(number);
      resolve(NOT_CONNECTED);
    });
  }

  /** Asks the host to write a setting; without a value its default. It answers with all of them, or a refusal. */
  changeSetting(key: string, value?: Setting['value']): void {
    this.#send({ type: 'ChangeSetting', key, ...(value === undefined ? {} : { value }) });
  }
}

/** The log with new records; what a window got again after a reconnect, or of another run of the engine, is not listed twice. */
function joined(before: readonly LogEntry[], entries: readonly LogEntry[]): readonly LogEntry[] {
  const last = before.at(-1);
  const first = entries[0];
  if (last === undefined || first === undefined) return [...before, ...entries].slice(-MOST_LOG);
  // A run that began anew counts from one: its first records have a later time and a lower number.
  const restarted = first.number <= last.number && first.at > last.at;
  if (restarted) return entries.slice(-MOST_LOG);
  const fresh = entries.filter(({ number }) => number > last.number);
  return [...before, ...fresh].slice(-MOST_LOG);
}
