import { Agent, request as requestPlain, type ClientRequestArgs } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';
import type { Duplex } from 'node:stream';
import { getCACertificates } from 'node:tls';
import type { Fetch } from './http-client.ts';
import type { ChooseProxy } from './proxy.ts';
import { openerWith, type SocketOpener } from './socket.ts';
import { openPlain, openTunnel, overTls } from './tunnel.ts';

/** A way to the outside. */
export interface Route {
  readonly open: SocketOpener;
  readonly fetch: Fetch;
}

/** What a way goes through. */
export interface RouteOptions {
  readonly choose: ChooseProxy;
  /** Certificates of authorities that are trusted beside the usual ones, as PEM. */
  readonly authorities?: string;
}

type Connected = (error: Error | null, stream: Duplex) => void;

/** Every connection of the route, WebSocket or HTTP, is made as the options say or not at all: nothing falls back to another way. */
export function openRoute({ choose, authorities }: RouteOptions): Route {
  const trusted =
    authorities === undefined ? undefined : [...getCACertificates('default'), authorities];
  const connect = async (host: string, port: number, secure: boolean): Promise<Duplex> => {
    const proxy = choose(host, port, secure);
    const socket =
      proxy === undefined
        ? await openPlain(host, port)
        : await openTunnel(proxy, host, port, trusted);
    return secure ? overTls(socket, host, trusted) : socket;
  };
  const begin = (options: ClientRequestArgs, secure: boolean, connected: Connected): undefined => {
    const { host, port } = options;
    void connect(host ?? '', Number(port), secure).then(
      (stream) => connected(null, stream),
      (error: unknown) => (connected as (error: unknown) => void)(error),
    );
  };
  class RoutedAgent extends Agent {
    override createConnection(options: ClientRequestArgs, connected: Connected): undefined {
      return begin(options, false, connected);
    }
  }
  class SecureRoutedAgent extends SecureAgent {
    override createConnection(options: ClientRequestArgs, connected: Connected): undefined {
      return begin(options, true, connected);
    }
  }
  const plain = new RoutedAgent({ keepAlive: true });
  const secure = new SecureRoutedAgent({ keepAlive: true });
  const agentFor = (url: string): Agent => (/^(?:https|wss):/.test(url) ? secure : plain);
  return { open: openerWith(agentFor), fetch: fetchWith(agentFor) };
}

/** The runtime's fetch takes no agent: its part that is used, over one. */
function fetchWith(agentFor: (url: string) => Agent): Fetch {
  return (url, { method, headers, signal }) =>
    new Promise((resolve, reject) => {
      const request = url.startsWith('https:') ? requestSecure : requestPlain;
      const asked = request(
        url,
        {
          method,
          headers: { accept: '*/*', 'user-agent': 'node', ...headers },
          signal,
          agent: agentFor(url),
        },
        (response) => {
          const answered = new Headers();
          for (const [name, values = []] of Object.entries(response.headersDistinct)) {
            for (const value of values) answered.append(name, value);
          }
          resolve({ status: response.statusCode ?? 0, headers: answered, body: response });
        },
      );
      asked.on('error', reject);
      asked.end();
    });
}
