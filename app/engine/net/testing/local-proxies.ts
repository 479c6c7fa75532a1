import { createServer as createHttp } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy on loopback that leads everything to one port, whatever host is named. */
export interface LocalProxy extends AsyncDisposable {
  readonly port: number;
  /** Hosts and ports it was asked for. */
  readonly asked: readonly string[];
}

/** Whom it lets through; everybody when absent. */
export interface Proved {
  readonly user: string;
  readonly password: string;
}

async function listening(server: Server, asked: readonly string[]): Promise<LocalProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function join(left: Socket, right: Socket): void {
  left.pipe(right);
  right.pipe(left);
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

/** One that understands CONNECT. */
export function openConnectProxy(to: number, proved?: Proved): Promise<LocalProxy> {
  const asked: string[] = [];
  const server = createHttp();
  server.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    const proof = proved && `${proved.user}:${proved.password}`;
    const wanted = proof && `Basic ${Buffer.from(proof).toString('base64')}`;
    if (request.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
      return;
    }
    if (request.url?.startsWith('forbidden.') === true) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const target = connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, target);
    });
  });
  return listening(server, asked);
}

/** One that speaks SOCKS 5. Every message comes whole, as it does on loopback. */
export function openSocksProxy(to: number, proved?: Proved): Promise<LocalProxy> {
  const asked: string[] = [];
  const server = createServer((client) => {
    const next = (): Promise<Buffer> =>
      new Promise((resolve) => {
        client.once('data', resolve);
      });
    const serve = async (): Promise<void> => {
      const offered = [...(await next()).subarray(2)];
      const method = proved === undefined ? 0 : 2;
      if (!offered.includes(method)) return void client.end(Buffer.from([5, 0xff]));
      client.write(Buffer.from([5, method]));
      if (proved !== undefined) {
        const said = await next();
        const userEnd = 2 + (said[1] ?? 0);
        const user = said.subarray(2, userEnd).toString();
        const password = said.subarray(userEnd + 1).toString();
        const fits = user === proved.user && password === proved.password;
        if (!fits) return void client.end(Buffer.from([1, 1]));
        client.write(Buffer.from([1, 0]));
      }
      const request = await next();
      const host = request.subarray(5, 5 + (request[4] ?? 0)).toString();
      const port = request.readUInt16BE(request.length - 2);
      asked.push(`${host}:${port}`);
      const forbidden = host.startsWith('forbidden.');
      client.write(Buffer.from([5, forbidden ? 2 : 0, 0, 1, 127, 0, 0, 1, 0, 0]));
      if (forbidden) return;
      const target = connect(to, '127.0.0.1', () => join(client, target));
    };
    void serve();
  });
  return listening(server, asked);
}
