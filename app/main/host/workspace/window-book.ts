import type { Workspace } from '../../../engine/api/workspace.ts';

/** Who shows which window of the workspace: each window is shown once, further ones wait without. */
export class WindowBook<Client> {
  /** In the order they came; with the windows they last showed, by workspace. */
  readonly #clients = new Map<Client, Map<string, string>>();
  readonly #shown = new Map<Client, string>();

  /** A client came; `asked` is the window it was opened for. It gets that, or the first that nobody shows. */
  attach(client: Client, asked: string | null, workspace: Workspace): void {
    if (!this.#clients.has(client)) this.#clients.set(client, new Map());
    if (asked !== null) this.#clients.get(client)?.set(workspace.id, asked);
    this.#shown.delete(client);
    this.#give(client, asked ?? undefined, workspace);
    this.#give(client, this.#free(workspace), workspace);
  }

  /** True for a client that came and did not leave. */
  has(client: Client): boolean {
    return this.#clients.has(client);
  }

  /** A client left. */
  detach(client: Client): void {
    this.#clients.delete(client);
    this.#shown.delete(client);
  }

  /** Another workspace is shown: every client gets the window it had there, the others what nobody shows. */
  assign(workspace: Workspace): void {
    this.forget(workspace);
    for (const [client, last] of this.#clients) {
      this.#give(client, last.get(workspace.id), workspace);
    }
    for (const client of this.#clients.keys()) {
      this.#give(client, this.#free(workspace), workspace);
    }
  }

  /** Nobody shows what the workspace does not have. Who waits does not take what became free: a page that is loaded anew comes back for it. */
  forget(workspace: Workspace): void {
    const ids = new Set(workspace.windows.map(({ id }) => id));
    for (const [client, window] of this.#shown) if (!ids.has(window)) this.#shown.delete(client);
  }

  /** The window that a client shows; null when all are shown by others. */
  windowOf(client: Client): string | null {
    return this.#shown.get(client) ?? null;
  }

  /** Windows that somebody shows. */
  get open(): ReadonlySet<string> {
    return new Set(this.#shown.values());
  }

  get clients(): Iterable<Client> {
    return this.#clients.keys();
  }

  #free(workspace: Workspace): string | undefined {
    const { open } = this;
    return workspace.windows.find(({ id }) => !open.has(id))?.id;
  }

  #give(client: Client, window: string | undefined, workspace: Workspace): void {
    if (window === undefined || this.#shown.has(client) || this.open.has(window)) return;
    if (!workspace.windows.some(({ id }) => id === window)) return;
    this.#shown.set(client, window);
    this.#clients.get(client)?.set(workspace.id, window);
  }
}
