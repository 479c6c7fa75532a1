import { createHmac } from 'node:crypto';
import type { ApiCredentials } from '../../ports/secret-store.ts';

/** Request parameters; absent ones are left out. */
export type Params = Readonly<Record<string, string | number | undefined>>;

/** HMAC-SHA256 of `payload`, hexadecimal. */
export function hmacSha256(secret: string, payload: string): string {
  return createHmac('sha256', secret).update(payload, 'utf8').digest('hex');
}

/** The query string of a REST request, percent-encoded as the venue checks it, in the order given. */
export function queryString(params: Params): string {
  return entries(params)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** A signed REST query: the signature covers exactly the encoded text that is sent. */
export function signedQuery(params: Params, credentials: ApiCredentials): string {
  const query = queryString(params);
  return `${query}&signature=${hmacSha256(credentials.secret, query)}`;
}

/** WebSocket API parameters with key and signature; the payload is sorted by name and not percent-encoded. */
export function signedParams(
  params: Params,
  credentials: ApiCredentials,
): Record<string, string | number> {
  const signed: Record<string, string | number> = { apiKey: credentials.apiKey };
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) signed[name] = value;
  }
  const payload = Object.keys(signed)
    .toSorted()
    .map((name) => `${name}=${String(signed[name])}`)
    .join('&');
  return { ...signed, signature: hmacSha256(credentials.secret, payload) };
}

function entries(params: Params): [string, string][] {
  return Object.entries(params).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
}
