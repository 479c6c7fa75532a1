const MOST_STREAMS = 1024;

/** What a control message may do to its connection. */
export interface StreamControl {
  readonly streams: ReadonlySet<string>;
  readonly combined: boolean;
  subscribe(stream: string): void;
  unsubscribe(stream: string): void;
  setCombined(combined: boolean): void;
}

type RequestId = string | number | null;

function invalid(message: string, id: RequestId): unknown {
  return { code: 2, msg: `Invalid request: ${message}`, id };
}

/** Carries out a control message of a market stream connection and returns the answer. */
export function answerControl(text: string, control: StreamControl): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return {
      code: 3,
      msg: `Invalid JSON: ${error instanceof Error ? error.message : ''}`,
      id: null,
    };
  }
  if (typeof body !== 'object' || body === null) return invalid('request must be an object', null);
  const { id: givenId, method, params } = body as Record<string, unknown>;
  const id = idOf(givenId);
  if (id === undefined) return invalid('request ID must be an unsigned integer or text', null);
  switch (method) {
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return changeStreams(method, params, id, control);
    case 'LIST_SUBSCRIPTIONS':
      return { result: [...control.streams], id };
    case 'SET_PROPERTY':
      if (!Array.isArray(params) || params[0] !== 'combined' || typeof params[1] !== 'boolean') {
        return invalid('property must be ["combined", true or false]', id);
      }
      control.setCombined(params[1]);
      return { result: null, id };
    case 'GET_PROPERTY':
      return { result: control.combined, id };
    default:
      return invalid(
        'unknown variant, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`',
        id,
      );
  }
}

function changeStreams(
  method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
  params: unknown,
  id: RequestId,
  control: StreamControl,
): unknown {
  if (!Array.isArray(params) || !params.every((entry) => typeof entry === 'string')) {
    return invalid('params must be a list of stream names', id);
  }
  if (method === 'SUBSCRIBE' && control.streams.size + params.length > MOST_STREAMS) {
    return invalid(`at most ${MOST_STREAMS} streams a connection`, id);
  }
  for (const stream of params as string[]) {
    if (method === 'SUBSCRIBE') control.subscribe(stream);
    if (method === 'UNSUBSCRIBE') control.unsubscribe(stream);
  }
  return { result: null, id };
}

function idOf(value: unknown): RequestId | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,36}$/.test(value)) return value;
  return undefined;
}
