import { describe, expect, test } from 'vitest';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import { price, quantity, type Price } from '../../../engine/domain/price.ts';
import type { DepthMessage } from '../../state/market-store.ts';
import { LadderModel } from './ladder-model.ts';

const TICK = price(100);
const ROWS = 40;

function depth(bestBid: number, levels = 20, gap = 100, spread = 100): DepthMessage {
  const side = (from: number, step: number): [Price, ReturnType<typeof quantity>][] =>
    Array.from({ length: levels }, (_, index) => [
      price(from + index * step),
      quantity(10 + index),
    ]);
  return {
    instrument: 'SOLUSDT.BINANCE@sandbox' as InstrumentId,
    state: 'Live',
    updateId: 1,
    bids: side(bestBid, -gap),
    asks: side(bestBid + spread, gap),
  };
}

function axis(model: LadderModel): readonly (number | undefined)[] {
  return Array.from({ length: model.rows }, (_, index) => model.priceAt(index));
}

describe('the price axis', () => {
  test('stands still under 200 updates that carry the market out of sight and back', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    const before = axis(model);
    for (let update = 0; update < 200; update += 1) {
      model.setDepth(depth(1_000_000 + Math.round(Math.sin(update / 8) * 80) * 100));
      expect(axis(model)).toEqual(before);
    }
    model.setDepth(depth(1_009_000));
    expect(model.marketPlace()).toBe('above');
    expect(axis(model)).toEqual(before);
    model.centre();
    expect(model.marketPlace()).toBe('inside');
    expect(axis(model)).not.toEqual(before);
  });

  test('is placed by the first book, with the touch in the middle', () => {
    const model = new LadderModel(TICK, ROWS);
    expect(model.placed).toBe(false);
    expect(model.priceAt(0)).toBeUndefined();
    model.setDepth(depth(1_000_000));
    expect(model.indexOf(price(1_000_000), 'Buy')).toBe(20);
    expect(model.indexOf(price(1_000_100), 'Sell')).toBe(19);
  });

  test('stands still when a coarser tick makes rows of the same height', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    model.setGroup(10);
    const before = axis(model);
    model.setTick(price(1000));
    expect([model.group, axis(model)]).toEqual([1, before]);
    model.setTick(TICK);
    expect([model.group, axis(model)]).toEqual([10, before]);
  });

  test('keeps its middle price under another tick, with every row on it and every size in a row', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    const middle = Number(model.priceAt(ROWS / 2));
    const sizes = (): number => {
      const rows = axis(model).map((row) => row as Price);
      return rows.reduce((sum, row) => sum + (model.bidAt(row) ?? 0) + (model.askAt(row) ?? 0), 0);
    };
    model.setTick(price(250));
    expect(model.group).toBe(1);
    for (const row of axis(model)) expect(Number(row) % 250).toBe(0);
    expect(Math.abs(Number(model.priceAt(ROWS / 2)) - middle)).toBeLessThan(250);
    expect(sizes()).toBe(
      2 * Array.from({ length: 20 }, (_, at) => 10 + at).reduce((a, b) => a + b),
    );
  });

  test('keeps the height of rows that was asked for before the first book', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setGroup(50);
    model.setDepth(depth(1_000_000));
    expect(model.group).toBe(50);
  });

  test('takes a tick before it has a place', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setTick(price(1000));
    expect(model.placed).toBe(false);
    model.setDepth(depth(1_000_000));
    expect(Number(model.priceAt(0)) % 1000).toBe(0);
  });

  test('moves by exactly what was scrolled', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    const top = model.priceAt(0);
    model.scroll(3);
    expect(model.priceAt(0)).toBe(Number(top) + 300);
    model.scroll(-3);
    expect(model.priceAt(0)).toBe(top);
  });

  test('keeps its top when the panel changes height', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    const top = model.priceAt(0);
    model.setRows(12);
    expect(model.priceAt(0)).toBe(top);
    expect(axis(model)).toHaveLength(12);
  });
});

describe('the book on the axis', () => {
  test('shows each level at its price and nothing elsewhere', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    expect(model.bidAt(price(1_000_000))).toBe(10);
    expect(model.bidAt(price(999_900))).toBe(11);
    expect(model.askAt(price(1_000_100))).toBe(10);
    expect(model.askAt(price(1_000_000))).toBeUndefined();
  });

  test('grouped, adds bids down and asks up, and loses no quantity', () => {
    const model = new LadderModel(TICK, ROWS);
    const book = depth(1_000_050 - 50, 20);
    model.setDepth(book);
    model.setGroup(10);
    expect(model.step).toBe(1000);
    expect(model.bidAt(price(1_000_000))).toBe(10);
    expect(model.bidAt(price(999_000))).toBe(11 + 12 + 13 + 14 + 15 + 16 + 17 + 18 + 19 + 20);
    expect(model.askAt(price(1_001_000))).toBe(10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 18 + 19);
    let shown = 0;
    for (let index = 0; index < model.rows; index += 1) {
      const at = model.priceAt(index);
      if (at !== undefined) shown += (model.bidAt(at) ?? 0) + (model.askAt(at) ?? 0);
    }
    const all = [...book.bids, ...book.asks].reduce((sum, [, size]) => sum + size, 0);
    expect(shown).toBe(all);
  });

  test('a book of wide gaps is grouped so that its best levels fit', () => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(10_000_000, 20, 1700));
    expect(model.group).toBeGreaterThan(1);
    expect(model.indexOf(price(10_000_000 - 11 * 1700), 'Buy')).toBeDefined();
  });

  test.each([
    ['Buy', 1_000_100, true],
    ['Buy', 1_000_000, false],
    ['Sell', 1_000_000, true],
    ['Sell', 1_000_100, false],
  ] as const)('a %s at %i crosses: %s', (side, at, crosses) => {
    const model = new LadderModel(TICK, ROWS);
    model.setDepth(depth(1_000_000));
    expect(model.crosses(side, price(at))).toBe(crosses);
  });
});
