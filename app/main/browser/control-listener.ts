import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { EngineFile } from '../../engine/api/supervision.ts';
import type { Session } from '../../engine/server/access.ts';

/** The identity of every command line that uses the engine's socket; it arms and disarms like a desk. */
const COMMAND_LINE = 'command-line' as Session['client'];

/** Where the engine's control socket is: a named pipe on Windows, a socket file elsewhere. */
function socketPath(dataFolder: string): string {
  if (process.platform !== 'win32') return join(dataFolder, 'run', 'engine.sock');
  return `\\\\.\\pipe\\quarterdeck-${randomBytes(8).toString('hex')}`;
}

/** The command line's way into a running engine: a socket of the file system, no TCP port, and a secret only its owner can read. */
export class ControlListener implements AsyncDisposable {
  readonly #server: Server;
  readonly #file: string;
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #socket: string;

  constructor(
    dataFolder: string,
    handlers: {
      onUpgrade: (
        service: string,
        client: Session['client'],
        request: IncomingMessage,
        socket: Socket,
        head: Buffer,
      ) => boolean;
      /** Answers `POST /url`: a fresh address of the desk; absent without a browser host. */
      freshUrl?: () => string;
    },
  ) {
    this.#file = join(dataFolder, 'run', 'engine.json');
    this.#socket = socketPath(dataFolder);
    this.#server = createServer((request, response) => {
      const known = this.#knows(request);
      if (!known || request.method !== 'POST' || request.url !== '/url' || !handlers.freshUrl) {
        response.writeHead(known ? 404 : 403).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/plain' }).end(handlers.freshUrl());
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const service = /^\/socket\/([a-z]{1,16})$/.exec(request.url ?? '')?.[1] ?? '';
      const taken =
        this.#knows(request) && handlers.onUpgrade(service, COMMAND_LINE, request, socket, head);
      if (!taken) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    });
  }

  /** Opens the socket, then writes the file that tells where it is. */
  async listen(): Promise<void> {
    // The data folder's lock is held: a socket file found here belongs to an engine that died.
    if (process.platform !== 'win32') rmSync(this.#socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#socket, resolve);
    });
    if (process.platform !== 'win32') chmodSync(this.#socket, 0o600);
    const file: EngineFile = { pid: process.pid, socket: this.#socket, secret: this.#secret };
    writeFileSync(this.#file, JSON.stringify(file), { mode: 0o600 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#file, { force: true });
    // Not awaited: a listener whose sockets were handed to another process never says that it is closed.
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #knows(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.#secret}`);
    return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
  }
}
