import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** Writes one JSON line a finished test to the file that QD_TEST_RESULTS names, so that a run that is cut still tells what it reached. */
export default class ResultLines implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const file = process.env['QD_TEST_RESULTS'];
    if (file === undefined) return;
    const result = test.result();
    const note = result.state === 'skipped' ? result.note : undefined;
    appendFileSync(file, `${JSON.stringify({ name: test.fullName, state: result.state, note })}\n`);
  }
}
