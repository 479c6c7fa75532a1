import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultDesk } from './fault-desk.ts';

const LARGEST_BODY = 1_000_000;

/** Where faults are set while the sandbox runs. */
export interface ControlPort extends AsyncDisposable {
  readonly url: string;
  /** Sent as `Authorization: Bearer TOKEN`. */
  readonly token: string;
}

/** Opens the control port on loopback: `GET`, `POST` and `DELETE /faults`. */
export async function openControlPort(desk: FaultDesk): Promise<ControlPort> {
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    void answer(desk, token, request).then(({ status, body }) => {
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
  desk: FaultDesk,
  token: string,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return { status: 401, body: { problems: ['the token of this sandbox is expected'] } };
  }
  if (request.url !== '/faults') {
    return { status: 404, body: { problems: [`no ${request.url ?? ''}, expected /faults`] } };
  }
  switch (request.method) {
    case 'GET':
      return { status: 200, body: desk.report() };
    case 'DELETE':
      desk.clear();
      return { status: 200, body: desk.report() };
    case 'POST': {
      const set = desk.set('request', await bodyOf(request));
      return set.ok
        ? { status: 200, body: { ids: set.value.map(({ id }) => id) } }
        : { status: 400, body: { problems: set.error } };
    }
    default:
      return { status: 405, body: { problems: ['expected GET, POST or DELETE'] } };
  }
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
