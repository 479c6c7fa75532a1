import { err, ok, type Result } from '../base/result.ts';

/** Bytes that are no JSON. */
export interface JsonError {
  readonly code: 'FRAME_MALFORMED';
  readonly kind: 'Refused';
  readonly message: string;
}

/** JSON text as a value, or FRAME_MALFORMED with its size. */
export function parseJson(bytes: Uint8Array): Result<unknown, JsonError> {
  try {
    return ok(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()));
  } catch {
    const message = `${bytes.byteLength} bytes are not JSON`;
    return err({ code: 'FRAME_MALFORMED', kind: 'Refused', message });
  }
}
