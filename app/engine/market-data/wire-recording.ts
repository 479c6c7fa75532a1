import { basename } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import type { WireLine } from '../ports/feed-verification.ts';
import { openPacked } from './packed-file.ts';
import { parseWireLine } from './wire-line.ts';
import { ZipError } from './zip-entry.ts';

/** Why a recording, or one line of it, cannot be read. `line` is the one at fault, or the last whole one before it. */
export interface WireRecordingError {
  readonly code:
    | 'RECORDING_UNREADABLE'
    | 'RECORDING_TRUNCATED'
    | 'RECORDING_DAMAGED'
    | 'LINE_MALFORMED'
    | 'LINE_TOO_LONG';
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** True when nothing after it can be read. */
  readonly fatal: boolean;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Streams the lines of a recording, plain, `.gz`, `.zst` or the one entry of a `.zip`, in order. What can be read before damage is given first; the
 * error follows it. A malformed line is an error of its own and reading goes on.
 */
export async function* readWireRecording(
  path: string,
): AsyncGenerator<Result<WireLine, WireRecordingError>, void, undefined> {
  const file = basename(path);
  let line = 0;
  const fault = (
    code: WireRecordingError['code'],
    message: string,
    fatal: boolean,
  ): Result<never, WireRecordingError> => err({ code, file, line, message, fatal });
  let rest: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer): Result<WireLine, WireRecordingError> | undefined => {
    line += 1;
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    if (end === 0) return undefined;
    const parsed = parseWireLine(bytes.subarray(0, end));
    if (parsed !== undefined) return ok({ file, line, ...parsed });
    const seen = bytes.subarray(0, 60).toString('latin1');
    return fault(
      'LINE_MALFORMED',
      `the line must begin with a time, an address or a message, was ${seen}`,
      false,
    );
  };
  try {
    for await (const chunk of openPacked(path)) {
      if (!Buffer.isBuffer(chunk)) continue;
      const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (;;) {
        const to = data.indexOf(NEWLINE, from);
        if (to < 0) break;
        const found = take(data.subarray(from, to));
        if (found !== undefined) yield found;
        from = to + 1;
      }
      rest = data.subarray(from);
      if (rest.length > LONGEST_LINE) {
        yield fault('LINE_TOO_LONG', `a line is longer than ${LONGEST_LINE} bytes`, true);
        return;
      }
    }
  } catch (error) {
    yield fault(...reasonOf(error), true);
    return;
  }
  if (rest.length === 0) return;
  const last = take(rest);
  if (last !== undefined) yield last;
}

function reasonOf(error: unknown): [WireRecordingError['code'], string] {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const truncated = code === 'Z_BUF_ERROR' || /unexpected end|incomplete/i.test(message);
  if (truncated) return ['RECORDING_TRUNCATED', `the file ends within its data: ${message}`];
  if (error instanceof ZipError) return ['RECORDING_DAMAGED', message];
  if (code.startsWith('Z_') || code.startsWith('ZSTD')) {
    return ['RECORDING_DAMAGED', `the packed data is damaged: ${message}`];
  }
  return ['RECORDING_UNREADABLE', message];
}
