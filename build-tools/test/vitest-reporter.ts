import { appendFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase } from 'vitest/node';
import type { ResultLine } from './outcome.ts';

/** Writes one JSON line a finished test to the file that QD_TEST_RESULTS names, so that a run that is cut still tells what it reached. */
export default class ResultLines implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const file = process.env['QD_TEST_RESULTS'];
    const result = test.result();
    if (file === undefined || result.state === 'pending') return;
    const line: ResultLine = {
      name: `${test.module.relativeModuleId} > ${test.fullName}`,
      state: result.state,
      note: result.state === 'skipped' ? result.note : undefined,
      errors: (result.errors ?? []).map(({ message, stacks }) => {
        const [at] = stacks ?? [];
        const place = at === undefined ? '' : `\nat ${at.file}:${at.line}:${at.column}`;
        return stripVTControlCharacters(message) + place;
      }),
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
