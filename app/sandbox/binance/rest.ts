import type { IncomingMessage, ServerResponse } from 'node:http';
import { missing, VenueRefusal } from './refusal.ts';
import { REST_OPERATIONS } from './operations.ts';
import { keyOf, verifyRest, verifyTime } from './signature.ts';
import type { Venue } from './venue.ts';

const LARGEST_BODY = 65_536;

/** Answers one REST request. */
export async function answerRest(
  venue: Venue,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const operation = REST_OPERATIONS.get(`${request.method ?? 'GET'} ${path}`);
  try {
    if (body === undefined) {
      response.setHeader('Connection', 'close');
      throw new VenueRefusal(-1101, 'Too much data sent.', 413);
    }
    if (operation === undefined) {
      throw new VenueRefusal(-1000, `No such endpoint: ${request.method} ${path}.`, 404);
    }
    const values = readForm(query, body);
    const answer = venue.run(operation, values, () => {
      const apiKey = request.headers['x-mbx-apikey'];
      const key = keyOf(
        venue.exchange.account.keys,
        typeof apiKey === 'string' ? apiKey : undefined,
      );
      verifyTime(values.get('timestamp'), values.get('recvWindow'), venue.exchange.nowMicros());
      verifyRest(key.secret, joinPayload(query, body));
      return key;
    });
    send(venue, response, 200, answer, operation.placesOrders === true);
  } catch (error) {
    if (!(error instanceof VenueRefusal)) throw error;
    refuse(venue, response, error, operation?.placesOrders === true);
  }
}

/** The body as text; absent when it is too large or the client went away. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= LARGEST_BODY) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve(undefined));
  });
}

// The venue joins query and body without a separator; a signature that ends one of them must still be found.
function joinPayload(query: string, body: string): string {
  const inBody = body.split('&').some((part) => part.startsWith('signature='));
  const inQuery = query.split('&').some((part) => part.startsWith('signature='));
  if (inQuery && body !== '') {
    const parts = query.split('&');
    const signature = parts.find((part) => part.startsWith('signature=')) ?? '';
    const rest = parts.filter((part) => part !== signature).join('&');
    return `${rest}${body}&${signature}`;
  }
  if (!inBody && !inQuery) throw missing('signature');
  return query + body;
}

function readForm(query: string, body: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of [...query.split('&'), ...body.split('&')]) {
    if (part === '') continue;
    const separator = part.indexOf('=');
    const name = separator < 0 ? part : part.slice(0, separator);
    if (values.has(name)) {
      throw new VenueRefusal(-1101, `Duplicate values for parameter '${name}'.`);
    }
    values.set(name, decode(name, separator < 0 ? '' : part.slice(separator + 1)));
  }
  return values;
}

function decode(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new VenueRefusal(-1100, `Illegal characters found in parameter '${name}'.`);
  }
}

function refuse(
  venue: Venue,
  response: ServerResponse,
  refusal: VenueRefusal,
  orders: boolean,
): void {
  const limited = refusal.status === 429 || refusal.status === 418;
  if (!limited) {
    send(venue, response, refusal.status, refusal.body(), orders);
    return;
  }
  const { retryAfter } = refusal.data as { retryAfter: number };
  const seconds = Math.max(1, Math.ceil((retryAfter - venue.exchange.nowMs()) / 1000));
  response.setHeader('Retry-After', String(seconds));
  send(venue, response, refusal.status, { code: refusal.code, msg: refusal.message }, orders);
}

function send(
  venue: Venue,
  response: ServerResponse,
  status: number,
  answer: unknown,
  orders: boolean,
): void {
  for (const [name, value] of Object.entries(venue.limits.headers(orders))) {
    response.setHeader(name, value);
  }
  response.setHeader('Content-Type', 'application/json;charset=UTF-8');
  response.writeHead(status);
  response.end(JSON.stringify(answer));
}
