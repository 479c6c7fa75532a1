import { expect, test } from 'vitest';
import { filled } from '../../../kernel/testing/reports.ts';
import { ReportLedger } from './report-ledger.ts';

test('a trade of the account with itself is two fills of one id, each told once', () => {
  const ledger = new ReportLedger();
  const fills = [filled('buy', '7', 10), filled('sell', '7', 10)];
  expect([...fills, ...fills].map((fill) => ledger.isNews(fill))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
