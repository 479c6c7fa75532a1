import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A way to a port that can be cut. */
export interface Route {
  /** `ws://127.0.0.1:PORT`. */
  readonly url: string;
  cut(): void;
  close(): void;
}

/** Opens a way to `port`. */
export async function openRoute(port: number): Promise<Route> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}
