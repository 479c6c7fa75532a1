import { createInterface } from 'node:readline/promises';
import {
  askTicks,
  type SqlAnswer,
  type TickSelection,
} from '../../engine/store/archive/tick-sql.ts';
import { dayName, dayOf } from '../../engine/store/ticks/tick-folders.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import { CommandFailure, printJson, printTable, WRONG_INPUT } from '../output.ts';
import { ticksFolder, type StoreOptions } from './tick-options.ts';

/** What a question to the store is given; days are those of `--from` and `--to`. */
export interface SqlOptions extends StoreOptions {
  readonly instrument?: InstrumentId;
  readonly from?: bigint;
  readonly to?: bigint;
}

/** `qd ticks sql`: one question, or a prompt that takes one after the other, each ended by a semicolon. */
export async function askStore(sql: string | undefined, options: SqlOptions): Promise<void> {
  if (sql !== undefined) {
    const answer = await ask(sql, options);
    if ('message' in answer) throw new CommandFailure(WRONG_INPUT, answer.message);
    print(answer, options);
    return;
  }
  const lines = createInterface({ input: process.stdin, terminal: false });
  const prompt = (text: string): void => void (process.stdin.isTTY && process.stderr.write(text));
  let question = '';
  prompt('sql> ');
  for await (const line of lines) {
    question += `${line}\n`;
    if (/;\s*$/.test(question)) {
      const answer = await ask(question, options);
      if ('message' in answer) process.stderr.write(`${answer.message}\n`);
      else print(answer, options);
      question = '';
    }
    prompt(question === '' ? 'sql> ' : '  -> ');
  }
}

async function ask(sql: string, options: SqlOptions): Promise<SqlAnswer | { message: string }> {
  const { instrument, from, to } = options;
  const selection: TickSelection = {
    ...(instrument === undefined ? {} : { instrument }),
    ...(from === undefined ? {} : { fromDay: dayName(dayOf(from)) }),
    ...(to === undefined ? {} : { toDay: dayName(dayOf(to - 1n)) }),
  };
  try {
    return await askTicks(ticksFolder(options), selection, sql);
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

function print({ columns, rows }: SqlAnswer, { json }: SqlOptions): void {
  if (json === true) printJson({ columns, rows });
  else
    printTable(
      columns,
      rows.map((row) => row.map((cell) => cell ?? '')),
    );
}
