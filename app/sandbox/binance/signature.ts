import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SandboxKey } from '../exchange/account.ts';
import { missing, VenueRefusal } from './refusal.ts';

const DEFAULT_WINDOW_MS = 5000;
const LARGEST_WINDOW_MS = 60_000;
const AHEAD_MS = 1000;
const WINDOW = /^\d{1,5}(\.\d{1,3})?$/;
// Unreserved characters, separators and escapes: what a percent-encoded payload consists of.
const ENCODED = /^(?:[A-Za-z0-9\-_.~=&*'()!,:;@/?+$]|%[0-9A-Fa-f]{2})*$/;

/** Hexadecimal HMAC-SHA256 of a payload. */
export function sign(secret: string, payload: string): string {
  return createHmac('sha256', secret).update(payload, 'utf8').digest('hex');
}

function invalid(): VenueRefusal {
  return new VenueRefusal(-1022, 'Signature for this request is not valid.');
}

function verify(secret: string, payload: string, signature: string): void {
  const expected = Buffer.from(sign(secret, payload), 'hex');
  const given = Buffer.from(signature, 'hex');
  if (signature.length !== expected.length * 2 || given.length !== expected.length) throw invalid();
  if (!timingSafeEqual(expected, given)) throw invalid();
}

/** Checks a REST request: `payload` is query and body as sent, joined without a separator. */
export function verifyRest(secret: string, payload: string): void {
  const parts = payload.split('&');
  const position = parts.findIndex((part) => part.startsWith('signature='));
  if (position < 0) throw missing('signature');
  const [signature = ''] = parts.splice(position, 1);
  const signed = parts.join('&');
  if (!ENCODED.test(signed)) throw invalid();
  verify(secret, signed, decodeURIComponent(signature.slice('signature='.length)));
}

/** Checks a WebSocket API request: its parameters but the signature, sorted by name, not percent-encoded. */
export function verifyWsApi(secret: string, values: ReadonlyMap<string, string>): void {
  const signature = values.get('signature');
  if (signature === undefined || signature === '') throw missing('signature');
  const payload = [...values.keys()]
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${values.get(name) ?? ''}`)
    .join('&');
  verify(secret, payload, signature);
}

/** Finds the key a request names. */
export function keyOf(keys: readonly SandboxKey[], apiKey: string | undefined): SandboxKey {
  if (apiKey === undefined || !/^[A-Za-z0-9]{64}$/.test(apiKey)) {
    throw new VenueRefusal(-2014, 'API-key format invalid.', 401);
  }
  const key = keys.find((entry) => entry.apiKey === apiKey);
  if (key === undefined) throw forbidden();
  return key;
}

/** The key may not do this. */
export function forbidden(): VenueRefusal {
  return new VenueRefusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
}

/** Checks `timestamp` (ms, or microseconds when it has 16 digits) and `recvWindow` against the exchange's time. */
export function verifyTime(
  timestamp: string | undefined,
  window: string | undefined,
  nowMicros: number,
): void {
  if (timestamp === undefined || !/^\d{13}(\d{3})?$/.test(timestamp)) throw missing('timestamp');
  if (window !== undefined && !WINDOW.test(window)) throw missing('recvWindow');
  const windowMs = window === undefined ? DEFAULT_WINDOW_MS : Number(window);
  if (windowMs > LARGEST_WINDOW_MS) {
    throw new VenueRefusal(-1131, 'recvWindow must be less than 60000.');
  }
  const sentMicros = Number(timestamp) * (timestamp.length === 16 ? 1 : 1000);
  if (sentMicros >= nowMicros + AHEAD_MS * 1000) {
    throw new VenueRefusal(
      -1021,
      "Timestamp for this request was 1000ms ahead of the server's time.",
    );
  }
  if (nowMicros - sentMicros > windowMs * 1000) {
    throw new VenueRefusal(-1021, 'Timestamp for this request is outside of the recvWindow.');
  }
}
