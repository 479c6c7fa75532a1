import type { Result } from '../../engine/base/result.ts';
import { backoffMs } from './backoff.ts';
import type { Channel, ChannelName, Host } from './host.ts';

/** Where a connection to a service stands. */
export interface ConnectionState {
  readonly phase: 'Connecting' | 'Open' | 'Waiting' | 'Closed';
  /** Failed attempts in a row. */
  readonly attempt: number;
  /** Why it is not open, in words. */
  readonly detail?: string;
  /** Messages that did not match the contract since the page was loaded. */
  readonly malformed: number;
  /** The last of them, in words. */
  readonly malformedDetail?: string;
}

/** Someone who speaks every second and has said nothing for so many of ours in a row hangs. */
const SILENT_SECONDS = 3;

/** What a connection needs from its owner. */
export interface ConnectionOptions<M, R> {
  readonly host: Pick<Host, 'openChannel'>;
  readonly name: ChannelName;
  readonly decode: (text: string) => Result<M, { readonly message: string }>;
  readonly encode: (request: R) => string;
  /** The service speaks every second: silence ends the connection as its death does. */
  readonly speaksEverySecond?: true;
  readonly onMessage: (message: M) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** A channel that comes back: reopens with back-off, decodes every message by its schema and says how it is. */
export class Connection<M, R> {
  readonly #options: ConnectionOptions<M, R>;
  #channel: Channel | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #quietSeconds = 0;
  #state: ConnectionState = { phase: 'Connecting', attempt: 0, malformed: 0 };

  constructor(options: ConnectionOptions<M, R>) {
    this.#options = options;
  }

  /** Opens the channel and keeps it open until `close`. */
  open(): void {
    let over = false;
    const end = (reason: string): void => {
      if (over) return;
      over = true;
      this.#retry(reason);
    };
    this.#change({ phase: 'Connecting' });
    const channel = this.#options.host.openChannel(this.#options.name, {
      onOpen: () => {
        this.#listen(() => {
          end(`${this.#options.name} says nothing`);
          channel.close();
        });
        this.#change({ phase: 'Open', attempt: 0 });
      },
      onMessage: (text) => {
        if (!over) this.#receive(text);
      },
      onClose: end,
    });
    this.#channel = channel;
  }

  /** Sends a request; false when the channel is not open: then nothing is sent and nothing queued. */
  send(request: R): boolean {
    if (this.#state.phase !== 'Open' || this.#channel === undefined) return false;
    this.#channel.send(this.#options.encode(request));
    return true;
  }

  /** Ends the connection for good. */
  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#change({ phase: 'Closed' });
    this.#channel?.close();
  }

  /** Counts seconds of ours without a message: while this window is busy itself, none are counted. */
  #listen(onSilent: () => void): void {
    if (this.#options.speaksEverySecond !== true) return;
    this.#quietSeconds = 0;
    this.#watch = setInterval(() => {
      this.#quietSeconds += 1;
      if (this.#quietSeconds > SILENT_SECONDS) onSilent();
    }, 1000);
  }

  #receive(text: string): void {
    this.#quietSeconds = 0;
    const decoded = this.#options.decode(text);
    if (decoded.ok) {
      this.#options.onMessage(decoded.value);
      return;
    }
    this.#change({
      malformed: this.#state.malformed + 1,
      malformedDetail: decoded.error.message,
    });
  }

  #retry(reason: string): void {
    clearInterval(this.#watch);
    if (this.#state.phase === 'Closed') return;
    const attempt = this.#state.attempt + 1;
    this.#change({ phase: 'Waiting', attempt, detail: reason });
    this.#timer = setTimeout(() => this.open(), backoffMs(attempt, Math.random()));
  }

  #change(change: Partial<ConnectionState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState(this.#state);
  }
}

/** How the owner of a typed connection hears of messages and of the connection itself. */
export type ConnectionHandlers<M> = Pick<ConnectionOptions<M, never>, 'onMessage' | 'onState'>;
