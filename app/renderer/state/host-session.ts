import { createStore } from 'zustand/vanilla';
import type { KillWay } from '../../engine/domain/command.ts';
import type { Environment } from '../../engine/domain/identifiers.ts';
import type { ConnectionState } from '../client/connection.ts';
import type {
  EngineHealth,
  HostMessage,
  HostRequest,
  KillStatus,
  LogEntry,
  PastReceipt,
  ProcessState,
  Setting,
  SettingsState,
} from '../client/host-client.ts';

/** A saved layout as the host keeps it. */
export type WorkspaceDocument = Extract<HostMessage, { type: 'Workspace' }>['document'];

/** What the window knows of its host. */
export interface HostState {
  readonly connection: ConnectionState;
  readonly version: string;
  readonly environment: Environment | undefined;
  /** What is being watched, in words. */
  readonly title: string;
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
  /** The saved layout; undefined until the host said it. `null` when nothing was saved. */
  readonly workspace:
    { readonly revision: number; readonly document: WorkspaceDocument } | undefined;
}

const SAVE_AFTER_MS = 800;
/** Records of the log a window keeps. */
const MOST_LOG = 5000;

/** The window's session with its host: identity, processes and the layout document. */
export class HostSession {
  readonly store = createStore<HostState>(() => ({
    connection: { phase: 'Connecting', attempt: 0, malformed: 0 },
    version: '',
    environment: undefined,
    title: '',
    processes: [],
    health: undefined,
    healthHeardAt: 0,
    log: [],
    kill: undefined,
    receipts: [],
    settings: undefined,
    workspace: undefined,
  }));
  readonly #send: (request: HostRequest) => boolean;
  #unsaved: WorkspaceDocument | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (request: HostRequest) => boolean) {
    this.#send = send;
  }

  connectionChanged(connection: ConnectionState): void {
    this.store.setState({ connection });
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'Welcome':
        this.store.setState({
          version: message.version,
          environment: message.environment,
          title: message.title,
          processes: message.processes,
          workspace: message.workspace,
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
      case 'Workspace':
        this.store.setState({
          workspace: { revision: message.revision, document: message.document },
        });
        return;
      case 'Settings': {
        const { settings, problems } = message;
        this.store.setState({ settings: { settings, problems } });
        return;
      }
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

  /** Asks the host to write a setting; without a value its default. It answers with all of them, or a refusal. */
  changeSetting(key: string, value?: Setting['value']): void {
    this.#send({ type: 'ChangeSetting', key, ...(value === undefined ? {} : { value }) });
  }

  /** Saves parts of the document (the layout, the ticket) beside those it has, once left alone for a moment; only the newest is sent. */
  saveWorkspace(parts: { readonly [part: string]: WorkspaceDocument }): void {
    const saved = this.#unsaved ?? this.store.getState().workspace?.document;
    const kept = typeof saved === 'object' && !Array.isArray(saved) ? saved : null;
    this.#unsaved = { ...kept, ...parts };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), SAVE_AFTER_MS);
  }

  #save(): void {
    const { workspace } = this.store.getState();
    if (this.#unsaved === undefined || workspace === undefined) return;
    const document = this.#unsaved;
    if (this.#send({ type: 'SaveWorkspace', revision: workspace.revision, document })) {
      this.#unsaved = undefined;
      // The next part is laid over this one, also before the host has answered.
      this.store.setState({ workspace: { ...workspace, document } });
    }
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
