import { err, ok, type Result } from '../../base/result.ts';
import type { Effect, Input } from '../../domain/input.ts';

/** Version of the text form of inputs and intents; a journal record carries it. */
export const ORDER_STREAM_SCHEMA = 1;

/** A record whose text is not what its kind says. */
export interface RecordError {
  readonly code: 'RECORD_MALFORMED';
  readonly message: string;
}

const BIGINT = /^-?\d+n$/;
/** Text without any of this holds nothing that `reviver` would change. */
const REVIVED = /\dn"|\\/;

/** Big whole numbers are text ending in n; other text that looks so (or is already escaped) gets a leading backslash. */
function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string' && (BIGINT.test(value) || value.startsWith('\\'))) {
    return `\\${value}`;
  }
  return value;
}

function reviver(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (BIGINT.test(value)) return BigInt(value.slice(0, -1));
  return value.startsWith('\\') ? value.slice(1) : value;
}

/** Where a record stands. */
export interface RecordPlace {
  readonly sequence: number;
  readonly atNanos: bigint;
}

/** One input of the order stream, with how many market records were applied before it. */
export interface RecordedInput {
  readonly marketCount: number;
  readonly input: Input;
}

/** The kernel's state at one place of the session. */
export interface StateHashRecord {
  /** Market records applied before it. */
  readonly marketCount: number;
  /** SHA-256 of the kernel's canonical encoding, hexadecimal. */
  readonly hash: string;
  /** The `STATE_FORMAT` of that encoding; absent for 1. */
  readonly format?: number;
  /** The last block of the market stream that was durable: its last record and the chain up to it. */
  readonly market?: { readonly sequence: number; readonly chain: string };
  /** The last record of the market stream that was durable; absent in journals of releases that did not say. */
  readonly marketDurable?: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Plain data as JSON text, big whole numbers included. */
export function encodeText(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value, replacer));
}

/** The record of an input. */
export function encodeInput(record: RecordedInput): Uint8Array {
  return encodeText(record);
}

/** The record of what is about to leave for a venue. */
export function encodeIntent(effect: Effect): Uint8Array {
  return encodeText(effect);
}

/** Reads what `encodeText` wrote. */
export function decodeText(bytes: Uint8Array): Result<unknown, RecordError> {
  try {
    const text = decoder.decode(bytes);
    return ok(REVIVED.test(text) ? JSON.parse(text, reviver) : JSON.parse(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err({ code: 'RECORD_MALFORMED', message: `expected JSON text, ${why}` });
  }
}

function hasType(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Reads the record of an input back. */
export function decodeInput(bytes: Uint8Array): Result<RecordedInput, RecordError> {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  const record = decoded.value as RecordedInput;
  if (!Number.isSafeInteger(record?.marketCount) || !hasType(record.input)) {
    return err({ code: 'RECORD_MALFORMED', message: 'expected {marketCount, input}' });
  }
  return ok(record);
}

/** Reads the record of an intent back. */
export function decodeIntent(bytes: Uint8Array): Result<Effect, RecordError> {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  if (!hasType(decoded.value)) {
    return err({ code: 'RECORD_MALFORMED', message: 'expected an effect' });
  }
  return ok(decoded.value as Effect);
}

/** The record of a state hash. */
export function encodeStateHash(record: StateHashRecord): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

/** Reads the record of a state hash back. */
export function decodeStateHash(bytes: Uint8Array): Result<StateHashRecord, RecordError> {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  const record = decoded.value as StateHashRecord;
  if (!Number.isSafeInteger(record?.marketCount) || typeof record.hash !== 'string') {
    return err({ code: 'RECORD_MALFORMED', message: 'expected {marketCount, hash}' });
  }
  return ok(record);
}
