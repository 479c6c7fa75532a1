import { expect, test } from 'vitest';
import { createAccount } from '../exchange/account.ts';
import { Transfers } from '../exchange/transfers.ts';
import { transfer } from './transfer-request.ts';

test.each([
  ['', 'request:1 (file) is not JSON here, expected {"asset": "USDT", "amount": "250.5"}'],
  ['[]', 'request:1 (file) [], expected {"asset": "USDT", "amount": "250.5"}'],
  ['{"asset": "BTC"}', /^request:1 \(file\) .*expected \{"asset"/],
  [
    '{\n"asset": "btc", "amount": "1"}',
    'request:2 asset "btc", expected 1 to 12 capitals and digits',
  ],
  ['{"asset": "BTC", "amount": 1}', /^request:1 amount 1, expected a decimal as text/],
  ['{"asset": "BTC", "amount": "0"}', /^request:1 amount "0", expected a decimal as text/],
  ['{"asset": "BTC", "amount": "1e3"}', /^request:1 amount "1e3", expected a decimal/],
  ['{"asset": "BTC", "amount": "0.123456789"}', /^request:1 amount .* at most 8 decimals/],
])('refuses %j by field and line', (body, problem) => {
  const transfers = new Transfers(createAccount(1, { BTC: 5 }, 0), () => 0);
  expect(transfer(transfers, 'request', body)).toEqual({
    ok: false,
    error: [typeof problem === 'string' ? problem : expect.stringMatching(problem)],
  });
  expect(transfers.free('BTC')).toBe(500_000_000n);
});
