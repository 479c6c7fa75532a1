import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../engine/base/clock.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { Access, type Session } from '../../engine/server/access.ts';
import { bearerMatches, isRefusal, LoopbackGuard } from '../../engine/server/loopback-guard.ts';
import { loadAssets, type Asset } from '../host/assets.ts';
import { contentSecurityPolicy, deskPage } from '../host/desk-page.ts';
import type { UpgradeHandler } from '../host/upgrade-handler.ts';
import { LANDING_PAGE, LANDING_SCRIPT, LANDING_STYLE } from './pages.ts';

/** Bytes of a request body; the only one is a token. */
const MOST_BODY_BYTES = 1024;
const MOST_CONNECTIONS = 128;

/** A listener that could not be opened. */
export interface BrowserHostError {
  readonly code: 'PORT_IN_USE' | 'PORT_REFUSED';
  readonly port: number;
  readonly message: string;
}

/** What a local Prometheus may read, and the bearer token it must bring. */
export interface MetricsRoute {
  readonly token: string;
  readonly text: () => string;
}

/** The desk in a browser on loopback: static files, a one-time token, WebSocket upgrades handed on. */
export class BrowserHost implements AsyncDisposable {
  readonly #server: Server;
  readonly #access: Access;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #metrics: MetricsRoute;
  readonly #onRefused: (status: number, path: string) => void;
  #guard: LoopbackGuard | undefined;
  #port = 0;

  constructor(options: {
    clock: Clock;
    rendererFolder: string;
    onUpgrade: UpgradeHandler;
    metrics: MetricsRoute;
    /** Told of every request that was refused; the path comes without its query. */
    onRefused: (status: number, path: string) => void;
  }) {
    this.#metrics = options.metrics;
    this.#onRefused = options.onRefused;
    this.#access = new Access(options.clock);
    this.#assets = loadAssets(options.rendererFolder);
    this.#server = createServer(
      {
        maxHeaderSize: 16_384,
        headersTimeout: 5000,
        requestTimeout: 10_000,
        keepAliveTimeout: 5000,
      },
      (request, response) => {
        this.#answer(request, response);
      },
    );
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#upgrade(request, socket, head, options.onUpgrade);
    });
  }

  /** Opens the listener on 127.0.0.1; port 0 takes a free one. */
  async listen(port: number): Promise<Result<number, BrowserHostError>> {
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      this.#server.once('error', resolve);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.removeListener('error', resolve);
        resolve(undefined);
      });
    });
    if (failure !== undefined) {
      const inUse = failure.code === 'EADDRINUSE';
      const why = inUse ? 'is in use by another program' : `cannot be opened (${failure.code})`;
      const message = `port ${port} ${why}; give a free one with --port, or 0 to have one chosen`;
      return err({ code: inUse ? 'PORT_IN_USE' : 'PORT_REFUSED', port, message });
    }
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#guard = new LoopbackGuard(this.#access, this.#port);
    return ok(this.#port);
  }

  /** An address that opens the desk once, within ten minutes. */
  freshUrl(): string {
    return `http://127.0.0.1:${this.#port}/#token=${this.#access.issueToken()}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Not awaited: a listener whose sockets were handed to another process never says that it is closed.
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.on('finish', () => {
      if (response.statusCode >= 400) this.#onRefused(response.statusCode, pathOf(request));
    });
    const guard = this.#guard;
    if (guard === undefined) {
      refuse(response, 403);
      return;
    }
    const refusal = guard.checkHost(request);
    if (refusal !== undefined) {
      refuse(response, refusal.status);
      return;
    }
    const path = pathOf(request);
    if (request.method === 'POST') {
      this.#post(guard, path, request, response);
      return;
    }
    if (request.method !== 'GET') {
      refuse(response, 405);
      return;
    }
    const session = guard.sessionOf(request);
    if (path === '/') {
      this.#page(session, response);
      return;
    }
    if (path === '/landing.js' || path === '/landing.css') {
      const script = path.endsWith('.js');
      const type = script ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8';
      send(response, 200, type, script ? LANDING_SCRIPT : LANDING_STYLE, undefined);
      return;
    }
    if (
      path === '/metrics' &&
      (session !== undefined || bearerMatches(request, this.#metrics.token))
    ) {
      send(
        response,
        200,
        'text/plain; version=0.0.4; charset=utf-8',
        this.#metrics.text(),
        undefined,
      );
      return;
    }
    if (session === undefined) {
      refuse(response, 401);
      return;
    }
    // A window whose sockets are refused asks whether it still has a session.
    if (path === '/session') {
      refuse(response, 204);
      return;
    }
    const asset = path.endsWith('.html') ? undefined : this.#assets.get(path);
    if (asset === undefined) {
      refuse(response, 404);
      return;
    }
    send(response, 200, asset.type, asset.bytes, session.styleNonce);
  }

  #page(session: Session | undefined, response: ServerResponse): void {
    const index = this.#assets.get('/index.html');
    if (session === undefined || index === undefined) {
      send(response, 200, 'text/html; charset=utf-8', LANDING_PAGE, undefined);
      return;
    }
    const page = deskPage(index.bytes.toString(), session);
    send(response, 200, index.type, page, session.styleNonce);
  }

  #post(
    guard: LoopbackGuard,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (path === '/session') {
      const refusal = guard.checkOrigin(request);
      if (refusal !== undefined || request.headers['content-type'] !== 'application/json') {
        refuse(response, 403);
        return;
      }
      readBody(request, response, (body) => {
        this.#openSession(guard, body, response);
      });
      return;
    }
    const outcome = guard.checkStateChange(request);
    if (isRefusal(outcome)) {
      refuse(response, outcome.status);
      return;
    }
    if (path !== '/sign-out') {
      refuse(response, 404);
      return;
    }
    this.#access.end(outcome);
    response.setHeader('set-cookie', `${guard.cookieName}=; Path=/; Max-Age=0; HttpOnly`);
    refuse(response, 204);
  }

  #openSession(guard: LoopbackGuard, body: string, response: ServerResponse): void {
    const token = tokenOf(body);
    const session = token === undefined ? undefined : this.#access.redeem(token);
    if (session === undefined) {
      refuse(response, 403);
      return;
    }
    const cookie = `${guard.cookieName}=${session.secret}; Path=/; HttpOnly; SameSite=Strict`;
    response.setHeader('set-cookie', cookie);
    refuse(response, 204);
  }

  #upgrade(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    onUpgrade: UpgradeHandler,
  ): void {
    socket.on('error', () => socket.destroy());
    const outcome = this.#guard?.checkUpgrade(request);
    if (outcome === undefined || isRefusal(outcome)) {
      this.#onRefused(outcome?.status ?? 403, pathOf(request));
      socket.end(`HTTP/1.1 ${outcome?.status ?? 403} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    const service = /^\/socket\/([a-z]{1,16})$/.exec(request.url ?? '')?.[1];
    if (service !== undefined && onUpgrade(service, outcome.client, request, socket, head)) return;
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
}

function tokenOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('token' in parsed)) return undefined;
    return typeof parsed.token === 'string' ? parsed.token : undefined;
  } catch {
    return undefined;
  }
}

function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  onBody: (body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MOST_BODY_BYTES) {
      refuse(response, 413);
      request.destroy();
      return;
    }
    chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes <= MOST_BODY_BYTES) onBody(Buffer.concat(chunks).toString());
  });
}

function securityHeaders(response: ServerResponse, nonce: string | undefined): void {
  response.setHeader('content-security-policy', contentSecurityPolicy(nonce));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

function refuse(response: ServerResponse, status: number): void {
  securityHeaders(response, undefined);
  response.writeHead(status, { 'content-length': '0' });
  response.end();
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  nonce: string | undefined,
): void {
  securityHeaders(response, nonce);
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
