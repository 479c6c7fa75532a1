import { err, ok, type Result } from '../../../engine/base/result.ts';
import { parseDecimal } from '../../../engine/domain/decimal.ts';
import { plainNumber } from '../../format/number-form.ts';
import { isMove, MOVE_SCALE } from '../../state/what-if.ts';

/** Why a text is no move, with what is accepted. */
export interface MoveError {
  readonly code: 'MOVE_INVALID';
  readonly message: string;
}

/** Reads a percentage in the form in which numbers are shown, with or without a plus. */
export function parseMove(text: string): Result<number, MoveError> {
  const typed = text
    .trim()
    .replace(/^\+(?=\d)/, '')
    .replace('\u2212', '-');
  const parsed = parseDecimal(plainNumber(typed) ?? '', MOVE_SCALE);
  if (parsed.ok && isMove(parsed.value)) return ok(parsed.value);
  const was = text.trim() === '' ? 'empty' : text.trim().slice(0, 30);
  return err({
    code: 'MOVE_INVALID',
    message: `The move must be a percentage over -100, at most 1000, of at most 4 decimals, was ${was}`,
  });
}
