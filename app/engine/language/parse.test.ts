import { expect, test } from 'vitest';
import { parse } from './parse.ts';
import { printStatement } from './print.ts';

test.each([
  ['b 0.01 btcusdt 64000 post', 'b 0.01 btcusdt 64000 post'],
  ['SELL 1 BTCUSDT.BINANCE@sandbox MKT', 's 1 BTCUSDT.BINANCE@sandbox mkt'],
  ['buy 2 ethusdt', 'b 2 ethusdt mkt'],
  ['  b   1.50\tethusdt   bid+2  IOC ', 'b 1.50 ethusdt bid+2 ioc'],
  ['s 1 ethusdt Mid-0.1% tif=FOK', 's 1 ethusdt mid-0.1% fok'],
  ['b 1 ethusdt ask tif=gtc', 'b 1 ethusdt ask'],
  ['s 1 ethusdt stop=60000 reduce', 's 1 ethusdt mkt reduce stop=60000'],
  ['b 1 x 5 show=0.1 tp=6 sl=4', 'b 1 x 5 show=0.1 tp=6 sl=4'],
  ['b 1 x 5 TAG=Morning%20Run=1 sl=4', 'b 1 x 5 sl=4 tag=Morning%20Run=1'],
  ['cancel qd-1-A_z', 'cancel qd-1-A_z'],
  ['Cancel ALL', 'cancel all'],
  ['cancel bids btcusdt', 'cancel bids btcusdt'],
  ['cancel asks', 'cancel asks'],
  ['flatten', 'flatten'],
  ['flatten ETHUSDT', 'flatten ETHUSDT'],
  ['arm', 'arm'],
  ['DISARM', 'disarm'],
  ['unlock', 'unlock'],
  ['lock', 'lock'],
  ['kill', 'kill'],
])('"%s" is understood as "%s"', (text, canonical) => {
  const parsed = parse(text);
  expect(parsed.ok ? printStatement(parsed.value.statement) : parsed.error).toBe(canonical);
});

test('the parts of an order are read', () => {
  const parsed = parse('b 0.01 btcusdt bid-3 fok reduce stop=1.5');
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      statement: {
        kind: 'Order',
        side: 'Buy',
        quantity: '0.01',
        symbol: 'btcusdt',
        price: {
          kind: 'Pegged',
          reference: 'bid',
          offset: { direction: '-', amount: '3', unit: 'ticks' },
        },
        timeInForce: 'FOK',
        post: false,
        reduce: true,
        stop: '1.5',
      },
      places: { price: { text: 'bid-3', column: 16 }, stop: { text: 'stop=1.5', column: 33 } },
    },
  });
});

test.each([
  ['', 'EMPTY', '', 1],
  ['   ', 'EMPTY', '', 1],
  ['bay 1 x 2', 'WORD_UNKNOWN', 'bay', 1],
  ['b', 'WORD_MISSING', '', 2],
  ['b 1 ', 'WORD_MISSING', '', 4],
  ['b x btcusdt', 'QUANTITY_MALFORMED', 'x', 3],
  ['b 0 btcusdt', 'QUANTITY_MALFORMED', '0', 3],
  ['b -1 btcusdt', 'QUANTITY_MALFORMED', '-1', 3],
  ['b 1e3 btcusdt', 'QUANTITY_MALFORMED', '1e3', 3],
  ['b 1,000 btcusdt', 'QUANTITY_MALFORMED', '1,000', 3],
  ['b 1 btcusdt 64,000', 'PRICE_MALFORMED', '64,000', 13],
  ['b 1 btcusdt 0', 'PRICE_MALFORMED', '0', 13],
  ['b 1 btcusdt bid+1.5', 'PRICE_MALFORMED', 'bid+1.5', 13],
  ['b 1 btcusdt mid*2', 'PRICE_MALFORMED', 'mid*2', 13],
  ['b 1 btcusdt 5 6', 'FLAG_UNKNOWN', '6', 15],
  ['b 1 btcusdt 5 pst', 'FLAG_UNKNOWN', 'pst', 15],
  ['b 1 btcusdt 5 post=1', 'FLAG_UNKNOWN', 'post=1', 15],
  ['b 1 btcusdt 5 stop', 'FLAG_UNKNOWN', 'stop', 15],
  ['b 1 btcusdt 5 post post', 'FLAG_REPEATED', 'post', 20],
  ['b 1 btcusdt 5 stop=abc', 'FLAG_MALFORMED', 'stop=abc', 15],
  ['b 1 btcusdt 5 tif=day', 'FLAG_MALFORMED', 'tif=day', 15],
  ['b 1 btcusdt 5 tif=constructor', 'FLAG_MALFORMED', 'tif=constructor', 15],
  ['b 1 btcusdt mkt post', 'FLAGS_CONFLICT', 'post', 17],
  ['b 1 btcusdt post', 'FLAGS_CONFLICT', 'post', 13],
  ['b 1 btcusdt 5 post ioc', 'FLAGS_CONFLICT', 'post', 15],
  ['b 1 btcusdt 5 ioc fok', 'FLAGS_CONFLICT', 'fok', 19],
  ['b 1 btcusdt 5 tif=gtc ioc', 'FLAGS_CONFLICT', 'tif=gtc', 15],
  ['b 1 btcusdt 5 post stop=6', 'FLAGS_CONFLICT', 'post', 15],
  ['b 1 btcusdt mkt fok', 'FLAGS_CONFLICT', 'fok', 17],
  ['b 1 btcusdt mkt show=0.1', 'FLAGS_CONFLICT', 'show=0.1', 17],
  ['b 1 btcusdt 5 ioc show=0.1', 'FLAGS_CONFLICT', 'show=0.1', 19],
  ['b 1 btcusdt 5 stop=6 show=0.1', 'FLAGS_CONFLICT', 'show=0.1', 22],
  ['b 1 btcusdt 5 reduce sl=4', 'FLAGS_CONFLICT', 'sl=4', 22],
  ['b 1 btcusdt 5 tag=', 'FLAG_MALFORMED', 'tag=', 15],
  ['b 1 btcusdt 5 tag=caf\u00e9', 'FLAG_MALFORMED', 'tag=caf\u00e9', 15],
  ['b 1 btcusdt 5 tag=50%', 'FLAG_MALFORMED', 'tag=50%', 15],
  [`b 1 btcusdt 5 tag=${'x'.repeat(33)}`, 'FLAG_MALFORMED', `tag=${'x'.repeat(33)}`, 15],
  ['cancel', 'WORD_MISSING', '', 7],
  ['query', 'WORD_MISSING', '', 6],
  ['query a/b', 'ID_MALFORMED', 'a/b', 7],
  ['query abc def', 'WORD_EXTRA', 'def', 11],
  ['cancel a/b', 'ID_MALFORMED', 'a/b', 8],
  ['cancel abc def', 'WORD_EXTRA', 'def', 12],
  ['cancel all btcusdt now', 'WORD_EXTRA', 'now', 20],
  ['flatten a b', 'WORD_EXTRA', 'b', 11],
  ['kill now', 'WORD_EXTRA', 'now', 6],
])('"%s" is refused: %s at "%s", column %i', (text, code, word, column) => {
  expect(parse(text)).toMatchObject({ ok: false, error: { code, word, column } });
});

test('an error says in one sentence where, what was expected and what was found', () => {
  const parsed = parse('b 1 btcusdt mkt fok');
  expect(parsed.ok ? '' : parsed.error.message).toBe(
    'column 17: expected a price with fok, was "fok"',
  );
});
