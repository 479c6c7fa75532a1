import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  hostMessageSchema,
  hostRequestSchema,
  type HostMessage,
} from '../../engine/api/host-service.ts';
import { VERSION } from '../../engine/api/version.ts';
import type { ClientChannel } from '../../engine/server/client-channel.ts';
import {
  environmentOfMarket,
  titleOfMarket,
  type Engine,
  type MarketChoice,
} from '../host/engine.ts';
import type { WorkspaceStore } from '../host/workspace-document.ts';

/** The Host services of a browser: who runs, what it is called, and the workspace document. */
export class HostService {
  readonly #engine: Engine;
  readonly #market: MarketChoice;
  readonly #workspaces: WorkspaceStore;
  readonly #windows = new Set<ClientChannel>();

  constructor(parts: { engine: Engine; market: MarketChoice; workspaces: WorkspaceStore }) {
    this.#engine = parts.engine;
    this.#market = parts.market;
    this.#workspaces = parts.workspaces;
    parts.engine.onStates((processes) => {
      for (const window of this.#windows) send(window, { type: 'Processes', processes });
    });
  }

  /** Serves a window until it leaves. */
  addWindow(window: ClientChannel): void {
    this.#windows.add(window);
    window.onClose(() => this.#windows.delete(window));
    window.onMessage((text) => {
      this.#onMessage(window, text);
    });
    send(window, {
      type: 'Welcome',
      version: VERSION,
      host: 'browser',
      environment: environmentOfMarket(this.#market),
      title: titleOfMarket(this.#market),
      processes: this.#engine.states,
      workspace: this.#workspaces.current,
    });
  }

  #onMessage(window: ClientChannel, text: string): void {
    const decoded = decodeMessage(hostRequestSchema, text);
    if (!decoded.ok) {
      send(window, { type: 'Refused', ...decoded.error });
      return;
    }
    const { revision, document } = decoded.value;
    const saved = this.#workspaces.save(revision, document);
    if (!saved.ok) {
      send(window, { type: 'Refused', ...saved.error });
      send(window, { type: 'Workspace', ...this.#workspaces.current });
      return;
    }
    for (const other of this.#windows) send(other, { type: 'Workspace', ...saved.value });
  }
}

function send(window: ClientChannel, message: HostMessage): void {
  window.send(encodeMessage(hostMessageSchema, message));
}
