import { expect, test } from 'vitest';
import { price, quantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import { MAIN, SOL } from '../../state/testdata.ts';
import { readLine, type LineSurroundings } from '../../commands/order-line.ts';
import { commandWords } from './command-words.ts';

const AROUND: LineSurroundings = {
  account: MAIN,
  instruments: [SOL],
  orders: new Map(),
  quote: (instrument) => ({
    instrument,
    bid: price(18_742),
    bidQuantity: quantity(1),
    ask: price(18_743),
    askQuantity: quantity(1),
    tsEvent: unixMicros(1),
  }),
};

test.each([
  ['b 0.5 solusdt 187.40 post', 'Buy 0.5 at 187.40 SOLUSDT, limit, post only, GTC'],
  ['s 2 solusdt mkt', 'Sell 2 at market SOLUSDT, market, GTC'],
  ['b 1 solusdt bid-2', 'Buy 1 at 187.40 SOLUSDT, limit, GTC'],
  ['cancel bids solusdt', 'Cancel all buy orders of SOLUSDT'],
  ['cancel all', 'Cancel all orders of every instrument'],
  ['flatten solusdt', 'Flatten SOLUSDT: cancel, close, prove flat'],
  ['arm', 'Arm this window'],
])('%s means: %s', (text, words) => {
  const meaning = readLine(text, AROUND);
  expect(meaning.kind === 'command' && commandWords(meaning.command, [SOL])).toBe(words);
});
