import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineFile } from '../../engine/api/supervision.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import type { ClientId } from '../../engine/domain/identifiers.ts';
import type { UpgradeHandler } from './upgrade-handler.ts';

/** The identity of every command line that uses the engine's socket; it arms and disarms like a desk. */
const COMMAND_LINE = 'command-line' as ClientId;

/** Longest path of a socket file: 108 bytes on Linux and 104 elsewhere, with the 0 that ends it. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

/** The engine's control socket cannot be opened. */
export interface ControlListenerError {
  readonly code: 'CONTROL_SOCKET_FAILED';
  readonly message: string;
}

interface SocketPlace {
  readonly path: string;
  /** A folder made for the socket alone. */
  readonly folder?: string;
}

/** Where the engine's control socket is: a named pipe on Windows; elsewhere a socket file in the data folder, or in a private temporary folder when that path is too long for a socket. */
function socketPlace(dataFolder: string): SocketPlace {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\quarterdeck-${randomBytes(8).toString('hex')}` };
  }
  const path = join(dataFolder, 'run', 'engine.sock');
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path };
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-'));
  return { path: join(folder, 'engine.sock'), folder };
}

/** The command line's way into a running engine: a socket of the file system, no TCP port, and a secret only its owner can read. */
export class ControlListener implements AsyncDisposable {
  readonly #server: Server;
  readonly #file: string;
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #dataFolder: string;
  #place: SocketPlace | undefined;

  constructor(
    dataFolder: string,
    handlers: {
      onUpgrade: UpgradeHandler;
      /** Answers `POST /url`: a fresh address of the desk; absent without a browser host. */
      freshUrl?: () => string;
    },
  ) {
    this.#file = join(dataFolder, 'run', 'engine.json');
    this.#dataFolder = dataFolder;
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
      const known = this.#knows(request);
      if (known && handlers.onUpgrade(service, COMMAND_LINE, request, socket, head)) return;
      const status = known ? '503 Service Unavailable' : '403 Forbidden';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    });
  }

  /** Opens the socket, then writes the file that tells where it is. */
  async listen(): Promise<Result<void, ControlListenerError>> {
    try {
      const place = socketPlace(this.#dataFolder);
      this.#place = place;
      await this.#listenOn(place.path);
      const file: EngineFile = { pid: process.pid, socket: place.path, secret: this.#secret };
      const beside = `${this.#file}.new`;
      writeFileSync(beside, JSON.stringify(file), { mode: 0o600 });
      renameSync(beside, this.#file);
      return ok(undefined);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `the command line's socket cannot be opened: ${why}`;
      return err({ code: 'CONTROL_SOCKET_FAILED', message });
    }
  }

  async #listenOn(path: string): Promise<void> {
    const onDisk = process.platform !== 'win32';
    // The data folder's lock is held: a socket file found here belongs to an engine that died.
    if (onDisk) rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    if (onDisk) chmodSync(path, 0o600);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#file, { force: true });
    // Not awaited: a listener whose sockets were handed to another process never says that it is closed.
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#place?.folder !== undefined)
      rmSync(this.#place.folder, { recursive: true, force: true });
  }

  #knows(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.#secret}`);
    return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
  }
}
