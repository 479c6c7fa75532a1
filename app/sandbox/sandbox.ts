import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { err, ok, type Result } from '../engine/base/result.ts';
import { DEFAULT_MARKET, type SyntheticMarket } from '../engine/synthetic/instruments.ts';
import type { RegimeLabel } from '../engine/synthetic/regimes.ts';
import type { LimitsMode } from './binance/limits.ts';
import { MarketStreams } from './binance/market-streams.ts';
import { answerRest, restAnswer, type RestAnswer, type RestRequest } from './binance/rest.ts';
import type { SessionRules } from './binance/session.ts';
import { SPOT_DIALECT } from './binance/stream-dialect.ts';
import { Usdm } from './binance/usdm.ts';
import { Venue } from './binance/venue.ts';
import { WsApi } from './binance/ws-api.ts';
import type { SandboxClock } from './clock.ts';
import type { SandboxKey } from './exchange/account.ts';
import { Exchange } from './exchange/exchange.ts';
import { shownBy, type Following } from './exchange/following-market.ts';
import { queuePositions, type QueueRow } from './exchange/queue-positions.ts';
import type { Transfers } from './exchange/transfers.ts';
import { FaultDesk } from './faults/fault-desk.ts';
import { SpokenVenues } from './streaming/venues.ts';
import type { Differences } from './venue-differences.ts';

const STEP_MS = 25;
const DAY_MS = 86_400_000;
const DEFAULT_BALANCES = { USDT: 100_000, BTC: 5, ETH: 50, SOL: 500, BNB: 100, XRP: 50_000 };

/** How the sandbox is run. */
export interface SandboxOptions {
  readonly clock: SandboxClock;
  readonly seed: number;
  /** 0 takes any free port. */
  readonly port: number;
  /** The instruments; five coins against USDT when absent. */
  readonly market?: SyntheticMarket;
  /** `open` lifts the venue's rate limits. */
  readonly limits: LimitsMode;
  /** Exchange time at the start in ms; the clock's when absent. */
  readonly startTimeMs?: number;
  /** Exchange seconds to a second of the clock; 1 when absent. */
  readonly speed?: number;
  /** Whole units the account begins with. */
  readonly balances?: Readonly<Record<string, number>>;
  /** Connections are closed at this age; 24 hours when absent. */
  readonly connectionLifetimeMs?: number;
  /** How venues follow the exchange; those that are not named show it as it is. */
  readonly differences?: Differences;
}

/** Why the sandbox does not start. */
export interface SandboxStartError {
  readonly code: 'PORT_IN_USE' | 'LISTEN_FAILED';
  readonly port: number;
  readonly reason: string;
}

/** A running exchange. */
export interface Sandbox extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:PORT`: REST below /api/v3; other venues' questions below /kraken, /okx, /coinbase, /deribit, /bybit, /alpaca, /binance-usdm. */
  readonly url: string;
  /** `ws://127.0.0.1:PORT`: streams below /ws and /stream, the WebSocket API at /ws-api/v3, other venues' streams below their paths. */
  readonly webSocketUrl: string;
  /** What it lists. */
  readonly symbols: readonly string[];
  /** Key pairs that trade, only read, and may also withdraw. */
  readonly keys: readonly SandboxKey[];
  /** What goes wrong on it, and how often it has. */
  readonly faults: FaultDesk;
  /** Deposits and withdrawals of its account. */
  readonly transfers: Transfers;
  /** Where the account's orders stand in their queues. */
  queues(): readonly QueueRow[];
  /** The market's hidden regimes: for tests and research, never served. */
  labels(): readonly RegimeLabel[];
  /** Says farewell to the clients, closes connections and the port. */
  close(): Promise<void>;
}

/** Starts a Binance spot exchange with an invented market on the loopback interface. */
export async function createSandbox(
  options: SandboxOptions,
): Promise<Result<Sandbox, SandboxStartError>> {
  const exchange = new Exchange({
    market: options.market ?? DEFAULT_MARKET,
    seed: options.seed,
    clock: options.clock,
    balances: options.balances ?? DEFAULT_BALANCES,
    ...(options.startTimeMs === undefined ? {} : { startTimeMs: options.startTimeMs }),
    ...(options.speed === undefined ? {} : { speed: options.speed }),
  });
  const rules: SessionRules = {
    lifetimeMs: options.connectionLifetimeMs ?? DAY_MS,
    clockMs: () => options.clock.nowMicros() / 1000,
  };
  const venue = new Venue(exchange, options.limits);
  const { differences = new Map<string, Following>() } = options;
  const shown = shownBy(exchange, differences.get('BINANCE'));
  const streams = new MarketStreams(shown, rules, options.limits === 'venue', SPOT_DIALECT);
  const contracts = shownBy(exchange, differences.get('BINANCE-USDM'));
  const usdm = new Usdm(contracts, rules, options.limits);
  const wsApi = new WsApi(venue, rules);
  const others = new SpokenVenues(exchange, rules, differences);
  const desk = new FaultDesk(venue, rules.clockMs);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 });

  const server = createServer((request, response) => {
    if (desk.down) {
      request.socket.destroy();
      return;
    }
    void answerRest(request, response, (asked) =>
      desk.rest.answer(asked, () => foreignAnswer(others, usdm, asked) ?? restAnswer(venue, asked)),
    );
  });
  server.on('upgrade', (request, socket, head) => {
    if (desk.down) socket.destroy();
    else upgrade({ sockets, streams, wsApi, usdm, others, desk }, request, socket, head);
  });
  const listening = await listen(server, options.port);
  if (!listening.ok) return listening;

  const timer = options.clock.every(STEP_MS, () => {
    exchange.advance();
    shown.advance();
    streams.tick();
    wsApi.tick();
    usdm.tick();
    others.tick();
    desk.tick();
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stop(timer, server, sockets, () => {
      streams.sayFarewell();
      wsApi.sayFarewell();
      usdm.sayFarewell();
      others.sayFarewell();
    });
    return closing;
  };
  const port = listening.value;
  return ok({
    port,
    url: `http://127.0.0.1:${port}`,
    webSocketUrl: `ws://127.0.0.1:${port}`,
    symbols: exchange.markets.map(({ listing }) => listing.symbol),
    keys: exchange.account.keys,
    faults: desk,
    transfers: exchange.transfers,
    queues: () => queuePositions(exchange),
    labels: () => exchange.labels,
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** The answer to a question of another venue; undefined when it is none. */
function foreignAnswer(
  others: SpokenVenues,
  usdm: Usdm,
  { method, url, headers }: RestRequest,
): RestAnswer | undefined {
  const said = others.answer(method, url, headers) ?? usdm.answer(method, url);
  return said && { ...said, headers: { 'Content-Type': 'application/json' } };
}

function listen(server: Server, port: number): Promise<Result<number, SandboxStartError>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED';
      resolve(err({ code, port, reason: error.message }));
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(ok((server.address() as AddressInfo).port));
    });
  });
}

/** Who takes connections. */
interface Doors {
  readonly sockets: WebSocketServer;
  readonly streams: MarketStreams;
  readonly wsApi: WsApi;
  readonly usdm: Usdm;
  readonly others: SpokenVenues;
  readonly desk: FaultDesk;
}

function upgrade(
  { sockets, streams, wsApi, usdm, others, desk }: Doors,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // What follows a connection's error is its close.
  socket.on('error', () => undefined);
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const query = new URLSearchParams(search);
  const raw = /^\/ws(?:\/(.*))?$/.exec(path);
  const contracts = usdm.streamsAt(path);
  const combined = path === '/stream' || contracts !== undefined;
  const spoken = others.streamsAt(path);
  if (path !== '/ws-api/v3' && raw === null && !combined && spoken === undefined) {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => {
    if (spoken !== undefined) {
      spoken.connect(desk.join(client, 'streams'));
      return;
    }
    if (path === '/ws-api/v3') {
      wsApi.connect(desk.join(client, 'api'), query);
      return;
    }
    const named = combined ? (query.get('streams') ?? '') : (raw?.[1] ?? '').replaceAll('%40', '@');
    const names = named.split('/').filter((name) => name !== '');
    (contracts ?? streams).connect(desk.join(client, 'streams'), names, combined);
  });
}

async function stop(
  timer: Disposable,
  server: Server,
  sockets: WebSocketServer,
  sayFarewell: () => void,
): Promise<void> {
  timer[Symbol.dispose]();
  sayFarewell();
  for (const client of sockets.clients) client.close(1001);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // A client that does not answer the farewell must not hold the port.
    const patience = setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
    }, 1000);
    server.once('close', () => clearTimeout(patience));
  });
}
