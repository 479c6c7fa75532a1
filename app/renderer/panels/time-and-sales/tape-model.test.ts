import { expect, test } from 'vitest';
import { price, quantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import type { TradeRow } from '../../state/market-store.ts';
import { TAPE_ROWS, TapeModel } from './tape-model.ts';

function row(id: number, size: number, buyer: boolean | null, seconds: number): TradeRow {
  return [id, price(1), quantity(size), buyer, unixMicros(Math.round(seconds * 1_000_000))];
}

function batch(rows: readonly TradeRow[], omitted = 0): Parameters<TapeModel['add']>[0] {
  return { rows, omittedCount: omitted, omittedQuantity: quantity(omitted * 2) };
}

test('the newest trade is first, a repeated second is marked, and the tape is bounded', () => {
  const tape = new TapeModel();
  tape.add(batch([row(1, 5, true, 1), row(2, 5, true, 1.5), row(3, 5, true, 2)]));
  const shown = tape.lines.map((line) => line.kind === 'trade' && [line.row[0], line.sameSecond]);
  expect(shown).toEqual([
    [3, false],
    [2, true],
    [1, false],
  ]);
  for (let id = 0; id < 2000; id += 1) tape.add(batch([row(id, 1, false, 3)]));
  expect(tape.lines).toHaveLength(TAPE_ROWS);
});

test('trades that did not fit are counted in their place, before those that came after', () => {
  const tape = new TapeModel();
  tape.add(batch([row(1, 5, true, 1)], 40));
  expect(tape.lines.map((line) => line.kind)).toEqual(['trade', 'omitted']);
  expect(tape.lines[1]).toEqual({ kind: 'omitted', count: 40, quantity: 80 });
});

test('strength is the last minute by volume', () => {
  const tape = new TapeModel();
  expect(tape.strength()).toBeUndefined();
  tape.add(batch([row(1, 900, false, 0), row(2, 30, true, 61), row(3, 10, false, 62)]));
  expect(tape.strength()).toEqual({ buyPercent: 75, trades: 2 });
});

test('trades whose aggressor nobody told are of no side and of no order', () => {
  const tape = new TapeModel();
  tape.showOrders(true);
  tape.add(batch([row(1, 5, null, 1), row(2, 5, null, 1)]));
  expect(tape.lines).toHaveLength(2);
  expect(tape.strength()).toBeUndefined();
  tape.add(batch([row(3, 10, true, 2)]));
  expect(tape.strength()?.buyPercent).toBe(100);
});

test('bars go by square root of the largest size', () => {
  const tape = new TapeModel();
  tape.add(batch([row(1, 400, true, 1), row(2, 100, true, 1)]));
  expect(tape.share(100)).toBe(0.5);
  expect([tape.weight(400), tape.weight(100), tape.weight(4)]).toEqual([2, 1, 0]);
});

test('fills of one order are one line: its last price, the sum, how many; another side, time or a better price is another order', () => {
  const tape = new TapeModel();
  tape.showOrders(true);
  const fill = (id: number, at: number, size: number, buyer: boolean, ms: number): TradeRow => [
    id,
    price(at),
    quantity(size),
    buyer,
    unixMicros(ms * 1000),
  ];
  expect(tape.add(batch([fill(1, 100, 5, true, 7), fill(2, 101, 3, true, 7)]))).toEqual({
    added: 1,
    grew: false,
  });
  // The order goes on in the next batch, and others follow it.
  const next = [
    fill(3, 101, 2, true, 7),
    fill(4, 100, 1, true, 7),
    fill(5, 100, 1, false, 7),
    fill(6, 99, 4, false, 7),
    fill(7, 99, 4, false, 8),
  ];
  expect(tape.add(batch(next))).toEqual({ added: 3, grew: true });
  const told = (): readonly unknown[] =>
    tape.lines.map((line) => line.kind === 'trade' && [line.row[1], line.row[2], line.fills]);
  expect(told()).toEqual([
    [99, 4, 1],
    [99, 5, 2],
    [100, 1, 1],
    [101, 10, 3],
  ]);
  expect(tape.largest).toBe(10);
  // What was left out may have been between two fills.
  tape.add(batch([fill(40, 99, 1, false, 8)], 30));
  expect(tape.lines.map(({ kind }) => kind).slice(0, 2)).toEqual(['trade', 'omitted']);
  tape.showOrders(false);
  expect(tape.lines).toHaveLength(9);
  expect(tape.largest).toBe(5);
  tape.showOrders(true);
  expect(told().slice(-4)).toEqual([
    [99, 4, 1],
    [99, 5, 2],
    [100, 1, 1],
    [101, 10, 3],
  ]);
  expect(tape.strength()?.trades).toBe(8);
});
