import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CorporateAction } from '../../domain/corporate-action.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { instrumentFolder } from './tick-folders.ts';

/** In the folder of an instrument: what its company did. */
const FILE = 'actions.json';

const whole = z
  .string()
  .regex(/^[1-9]\d{0,60}$/)
  .transform(BigInt);
const ratioSchema = z.tuple([whole, whole]).transform(([over, under]) => ({ over, under }));
const exDate = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('Split'), exDate, ratio: ratioSchema }),
  z.strictObject({ kind: z.literal('DividendRatio'), exDate, ratio: ratioSchema }),
  z.strictObject({ kind: z.literal('Dividend'), exDate, amount: ratioSchema }),
]);

/** The actions kept of an instrument; none of one that nobody told any of. The error names the file. */
export function readActions(
  ticks: string,
  instrument: InstrumentId,
): Result<readonly CorporateAction[], string> {
  const path = pathOf(ticks, instrument);
  if (!existsSync(path)) return ok([]);
  try {
    const read = z.array(actionSchema).safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (read.success) return ok(read.data);
  } catch {
    // Answered below: no JSON, or JSON of something else.
  }
  return err(`${path} holds no corporate actions: import them again`);
}

/** Keeps the actions of an instrument in place of those that were kept. Throws the system's error. */
export function keepActions(
  ticks: string,
  instrument: InstrumentId,
  actions: readonly CorporateAction[],
): void {
  const path = pathOf(ticks, instrument);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const rows = actions.map(({ kind, exDate: from, ...rest }) => {
    const { over, under } = 'ratio' in rest ? rest.ratio : rest.amount;
    const pair = [String(over), String(under)];
    return { kind, exDate: from, ...('ratio' in rest ? { ratio: pair } : { amount: pair }) };
  });
  writeFileSync(`${path}.new`, JSON.stringify(rows), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function pathOf(ticks: string, instrument: InstrumentId): string {
  const folder = instrumentFolder(ticks, instrument);
  if (folder === undefined) throw new Error(`no folder can be named after ${instrument}`);
  return join(folder, FILE);
}
