import type { WireLineKind } from '../ports/feed-verification.ts';

/** A line taken apart. */
export interface ParsedLine {
  readonly kind: WireLineKind;
  readonly receivedNanos: bigint;
  readonly raw: Uint8Array;
  readonly url?: string;
}

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const GREATER = 0x3e;
const OBJECT = 0x7b;
const BRACES = new Set([OBJECT, 0x5b]);
const LONGEST_PREFIX = 65_536;
const NANOS = /^\d{18,19}$/;
const SECONDS = /^(\d{9,11})(?:\.(\d{1,9})\d*)?$/;
const TRANSFER = /^(\S+) (<-|->) (\d+(?:\.\d+)?): ?$/;
const CONNECTED = /^(\S+) <-> (\d+(?:\.\d+)?)\s*$/;

/**
 * Takes a recorded line apart; undefined when it has none of the known shapes: `NANOS MESSAGE` (`>` before what we sent),
 * `SECONDS: MESSAGE`, `SECONDS<tab>MESSAGE`, `URL <- SECONDS: SENT`, `URL -> SECONDS: ANSWER`, `URL <-> SECONDS`,
 * `configuration: JSON`; or a message alone, received at a time that is not told (0).
 */
export function parseWireLine(line: Uint8Array): ParsedLine | undefined {
  if (line[0] === OBJECT) return { kind: 'Received', receivedNanos: 0n, raw: line };
  return readStamped(line) ?? readTransfer(line);
}

/** Lines that begin with a time. */
function readStamped(line: Uint8Array): ParsedLine | undefined {
  const end = line.findIndex((byte) => byte === SPACE || byte === TAB || byte === COLON);
  if (end <= 0 || end > 32) return undefined;
  const nanos = nanosOf(text(line, 0, end));
  if (nanos === undefined) return undefined;
  const from = line[end] === COLON && line[end + 1] === SPACE ? end + 2 : end + 1;
  const sent = line[from] === GREATER;
  return {
    kind: sent ? 'Sent' : 'Received',
    receivedNanos: nanos,
    raw: line.subarray(sent ? from + 1 : from),
  };
}

/** Lines that begin with an address, or speak of the recording. */
function readTransfer(line: Uint8Array): ParsedLine | undefined {
  const head = line.subarray(0, LONGEST_PREFIX);
  const brace = head.findIndex((byte) => BRACES.has(byte));
  const prefix = text(line, 0, brace < 0 ? head.length : brace);
  const connected = CONNECTED.exec(prefix);
  if (connected !== null) {
    const [, url = '', seconds = ''] = connected;
    const receivedNanos = nanosOf(seconds);
    if (receivedNanos === undefined) return undefined;
    return { kind: 'Connected', receivedNanos, raw: line.subarray(line.length), url };
  }
  if (brace < 0) return undefined;
  const raw = line.subarray(brace);
  if (prefix.startsWith('configuration:')) return { kind: 'Note', receivedNanos: 0n, raw };
  const [, url, arrow, seconds] = TRANSFER.exec(prefix) ?? [];
  const receivedNanos = seconds === undefined ? undefined : nanosOf(seconds);
  if (url === undefined || receivedNanos === undefined) return undefined;
  return { kind: arrow === '<-' ? 'Sent' : 'Answer', receivedNanos, raw, url };
}

/** Nanoseconds, or seconds with a fraction, since the epoch. */
function nanosOf(time: string): bigint | undefined {
  if (NANOS.test(time)) return BigInt(time);
  const match = SECONDS.exec(time);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return BigInt(whole + fraction.padEnd(9, '0'));
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
