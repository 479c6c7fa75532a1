import { expect, test } from 'vitest';
import { complete } from './complete.ts';

const NAMEABLE = {
  symbols: ['BTCUSDT', 'ETHUSDT'],
  orders: [{ id: 'q-7', side: 'Buy', detail: 'buy 1 BTCUSDT at 5' }],
} as const;

const FLAGS = ['post', 'ioc', 'fok', 'reduce', 'stop=', 'show=', 'tif=', 'tp=', 'sl=', 'tag='];

/** The texts offered where `|` stands. */
function offered(line: string): readonly string[] {
  const caret = line.indexOf('|');
  const text = line.replace('|', '');
  return complete(text, caret, NAMEABLE).map((suggestion) => suggestion.text);
}

test.each([
  [
    '|',
    [
      'b',
      's',
      'replace',
      'cancel',
      'query',
      'flatten',
      'arm',
      'disarm',
      'unlock',
      'lock',
      'accept',
      'kill',
    ],
  ],
  ['replace |', ['q-7']],
  ['c|', ['cancel']],
  ['b |', []],
  ['b 1 |', ['BTCUSDT', 'ETHUSDT']],
  ['b 1 et|', ['ETHUSDT']],
  ['b 1 ethusdt m|', ['mkt', 'mid']],
  ['b 1 ethusdt 5 |', [...FLAGS]],
  ['b 1 ethusdt 5 post |', FLAGS.slice(1)],
  ['b 1 ethusdt 5 tag=x t|', ['tif=', 'tp=']],
  ['b 1 ethusdt 5 stop=4 r|', ['reduce']],
  ['cancel |', ['all', 'bids', 'asks', 'q-7']],
  ['cancel q|', ['q-7']],
  ['cancel all e|', ['ETHUSDT']],
  ['cancel q-7 |', ['BTCUSDT', 'ETHUSDT']],
  ['flatten b|', ['BTCUSDT']],
  ['arm |', []],
])('at %s it offers %j', (line, texts) => {
  expect(offered(line)).toEqual(texts);
});

test('a suggestion replaces the whole word under the caret', () => {
  expect(complete('b 1 eth 5', 6, NAMEABLE)).toEqual([
    { text: 'ETHUSDT', from: 5, to: 8, detail: 'instrument' },
  ]);
});
