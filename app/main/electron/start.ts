import { decodeMessage } from '../../engine/api/codec.ts';
import { deskStartSchema, type DeskStart } from '../../engine/api/desk-start.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';

/** Said on the command line when `qd desk` writes what to start with to standard input. */
const FROM_INPUT = '--start-from-input';

/** What to start with; undefined when nobody says: then the built-in exchange, as the settings have it. */
export async function readStart(): Promise<Result<DeskStart | undefined, { message: string }>> {
  if (!process.argv.includes(FROM_INPUT)) return ok(undefined);
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  const decoded = decodeMessage(deskStartSchema, text);
  if (decoded.ok) return decoded;
  return err({
    message: `what the desk is to start with cannot be read: ${decoded.error.message}`,
  });
}
