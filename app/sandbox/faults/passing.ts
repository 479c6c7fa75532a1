import type { Passing } from './faults.ts';

export type Json = Record<string, unknown>;

/** A JSON object; empty for any other text. */
export function objectOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field's text; absent when it is no text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A request of the WebSocket API. */
export interface ApiRequest {
  readonly id: string;
  readonly method: string;
  readonly parameters: Json;
}

export function readApiRequest(text: string): ApiRequest {
  const { id, method, params } = objectOf(text);
  return {
    id: String(id),
    method: textOf(method) ?? '',
    parameters: isObject(params) ? params : {},
  };
}

/** What a market stream message is. */
export function streamPassing(message: Json): Passing {
  const data = isObject(message['data']) ? message['data'] : message;
  const [symbol, kind] = (textOf(message['stream']) ?? '').split('@');
  return {
    on: 'streams',
    message: textOf(data['e']) ?? (kind === '' || kind === undefined ? 'answer' : kind),
    symbol: textOf(data['s']) ?? symbol?.toUpperCase(),
  };
}

/** What a message of the WebSocket API is; `request` is the one it answers. */
export function apiPassing(message: Json, request: ApiRequest | undefined): Passing {
  const event = message['event'];
  if (isObject(event)) {
    return {
      on: 'api',
      message: textOf(event['e']),
      symbol: textOf(event['s']),
      execution: textOf(event['x']),
    };
  }
  return {
    on: 'api',
    message: 'answer',
    request: request?.method,
    symbol: textOf(request?.parameters['symbol']),
  };
}

/** True of an error that refuses a request's time stamp. */
export function isTimeRefusal(error: unknown): boolean {
  return isObject(error) && error['code'] === -1021;
}
