import type { RawData } from 'ws';
import type { SandboxKey } from '../exchange/account.ts';
import { WS_API_OPERATIONS } from './operations.ts';
import { VenueRefusal } from './refusal.ts';
import { Session, type PeerSocket, type SessionRules } from './session.ts';
import { listStatus } from './list-shapes.ts';
import { accountPosition, balanceUpdate, executionReport } from './shapes.ts';
import { keyOf, verifyTime, verifyWsApi } from './signature.ts';
import type { Venue } from './venue.ts';

const CONNECT_WEIGHT = 2;
const SUBSCRIBE_WEIGHT = 2;

interface Request {
  readonly id: string | number | null;
  readonly method: string;
  readonly values: ReadonlyMap<string, string>;
  readonly returnRateLimits: boolean;
}

interface Connection {
  readonly session: Session;
  returnRateLimits: boolean;
  subscription: number | undefined;
  nextSubscription: number;
}

/** The WebSocket API: requests and the account's event stream. */
export class WsApi {
  readonly #venue: Venue;
  readonly #rules: SessionRules;
  readonly #connections = new Set<Connection>();

  constructor(venue: Venue, rules: SessionRules) {
    this.#venue = venue;
    this.#rules = rules;
    const { exchange } = venue;
    const { account, desk, transfers } = exchange;
    desk.listen({
      report: (report) => this.#publish(() => executionReport(report, exchange.nowMs())),
      balances: (assets, timeMs) =>
        this.#publish(() => accountPosition(account, assets, timeMs, exchange.nowMs())),
      list: (list, timeMs) => this.#publish(() => listStatus(list, timeMs, exchange.nowMs())),
    });
    transfers.listen((asset, amount, timeMs) => {
      this.#publish(() => balanceUpdate(asset, amount, timeMs, exchange.nowMs()));
      this.#publish(() => accountPosition(account, [asset], timeMs, exchange.nowMs()));
    });
  }

  /** Takes over an upgraded connection. */
  connect(socket: PeerSocket, query: URLSearchParams): void {
    const farewell = (): string =>
      JSON.stringify({ event: { e: 'serverShutdown', E: this.#venue.exchange.nowMs() } });
    const connection: Connection = {
      session: new Session(socket, this.#rules, farewell),
      returnRateLimits: query.get('returnRateLimits') !== 'false',
      subscription: undefined,
      nextSubscription: 0,
    };
    try {
      this.#venue.limits.charge(CONNECT_WEIGHT);
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
      socket.close(1008, 'Too many requests');
      return;
    }
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
    socket.on('message', (data: RawData) => this.#receive(connection, rawText(data)));
  }

  tick(): void {
    for (const { session } of this.#connections) session.tick();
  }

  sayFarewell(): void {
    for (const { session } of this.#connections) session.sayFarewell();
  }

  #publish(event: () => unknown): void {
    let text: string | undefined;
    for (const { session, subscription } of this.#connections) {
      if (subscription === undefined) continue;
      text ??= JSON.stringify(event());
      session.send(`{"subscriptionId":${subscription},"event":${text}}`);
    }
  }

  #receive(connection: Connection, text: string): void {
    const { session } = connection;
    const request = readRequest(text, connection.returnRateLimits);
    if (request instanceof VenueRefusal) {
      session.send(JSON.stringify({ id: null, status: 400, error: request.body() }));
      return;
    }
    const operation = WS_API_OPERATIONS.get(request.method);
    let outcome: { status: number; result: unknown } | { status: number; error: unknown };
    try {
      const result =
        operation === undefined
          ? this.#session(connection, request)
          : this.#venue.run(operation, request.values, () => this.#identify(request.values));
      outcome = { status: 200, result };
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
      outcome = { status: error.status, error: error.body() };
    }
    const limits = request.returnRateLimits
      ? { rateLimits: this.#venue.limits.rateLimits(operation?.placesOrders === true) }
      : {};
    session.send(JSON.stringify({ id: request.id, ...outcome, ...limits }));
  }

  #identify(values: ReadonlyMap<string, string>): SandboxKey {
    const key = keyOf(this.#venue.exchange.account.keys, values.get('apiKey'));
    verifyTime(values.get('timestamp'), values.get('recvWindow'), this.#venue.nowMicros());
    verifyWsApi(key.secret, values);
    return key;
  }

  #session(connection: Connection, request: Request): unknown {
    this.#venue.limits.charge(SUBSCRIBE_WEIGHT);
    switch (request.method) {
      case 'userDataStream.subscribe.signature': {
        this.#identify(request.values);
        if (connection.subscription !== undefined) {
          throw new VenueRefusal(-1130, 'The account is already subscribed on this connection.');
        }
        connection.subscription = connection.nextSubscription;
        connection.nextSubscription += 1;
        return { subscriptionId: connection.subscription };
      }
      case 'userDataStream.unsubscribe':
        connection.subscription = undefined;
        return {};
      case 'session.status':
        return {
          apiKey: null,
          authorizedSince: null,
          connectedSince: connection.session.connectedMs,
          returnRateLimits: connection.returnRateLimits,
          serverTime: this.#venue.exchange.nowMs(),
          userDataStream: connection.subscription !== undefined,
        };
      case 'session.logon':
      case 'userDataStream.subscribe':
        throw new VenueRefusal(
          -4056,
          'HMAC_SHA256 API key is not supported; use userDataStream.subscribe.signature.',
        );
      default:
        throw new VenueRefusal(-1000, `Unknown method '${request.method}'.`);
    }
  }
}

/** Text of a WebSocket message. */
export function rawText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

function readRequest(text: string, returnRateLimits: boolean): Request | VenueRefusal {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return new VenueRefusal(-1135, 'JSON Request is not valid.');
  }
  if (typeof body !== 'object' || body === null || !('method' in body)) {
    return new VenueRefusal(-1135, 'JSON Request must have a method.');
  }
  const { id, method, params } = body as { id?: unknown; method: unknown; params?: unknown };
  const idFits = typeof id === 'string' || Number.isSafeInteger(id);
  if (typeof method !== 'string' || !idFits) {
    return new VenueRefusal(-1135, 'JSON Request must have an id and a method.');
  }
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(params ?? {})) {
    values.set(name, Array.isArray(value) ? JSON.stringify(value) : String(value));
  }
  const asked = (params as { returnRateLimits?: unknown } | undefined)?.returnRateLimits;
  return {
    id: id as string | number,
    method,
    values,
    returnRateLimits: typeof asked === 'boolean' ? asked : returnRateLimits,
  };
}
