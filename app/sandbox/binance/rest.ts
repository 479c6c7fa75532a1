import type { IncomingMessage, ServerResponse } from 'node:http';
import { missing, VenueRefusal } from './refusal.ts';
import { REST_OPERATIONS } from './operations.ts';
import { keyOf, verifyRest, verifyTime } from './signature.ts';
import type { Venue } from './venue.ts';

const LARGEST_BODY = 65_536;

/** One REST request as it came in; `body` is absent when it was too large. */
export interface RestRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly body: string | undefined;
  /** As they came, names in small letters. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** The answer to a REST request. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries out one REST request. */
export function restAnswer(venue: Venue, request: RestRequest): RestAnswer {
  const { method, url, apiKey, body } = request;
  const [path = '', query = ''] = url.split('?', 2);
  const operation = REST_OPERATIONS.get(`${method} ${path}`);
  const orders = operation?.placesOrders === true;
  try {
    if (body === undefined) throw new VenueRefusal(-1101, 'Too much data sent.', 413);
    if (operation === undefined) {
      throw new VenueRefusal(-1000, `No such endpoint: ${method} ${path}.`, 404);
    }
    const values = readForm(query, body);
    const answer = venue.run(operation, values, () => {
      const key = keyOf(venue.exchange.account.keys, apiKey);
      verifyTime(values.get('timestamp'), values.get('recvWindow'), venue.nowMicros());
      verifyRest(key.secret, joinPayload(query, body));
      return key;
    });
    return answerOf(venue, 200, answer, orders);
  } catch (error) {
    if (!(error instanceof VenueRefusal)) throw error;
    return refuse(venue, error, orders);
  }
}

/** Answers one REST request with what `answer` makes of it. */
export async function answerRest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: RestRequest) => { answer: RestAnswer | undefined; delayMs: number },
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) response.setHeader('Connection', 'close');
  const { method = 'GET', url = '', headers } = request;
  const apiKey = headers['x-mbx-apikey'];
  const made = answer({
    method,
    url,
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
    body,
    headers,
  });
  const { answer: sent, delayMs } = made;
  if (sent === undefined) return;
  const send = (): void => {
    response.writeHead(sent.status, sent.headers);
    response.end(sent.body);
  };
  if (delayMs === 0) send();
  else setTimeout(send, delayMs).unref();
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

function refuse(venue: Venue, refusal: VenueRefusal, orders: boolean): RestAnswer {
  const limited = refusal.status === 429 || refusal.status === 418;
  if (!limited) return answerOf(venue, refusal.status, refusal.body(), orders);
  const { retryAfter } = refusal.data as { retryAfter: number };
  const seconds = Math.max(1, Math.ceil((retryAfter - venue.exchange.nowMs()) / 1000));
  const body = { code: refusal.code, msg: refusal.message };
  const answer = answerOf(venue, refusal.status, body, orders);
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(seconds) } };
}

function answerOf(venue: Venue, status: number, answer: unknown, orders: boolean): RestAnswer {
  const headers = {
    ...venue.limits.headers(orders),
    'Content-Type': 'application/json;charset=UTF-8',
  };
  return { status, headers, body: JSON.stringify(answer) };
}
