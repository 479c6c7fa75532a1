import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { ManualSandboxClock } from '../manual-clock.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts';

/** 2026-03-14T15:09:26.500Z */
export const START_MS = Date.UTC(2026, 2, 14, 15, 9, 26, 500);

export type Json = Record<string, unknown>;

/** A REST answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json & unknown[];
}

/** A WebSocket that remembers what it received; waiting is for messages, never for time. */
export class Listener {
  readonly messages: Json[] = [];
  readonly socket: WebSocket;
  #wake: () => void = () => undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Json);
      this.#wake();
    });
  }

  async open(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  /** The first message, seen or to come, that `fits`. */
  async message(fits: (message: Json) => boolean): Promise<Json> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ask(id: number, method: string, params: unknown): Promise<Json> {
    this.socket.send(JSON.stringify({ id, method, params }));
    return this.message((message) => message['id'] === id);
  }

  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return 0;
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }
}

/** A sandbox on a manual clock, and clients for it. */
export class SandboxClient implements AsyncDisposable {
  readonly clock: ManualSandboxClock;
  readonly sandbox: Sandbox;
  readonly #listeners: Listener[] = [];

  private constructor(clock: ManualSandboxClock, sandbox: Sandbox) {
    this.clock = clock;
    this.sandbox = sandbox;
  }

  static async start(options: Partial<SandboxOptions> = {}): Promise<SandboxClient> {
    const clock = new ManualSandboxClock(START_MS);
    const sandbox = await createSandbox({ clock, seed: 1, port: 0, limits: 'venue', ...options });
    if (!sandbox.ok) throw new Error(sandbox.error.reason);
    return new SandboxClient(clock, sandbox.value);
  }

  nowMs(): number {
    return Math.floor(this.clock.nowMicros() / 1000);
  }

  key(name: 'trading' | 'reading' | 'withdrawing'): { apiKey: string; secret: string } {
    const key = this.sandbox.keys.find((entry) => entry.name === name);
    if (key === undefined) throw new Error(`no key ${name}`);
    return key;
  }

  async get(
    path: string,
    parameters: Readonly<Record<string, string | number>> = {},
  ): Promise<Answer> {
    return this.raw('GET', `${path}?${query(parameters)}`);
  }

  async signed(
    method: string,
    path: string,
    parameters: Readonly<Record<string, string | number>> = {},
    name: 'trading' | 'reading' | 'withdrawing' = 'trading',
  ): Promise<Answer> {
    const { apiKey, secret } = this.key(name);
    const payload = query({ timestamp: this.nowMs(), ...parameters });
    const signature = hmac(secret, payload);
    return this.raw(method, `${path}?${payload}&signature=${signature}`, {
      'X-MBX-APIKEY': apiKey,
    });
  }

  async raw(method: string, target: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.sandbox.url}${target}`, { method, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer['body'],
    };
  }

  async listen(path: string): Promise<Listener> {
    const listener = new Listener(`${this.sandbox.webSocketUrl}${path}`);
    this.#listeners.push(listener);
    return listener.open();
  }

  /** Parameters of a WebSocket API request, signed as the sheet says. */
  wsParameters(parameters: Readonly<Record<string, string | number>>): Json {
    const { apiKey, secret } = this.key('trading');
    const all: Record<string, string | number> = { apiKey, timestamp: this.nowMs(), ...parameters };
    const payload = Object.keys(all)
      .sort()
      .map((name) => `${name}=${all[name]}`)
      .join('&');
    return { ...all, signature: hmac(secret, payload) };
  }

  /** A connection subscribed to the account's events. */
  async userStream(): Promise<Listener> {
    const listener = await this.listen('/ws-api/v3');
    await listener.ask(1, 'userDataStream.subscribe.signature', this.wsParameters({}));
    return listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) listener.socket.terminate();
    await this.sandbox.close();
  }
}

/** Hexadecimal HMAC-SHA256. */
export function hmac(secret: string, payload: string): string {
  return createHmac('sha256', secret).update(payload).digest('hex');
}

function query(parameters: Readonly<Record<string, string | number>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** The events of a user stream about one order, as pairs of execution type and status. */
export function eventsOf(listener: Listener, orderId: unknown): string[] {
  return listener.messages
    .map((message) => message['event'] as Json | undefined)
    .filter((event) => event?.['e'] === 'executionReport' && event['i'] === orderId)
    .map((event) => `${String(event?.['x'])} ${String(event?.['X'])}`);
}
