type Parameters = Readonly<Record<string, unknown>>;

/** An event of the browser or of a page. */
export interface CdpEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, never>>;
}

interface Answer extends CdpEvent {
  readonly id?: number;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A connection to Chromium's DevTools protocol. */
export class Cdp {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #listeners = new Map<string, (event: CdpEvent) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#onMessage(JSON.parse(String(data))));
  }

  static connect(url: string): Promise<Cdp> {
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new Cdp(socket)));
      socket.addEventListener('error', () => reject(new Error(`stand-in: no DevTools at ${url}`)));
    });
  }

  /** Calls a method, of a page when `session` is given; its result is what the protocol says. */
  async send<T>(method: string, params: Parameters = {}, session?: string): Promise<T> {
    this.#last += 1;
    const id = this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#socket.send(
      JSON.stringify({ id, method, params, ...(session && { sessionId: session }) }),
    );
    return (await waiting.promise) as T;
  }

  /** Hears the events of a page. */
  listen(session: string, listener: (event: CdpEvent) => void): void {
    this.#listeners.set(session, listener);
  }

  #onMessage(answer: Answer): void {
    if (answer.id === undefined) {
      this.#listeners.get(answer.sessionId ?? '')?.(answer);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else waiting?.reject(new Error(answer.error.message));
  }
}
