import type { HostMessage, HostRequest } from '../../../engine/api/host-service.ts';
import type { WindowBounds, Workspace } from '../../../engine/api/workspace.ts';
import type { WindowBook } from './window-book.ts';
import type { WorkspaceStore } from './workspace-store.ts';

/** What a window may ask of the workspaces. */
export type WorkspaceRequest = Extract<
  HostRequest,
  { readonly type: 'AttachWindow' | 'ChangeWorkspace' | 'SetGroup' }
>;

/** The workspaces as windows use them: each shows one window of the workspace, all hear of every change. */
export class WorkspaceService<Client> {
  readonly #store: WorkspaceStore;
  readonly #book: WindowBook<Client>;
  readonly #send: (client: Client, message: HostMessage) => void;
  #copies = '';
  #loads: number;
  #problemTold = false;
  #onTold: () => void = () => undefined;

  constructor(parts: {
    readonly store: WorkspaceStore;
    readonly book: WindowBook<Client>;
    readonly send: (client: Client, message: HostMessage) => void;
  }) {
    this.#store = parts.store;
    this.#book = parts.book;
    this.#loads = parts.store.loads;
    this.#send = parts.send;
    this.#store.onProblem(() => {
      for (const client of this.#book.clients) this.#sendProblem(client);
    });
  }

  /** Calls back after the windows were told how the workspaces stand. */
  onTold(callback: () => void): void {
    this.#onTold = callback;
  }

  /** The workspace that is shown, made when there is none; `narrow` is the screen that it is for. */
  shown(narrow: boolean): Workspace {
    this.#store.open(narrow);
    return this.#store.active;
  }

  /** The window of the workspace that a client shows; null when it shows none. */
  windowOf(client: Client): string | null {
    return this.#book.windowOf(client);
  }

  /** Keeps where a window stands, as the host sees it. */
  setBounds(workspace: string, window: string, bounds: WindowBounds): void {
    this.#store.change({ type: 'SetBounds', workspace, window, bounds });
    this.#tellAll(undefined);
  }

  /** Answers a window. */
  handle(client: Client, request: WorkspaceRequest): void {
    if (request.type !== 'AttachWindow' && !this.#book.has(client)) {
      const message = 'a window says which it is before it changes anything';
      this.#send(client, { type: 'Refused', code: 'WORKSPACE_NOT_ATTACHED', message });
      return;
    }
    switch (request.type) {
      case 'AttachWindow':
        this.#attach(client, request.window, request.narrow);
        return;
      case 'ChangeWorkspace': {
        const outcome = this.#store.change(request.change);
        if (!outcome.ok) this.#send(client, { type: 'Refused', ...outcome.error });
        this.#tellAll({ client, number: request.number });
        return;
      }
      case 'SetGroup': {
        const { group, choice } = request;
        this.#store.setGroup(group, choice);
        for (const other of this.#book.clients) {
          const own = other === client;
          this.#send(other, { type: 'Group', group, choice, own });
        }
        return;
      }
      default:
    }
  }

  /** A window was closed: its panels stay in the document. */
  leave(client: Client): void {
    if (!this.#book.has(client)) return;
    this.#book.detach(client);
    this.#tellAll(undefined);
  }

  #attach(client: Client, asked: string | null, narrow: boolean): void {
    this.#store.open(narrow);
    this.#book.attach(client, asked, this.#store.active);
    this.#send(client, { type: 'Copies', copies: [...this.#store.copies] });
    // A file that was not used is news once; one that cannot be written is for as long as it lasts.
    const lasting = this.#store.problem?.code === 'WORKSPACE_UNWRITABLE';
    if (lasting || !this.#problemTold) this.#sendProblem(client);
    this.#problemTold = true;
    this.#tellAll(undefined);
  }

  #sendProblem(client: Client): void {
    const { problem } = this.#store;
    if (problem !== undefined) this.#send(client, { type: 'WorkspaceProblem', ...problem });
  }

  #tellAll(answered: { readonly client: Client; readonly number: number } | undefined): void {
    const { document, loads, revision, active, copies } = this.#store;
    if (loads === this.#loads) this.#book.forget(active);
    else this.#book.assign(active);
    this.#loads = loads;
    const open = [...this.#book.open];
    for (const client of this.#book.clients) {
      this.#send(client, {
        type: 'Workspaces',
        revision,
        loads,
        document,
        window: this.#book.windowOf(client),
        open,
        answered: answered?.client === client ? answered.number : null,
      });
    }
    this.#onTold();
    const text = JSON.stringify(copies);
    if (text === this.#copies) return;
    this.#copies = text;
    for (const client of this.#book.clients) {
      this.#send(client, { type: 'Copies', copies: [...copies] });
    }
  }
}
