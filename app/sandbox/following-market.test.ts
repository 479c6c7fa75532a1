import { expect, test } from 'vitest';
import { present } from '../engine/base/invariant.ts';
import { DEFAULT_MARKET } from '../engine/synthetic/instruments.ts';
import { Exchange } from './exchange/exchange.ts';
import { shownBy } from './exchange/following-market.ts';
import type { MarketView, ShownLevel } from './exchange/market-view.ts';
import type { TapeTrade } from './exchange/tape.ts';
import { ManualSandboxClock } from './manual-clock.ts';
import { readDifferences } from './venue-differences.ts';

const STEP_MS = 25;
const DELAY_STEPS = 5;
const DELAY_MS = DELAY_STEPS * STEP_MS;
const TICKS = -3;
const MOST = 50;

function both(market: MarketView): readonly (readonly ShownLevel[])[] {
  return [market.levels('Buy', MOST), market.levels('Sell', MOST)];
}

test('a venue that follows shows the book of before, and its prices apart, whatever happens', () => {
  const clock = new ManualSandboxClock(1_700_000_000_000);
  const instruments = DEFAULT_MARKET.instruments.slice(0, 1);
  const exchange = new Exchange({
    market: { instruments, correlations: [[1]] },
    seed: 5,
    clock,
    balances: {},
  });
  const shown = shownBy(exchange, { delayMs: DELAY_MS, offsetTicks: TICKS });
  const leader = present(exchange.markets[0], 'the market');
  const follower = present(shown.markets[0], 'its follower');
  const apart = TICKS * leader.listing.tickSize;
  const trades: Record<'led' | 'followed', TapeTrade[]> = { led: [], followed: [] };
  const listener = (kept: TapeTrade[]) => ({
    trade: (_: MarketView, trade: TapeTrade) => kept.push(trade),
    aggregate: () => undefined,
    level: () => undefined,
    quote: () => undefined,
    barClosed: () => undefined,
  });
  leader.listen(listener(trades.led));
  follower.listen(listener(trades.followed));
  const past = [both(leader)];
  for (let step = 1; step <= 1_200; step += 1) {
    clock.advance(STEP_MS);
    exchange.advance();
    shown.advance();
    past.push(both(leader));
    if (step < DELAY_STEPS) continue;
    const then = present(past[step - DELAY_STEPS], 'a book of before');
    const moved = then.map((side) => side.map(([price, quantity]) => [price + apart, quantity]));
    expect([step, both(follower)]).toEqual([step, moved]);
  }
  expect(trades.followed.length).toBeGreaterThan(20);
  expect(trades.followed).toEqual(
    trades.led
      .slice(0, trades.followed.length)
      .map((trade) => ({ ...trade, price: trade.price + apart, timeMs: trade.timeMs + DELAY_MS })),
  );
  const { bid, ask } = follower.quote;
  const [bids, asks] = both(follower);
  expect([bid, ask]).toEqual([bids?.[0]?.[0], asks?.[0]?.[0]]);
  const minute = Math.floor(exchange.nowMs() / 60_000) * 60_000 - 60_000;
  expect(follower.barOf(minute, 60_000)?.high).toBe(
    present(leader.barOf(minute, 60_000), 'a bar').high + apart,
  );
});

test('without a difference a venue shows the exchange itself', () => {
  const markets: MarketView[] = [];
  const leader = { markets, market: () => undefined, nowMs: () => 7 };
  expect(shownBy(leader, undefined).markets).toBe(markets);
});

test.each([
  [
    ['KRAKEN:80:+3', 'OKX:0:-12'],
    [80, 3],
  ],
  [['KRAKEN:80:3'], [80, 3]],
])('%j is read', (texts, [delayMs, offsetTicks]) => {
  const read = readDifferences(texts);
  expect(read.ok && read.value.get('KRAKEN')).toEqual({ delayMs, offsetTicks });
});

test.each([
  ['KRAKEN'],
  ['MTGOX:1:1'],
  ['BINANCE:5:1'],
  ['BINANCE:501:0'],
  ['OKX:1.5:0'],
  ['OKX:-5:0'],
])('%s is none', (text) => {
  const read = readDifferences([text]);
  expect(read.ok ? '' : read.error).toContain(`${text}, expected VENUE:MILLISECONDS:TICKS`);
});
