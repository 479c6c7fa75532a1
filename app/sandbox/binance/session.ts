import type { RawData } from 'ws';

const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 60_000;
const CLOSE_AFTER_SHUTDOWN_MS = 5000;
/** The most a client may leave unread before it is cut off. */
const LARGEST_BACKLOG = 16 * 1024 * 1024;

/** The exchange's end of a connection; a WebSocket is one. */
export interface PeerSocket {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(data: string): void;
  close(code: number, reason?: string): void;
  terminate(): void;
  /** Reads nothing more of what the client sends. */
  pause(): void;
  on(event: 'message', listener: (data: RawData) => void): unknown;
  on(event: 'ping' | 'pong' | 'error' | 'close', listener: () => void): unknown;
}

/** How connections behave in time; by the machine's clock, however fast the exchange's runs. */
export interface SessionRules {
  readonly lifetimeMs: number;
  clockMs(): number;
}

/** One client connection: pings, a lifetime, a farewell. */
export class Session {
  readonly socket: PeerSocket;
  readonly #rules: SessionRules;
  readonly #farewell: () => string | undefined;
  readonly #connectedMs: number;
  #lastPingMs: number;
  #lastPongMs: number;
  #farewellMs: number | undefined;

  /** `farewell`: what is said before the end, where the venue says something. */
  constructor(socket: PeerSocket, rules: SessionRules, farewell: () => string | undefined) {
    this.socket = socket;
    this.#rules = rules;
    this.#farewell = farewell;
    const nowMs = rules.clockMs();
    this.#connectedMs = nowMs;
    this.#lastPingMs = nowMs;
    this.#lastPongMs = nowMs;
    socket.on('pong', () => {
      this.#lastPongMs = rules.clockMs();
    });
    // The close that follows an error is where the connection ends.
    socket.on('error', () => undefined);
  }

  get connectedMs(): number {
    return this.#connectedMs;
  }

  send(text: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > LARGEST_BACKLOG) {
      this.socket.terminate();
      return;
    }
    this.socket.send(text);
  }

  /** Does what is due: ping, cut off, say farewell. */
  tick(): void {
    const nowMs = this.#rules.clockMs();
    if (this.#farewellMs !== undefined) {
      if (nowMs - this.#farewellMs >= CLOSE_AFTER_SHUTDOWN_MS) this.socket.close(1001);
      return;
    }
    if (nowMs - this.#connectedMs >= this.#rules.lifetimeMs) {
      this.sayFarewell();
      return;
    }
    if (this.#lastPingMs - this.#lastPongMs >= PONG_WITHIN_MS) {
      this.socket.terminate();
      return;
    }
    if (nowMs - this.#lastPingMs < PING_EVERY_MS) return;
    this.#lastPingMs = nowMs;
    this.socket.ping(String(nowMs));
  }

  /** Announces that the connection ends soon. */
  sayFarewell(): void {
    this.#farewellMs ??= this.#rules.clockMs();
    const text = this.#farewell();
    if (text !== undefined) this.send(text);
  }
}
