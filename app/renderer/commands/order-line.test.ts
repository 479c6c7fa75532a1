import { expect, test } from 'vitest';
import { price, quantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import { MAIN, SOL } from '../state/testdata.ts';
import { readLine, type LineSurroundings } from './order-line.ts';

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

test('a line is an exact command on the instrument\u2019s grids, beside the market as it is now', () => {
  expect(readLine('b 0.5 solusdt bid-2 post', AROUND)).toEqual({
    kind: 'command',
    command: {
      type: 'SubmitOrder',
      terms: {
        instrument: SOL.id,
        account: MAIN,
        side: 'Buy',
        type: 'Limit',
        quantity: 500,
        price: 18_740,
        timeInForce: 'GTC',
        postOnly: true,
        reduceOnly: false,
      },
    },
  });
});

test('an error points at the word', () => {
  expect(readLine('b 0.5 solusdt 187.4x', AROUND)).toMatchObject({ kind: 'error', column: 15 });
  expect(readLine('', AROUND)).toEqual({ kind: 'empty' });
});

test('without an account nothing can be meant', () => {
  expect(readLine('arm', { ...AROUND, account: undefined })).toMatchObject({ kind: 'error' });
});
