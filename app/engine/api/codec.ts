import { z } from 'zod';
import { err, ok, type Result } from '../base/result.ts';

/** Text that is no message of a schema. */
export interface MessageError {
  readonly code: 'MESSAGE_MALFORMED';
  readonly message: string;
}

/** Writes a message of `schema` as JSON text. */
export function encodeMessage<S extends z.ZodType>(schema: S, message: z.output<S>): string {
  return JSON.stringify(z.encode(schema, message));
}

/** Reads JSON text as a message of `schema`; the error names the field, what was expected and what was found. */
export function decodeMessage<S extends z.ZodType>(
  schema: S,
  text: unknown,
): Result<z.output<S>, MessageError> {
  if (typeof text !== 'string') {
    return err({ code: 'MESSAGE_MALFORMED', message: `expected text, was ${typeof text}` });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err({ code: 'MESSAGE_MALFORMED', message: 'expected JSON text' });
  }
  const parsed = parse(schema, json);
  if (parsed === undefined) {
    return err({ code: 'MESSAGE_MALFORMED', message: 'expected less nesting' });
  }
  if (parsed.success) return ok(parsed.data);
  return err({ code: 'MESSAGE_MALFORMED', message: z.prettifyError(parsed.error).slice(0, 500) });
}

/** Undefined when the value is nested deeper than the stack: only a schema that takes any JSON goes there. */
function parse<S extends z.ZodType>(
  schema: S,
  json: unknown,
): ReturnType<typeof z.safeParse<S>> | undefined {
  try {
    return z.safeParse(schema, json);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
