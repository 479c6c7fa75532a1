import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { QueueRow } from '../exchange/queue-positions.ts';
import type { Transfers } from '../exchange/transfers.ts';
import type { FaultDesk } from './fault-desk.ts';
import { transfer } from './transfer-request.ts';

const LARGEST_BODY = 1_000_000;

/** Where faults are set, and money moved, while the sandbox runs. */
export interface ControlPort extends AsyncDisposable {
  readonly url: string;
  /** Sent as `Authorization: Bearer TOKEN`. */
  readonly token: string;
}

/** What is controlled. */
export interface Controlled {
  readonly faults: FaultDesk;
  readonly transfers: Transfers;
  queues(): readonly QueueRow[];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Opens the control port on loopback: `GET`, `POST` and `DELETE /faults`, `POST /transfers`, `GET /queues`. */
export async function openControlPort(controlled: Controlled): Promise<ControlPort> {
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    void answer(controlled, token, request).then(({ status, body }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    [Symbol.asyncDispose]: () => closed(server),
  };
}

async function answer(
  { faults, transfers, queues }: Controlled,
  token: string,
  request: IncomingMessage,
): Promise<Answer> {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return { status: 401, body: { problems: ['the token of this sandbox is expected'] } };
  }
  switch (request.url) {
    case '/faults':
      return answerFaults(faults, request);
    case '/transfers':
      return answerTransfers(transfers, request);
    case '/queues':
      return request.method === 'GET'
        ? { status: 200, body: queues() }
        : { status: 405, body: { problems: ['expected GET'] } };
    default: {
      const problem = `no ${request.url ?? ''}, expected /faults, /transfers or /queues`;
      return { status: 404, body: { problems: [problem] } };
    }
  }
}

async function answerFaults(faults: FaultDesk, request: IncomingMessage): Promise<Answer> {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: faults.report() };
    case 'DELETE':
      faults.clear();
      return { status: 200, body: faults.report() };
    case 'POST': {
      const set = faults.set('request', await bodyOf(request));
      return set.ok
        ? { status: 200, body: { ids: set.value.map(({ id }) => id) } }
        : { status: 400, body: { problems: set.error } };
    }
    default:
      return { status: 405, body: { problems: ['expected GET, POST or DELETE'] } };
  }
}

async function answerTransfers(transfers: Transfers, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'POST') return { status: 405, body: { problems: ['expected POST'] } };
  const moved = transfer(transfers, 'request', await bodyOf(request));
  return moved.ok
    ? { status: 200, body: moved.value }
    : { status: 400, body: { problems: moved.error } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) break;
  }
  return text;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
