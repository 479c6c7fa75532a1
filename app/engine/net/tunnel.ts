import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { nameOfProxy, type Proxy } from './proxy.ts';
import { asRouteError, RouteError } from './route-error.ts';

const PATIENCE_MS = 10_000;
const LONGEST_HEAD = 16_384;
const SOCKS = {
  version: 5,
  none: 0,
  password: 2,
  noMethod: 0xff,
  connect: 1,
  name: 3,
  longAddress: 4,
} as const;
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'time to live expired',
  7: 'command not supported',
  8: 'kind of address not supported',
};

/** A connection to a host through a proxy, which finds the host's address itself. Rejects with a RouteError. */
export async function openTunnel(
  proxy: Proxy,
  host: string,
  port: number,
  authorities: readonly string[] | undefined,
): Promise<Socket> {
  const socket = await reach(proxy, authorities);
  const talk = new Talk(socket, nameOfProxy(proxy));
  try {
    if (proxy.kind === 'Socks5') await askSocks(talk, proxy, host, port);
    else await askConnect(talk, proxy, host, port);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  talk.end();
  return socket;
}

/** A plain connection, over TLS where `authorities` judge who answers. */
export function overTls(
  socket: Socket,
  host: string,
  authorities: readonly string[] | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secured = connectTls({
      socket,
      host,
      // The name of an address is not sent.
      servername: isIP(host) === 0 ? host : '',
      ...(authorities === undefined ? {} : { ca: [...authorities] }),
    });
    const fail = (error: Error): void => reject(asRouteError(error, host));
    secured.once('error', fail);
    secured.once('secureConnect', () => {
      secured.off('error', fail);
      resolve(secured);
    });
  });
}

/** A connection without TLS. */
export function openPlain(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

async function reach(proxy: Proxy, authorities: readonly string[] | undefined): Promise<Socket> {
  try {
    const socket = await openPlain(proxy.host, proxy.port);
    return proxy.secure ? await overTls(socket, proxy.host, authorities) : socket;
  } catch (error) {
    if (error instanceof RouteError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new RouteError('PROXY_UNREACHABLE', `the proxy ${nameOfProxy(proxy)}: ${why}`);
  }
}

/** `CONNECT` of HTTP. */
async function askConnect(talk: Talk, proxy: Proxy, host: string, port: number): Promise<void> {
  const name = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const { user, password = '' } = proxy;
  const proof =
    user === undefined
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n`;
  talk.say(Buffer.from(`CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n${proof}\r\n`));
  let head = '';
  while (!head.endsWith('\r\n\r\n')) {
    if (head.length > LONGEST_HEAD) throw talk.malformed('an answer without end');
    head += (await talk.take(1)).toString('latin1');
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw talk.malformed('no answer of HTTP');
  if (status.startsWith('2')) return;
  if (status === '407') throw talk.unproved();
  throw talk.refused(`status ${status} for ${name}`);
}

/** SOCKS 5 (RFC 1928) with name and password (RFC 1929). */
async function askSocks(talk: Talk, proxy: Proxy, host: string, port: number): Promise<void> {
  const { user, password = '' } = proxy;
  const methods = user === undefined ? [SOCKS.none] : [SOCKS.none, SOCKS.password];
  talk.say(Buffer.from([SOCKS.version, methods.length, ...methods]));
  const [version, method] = await talk.take(2);
  if (version !== SOCKS.version) throw talk.malformed('no answer of SOCKS 5');
  if (method === SOCKS.noMethod) throw talk.unproved();
  if (method === SOCKS.password && user !== undefined) {
    talk.say(Buffer.concat([Buffer.from([1]), counted(user), counted(password)]));
    const [, refused] = await talk.take(2);
    if (refused !== 0) throw talk.unproved();
  } else if (method !== SOCKS.none)
    throw talk.malformed(`a method that was not offered, ${method}`);
  const target = Buffer.concat([counted(host), Buffer.from([port >> 8, port & 0xff])]);
  talk.say(Buffer.concat([Buffer.from([SOCKS.version, SOCKS.connect, 0, SOCKS.name]), target]));
  const [again, reply = 0, , kind] = await talk.take(4);
  if (again !== SOCKS.version) throw talk.malformed('no answer of SOCKS 5');
  if (reply !== 0) throw talk.refused(`${REPLIES[reply] ?? `reply ${reply}`} for ${host}:${port}`);
  // The address that it is bound to, which says nothing here.
  await talk.take((await boundBytes(talk, kind)) + 2);
}

async function boundBytes(talk: Talk, kind: number | undefined): Promise<number> {
  if (kind !== SOCKS.name) return kind === SOCKS.longAddress ? 16 : 4;
  const [count = 0] = await talk.take(1);
  return count;
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([Math.min(bytes.length, 255)]), bytes.subarray(0, 255)]);
}

/** What is said to a proxy before it hands the connection through. */
class Talk {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #onEnd = (): void => this.#wake(this.#lost('it closed the connection'));
  readonly #onError = (error: Error): void => this.#wake(this.#lost(error.message));
  readonly #onTimeout = (): void => this.#wake(this.#lost(`no answer within ${PATIENCE_MS} ms`));
  readonly #onReadable = (): void => this.#wake();
  #failure: RouteError | undefined;
  #waiting: (() => void) | undefined;

  constructor(socket: Socket, name: string) {
    this.#socket = socket;
    this.#name = name;
    socket.setTimeout(PATIENCE_MS, this.#onTimeout);
    socket.on('readable', this.#onReadable);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
    socket.on('error', this.#onError);
  }

  say(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** So many bytes of what it says. */
  async take(count: number): Promise<Buffer> {
    for (;;) {
      const bytes = this.#socket.read(count) as Buffer | null;
      if (bytes !== null && bytes.length === count) return bytes;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** It hands the connection through from now on. */
  end(): void {
    this.#socket.setTimeout(0);
    this.#socket.off('timeout', this.#onTimeout);
    this.#socket.off('readable', this.#onReadable);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    this.#socket.off('error', this.#onError);
  }

  malformed(what: string): RouteError {
    return new RouteError('PROXY_MALFORMED', `the proxy ${this.#name} said ${what}`);
  }

  refused(what: string): RouteError {
    return new RouteError('PROXY_REFUSED', `the proxy ${this.#name} does not connect: ${what}`);
  }

  unproved(): RouteError {
    const words = `the proxy ${this.#name} wants another name or password`;
    return new RouteError('PROXY_AUTH_REFUSED', words);
  }

  #lost(why: string): RouteError {
    return new RouteError('PROXY_UNREACHABLE', `the proxy ${this.#name}: ${why}`);
  }

  #wake(failure?: RouteError): void {
    this.#failure ??= failure;
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
