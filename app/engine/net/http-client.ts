import { err, ok, type Result } from '../base/result.ts';
import { asRouteError, RouteError, type RouteErrorCode } from './route-error.ts';
import type { Scheduler } from './scheduler.ts';

/** One HTTP request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** An answer with any status. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** No whole answer came; whether the server acted on the request is not known unless it was aborted before it left. */
export interface HttpError {
  readonly code:
    'HTTP_TIMEOUT' | 'HTTP_NETWORK' | 'HTTP_ABORTED' | 'HTTP_TOO_LARGE' | RouteErrorCode;
  readonly message: string;
}

/** The part of a `fetch` answer that is used. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; signal: AbortSignal },
) => Promise<FetchAnswer>;

/** How requests are carried out. */
export interface HttpClientOptions {
  readonly scheduler: Scheduler;
  readonly fetch?: Fetch;
  readonly maxBodyBytes: number;
}

/** HTTP over the runtime's keep-alive pool, with a timeout for every request. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #fetch: Fetch;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    // As over a route: what goes with a request, a key for one, goes to no other address.
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, { ...init, redirect: 'manual' }));
  }

  /** Sends one request as it is, once. */
  async once(request: HttpRequest): Promise<Result<HttpResponse, HttpError>> {
    const { scheduler, maxBodyBytes } = this.#options;
    const controller = new AbortController();
    let aborted = false;
    const abort = (): void => {
      aborted = true;
      controller.abort();
    };
    if (request.signal?.aborted === true) {
      return err({ code: 'HTTP_ABORTED', message: 'aborted before it was sent' });
    }
    let timedOut = false;
    using _timer = scheduler.setTimer(request.timeoutMs, () => {
      timedOut = true;
      controller.abort();
    });
    request.signal?.addEventListener('abort', abort);
    try {
      const response = await this.#fetch(request.url, {
        method: request.method,
        headers: { ...request.headers },
        signal: controller.signal,
      });
      const body = await readBody(response, maxBodyBytes);
      if (body === undefined) {
        controller.abort();
        return err({ code: 'HTTP_TOO_LARGE', message: `answer is over ${maxBodyBytes} bytes` });
      }
      return ok({ status: response.status, headers: response.headers, body });
    } catch (error) {
      if (timedOut) {
        return err({ code: 'HTTP_TIMEOUT', message: `no answer within ${request.timeoutMs} ms` });
      }
      if (aborted) return err({ code: 'HTTP_ABORTED', message: 'aborted' });
      const { cause } = error instanceof Error ? error : {};
      const told = asRouteError(cause ?? error, new URL(request.url).host);
      if (told instanceof RouteError) return err({ code: told.code, message: told.message });
      return err({ code: 'HTTP_NETWORK', message: describe(error) });
    } finally {
      request.signal?.removeEventListener('abort', abort);
    }
  }
}

async function readBody(response: FetchAnswer, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
