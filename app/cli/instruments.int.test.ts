import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectAgreement } from './faults/testing/expectations.ts';
import { FaultRig } from './faults/testing/fault-rig.ts';
import { qd, TestFolder } from './testing/running-command.ts';

const FILE = `{
  // A coarse metal and a fine dust: neither tick nor step is a power of ten, or both are as fine as can be.
  "instruments": [
    {"symbol": "GOLDEUR", "base": "GOLD", "quote": "EUR", "price": "2034.35", "tickSize": "0.05", "stepSize": "0.5"},
    {"symbol": "DUSTGBP", "base": "DUST", "quote": "GBP", "price": "0.00001234", "tickSize": "0.00000001", "stepSize": "1", "minNotional": "2"}
  ],
  "correlation": 0.2,
  "balances": {"EUR": 50000, "GBP": 900}
}`;

/** What of `texts` is no multiple of a step given in hundred-millionths. */
function offGrid(texts: readonly string[], step: bigint): readonly string[] {
  return texts.filter((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(8, '0')) % step !== 0n;
  });
}

test('other symbols, ticks and steps are listed, quoted and traded through the connector of the venue', async () => {
  using folder = new TestFolder();
  const file = join(folder.path, 'metals.json');
  writeFileSync(file, FILE);
  await using rig = await FaultRig.start(31, 'GOLDEUR', '--instruments', file);
  const { desk } = rig;
  expect(desk.rules('GOLDEUR.BINANCE@sandbox')).toMatchObject({
    base: 'GOLD',
    quote: 'EUR',
    priceScale: 2,
    quantityScale: 1,
    tickSize: 5,
    stepSize: 5,
    minNotional: 5000n,
    status: 'Trading',
  });
  expect(desk.rules('DUSTGBP.BINANCE@sandbox')).toMatchObject({
    priceScale: 8,
    quantityScale: 0,
    tickSize: 1,
    minNotional: 200_000_000n,
  });
  for (const [symbol, tick, step] of [
    ['GOLDEUR', 5_000_000n, 50_000_000n],
    ['DUSTGBP', 1n, 100_000_000n],
  ] as const) {
    const [book] = await rig.seen('/api/v3/depth', { symbol, limit: 100 });
    const levels = [book?.['bids'], book?.['asks']].flatMap((side) => side as string[][]);
    expect(levels.length).toBeGreaterThan(20);
    expect(
      offGrid(
        levels.map(([price = '']) => price),
        tick,
      ),
    ).toEqual([]);
    expect(
      offGrid(
        levels.map(([, quantity = '']) => quantity),
        step,
      ),
    ).toEqual([]);
    const bars = await rig.seen('/api/v3/klines', { symbol, interval: '1m', limit: 500 });
    const prices = bars.flatMap((bar) => Object.values(bar).slice(1, 5) as string[]);
    expect(prices.length).toBe(2000);
    expect(offGrid(prices, tick)).toEqual([]);
  }

  await expect(desk.line('b 1 goldeur 2000.02')).rejects.toThrow(/0\.05/);
  await expect(desk.line('b 0.7 goldeur 2000')).rejects.toThrow(/0\.5/);
  const resting = await desk.order('b 2.5 goldeur bid-2%');
  await desk.shows(resting, 'Accepted');
  const bought = await desk.order('b 1.5 goldeur mkt');
  await desk.shows(bought, 'Filled');
  await desk.line(`cancel ${resting}`);
  await desk.shows(resting, 'Canceled');
  const dust = await desk.order('b 1234567 dustgbp mkt');
  await desk.shows(dust, 'Filled');
  const sold = await desk.order('s 765432 dustgbp mkt');
  await desk.shows(sold, 'Filled');
  await expectAgreement(rig);
  expect(await rig.differences('DUSTGBP')).toEqual([]);
  const { stopped, sessions } = await rig.replay();
  expect(stopped).toEqual({ status: 0, stderr: '' });
  expect(sessions).toEqual([expect.objectContaining({ agrees: true, chain: 'intact' })]);
});

test('a file that is wrong ends the command with where and why', async () => {
  using folder = new TestFolder();
  const file = join(folder.path, 'metals.json');
  writeFileSync(file, FILE.replace('"0.05"', '"0.06"'));
  const end = await qd('sandbox', '--instruments', file);
  expect(end.status).toBe(2);
  expect(end.stderr).toContain(
    `${file}:4 price "2034.35", expected a multiple of tickSize, of 1000 to 100000000 ticks`,
  );
  const none = await qd('sandbox', '--instruments', join(folder.path, 'none.json'));
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('--instruments')]);
});
