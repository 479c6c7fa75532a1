import { appendFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import type { ResultLine } from './outcome.ts';

function stateOf(test: TestCase, result: TestResult): 'passed' | 'failed' | 'skipped' {
  if (result.status === 'skipped') return 'skipped';
  return result.status === test.expectedStatus ? 'passed' : 'failed';
}

/** Writes one JSON line a finished test to the file that QD_TEST_RESULTS names, so that a run that is cut still tells what it reached. */
export default class ResultLines implements Reporter {
  onTestEnd(test: TestCase, result: TestResult): void {
    const file = process.env['QD_TEST_RESULTS'];
    if (file === undefined || result.retry < test.retries) return;
    const note = test.annotations.find(({ type }) => type === 'skip')?.description;
    const line: ResultLine = {
      name: test.titlePath().filter(Boolean).join(' > '),
      state: stateOf(test, result),
      note,
      errors: result.errors.map(({ message = '', snippet = '' }) =>
        stripVTControlCharacters(`${message}\n${snippet}`),
      ),
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
