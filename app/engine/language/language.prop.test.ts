import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountId, instrumentId, venueId, type AssetCode } from '../domain/identifiers.ts';
import type { ClientOrderId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bracket } from '../domain/order.ts';
import { price, quantity, type Price, type Quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { complete } from './complete.ts';
import { parse } from './parse.ts';
import type { Command } from '../domain/command.ts';
import { printCommand, printStatement } from './print.ts';
import { resolve, type Surroundings } from './resolve.ts';

const venue = venueId('BINANCE', 'sandbox');
const account = accountId(venue, 'main');

const INSTRUMENT: Instrument = {
  id: instrumentId('BTCUSDT', venue),
  venue,
  symbol: 'BTCUSDT',
  base: 'BTC' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 2,
  quantityScale: 5,
  tickSize: price(5),
  minPrice: price(1),
  maxPrice: price(100_000_000),
  stepSize: quantity(10),
  minQuantity: quantity(1),
  maxQuantity: quantity(900_000_000),
  minNotional: 5n,
  maxDisplayParts: 10,
  orderLists: true,
  status: 'Trading',
};

const AROUND: Surroundings = {
  account,
  instruments: [INSTRUMENT],
  quote: (instrument) => ({
    instrument,
    bid: price(6_399_995),
    ask: price(6_400_000),
    tsEvent: unixMicros(0),
  }),
  instrumentOfOrder: () => INSTRUMENT.id,
};

const vocabulary = [
  ...['b', 'S', 'buy', 'cancel', 'flatten', 'all', 'bids', 'kill', 'lock', 'arm', 'btcusdt'],
  ...['BTCUSDT.BINANCE@sandbox', '1', '0.001', '64000', '64000.05', 'mkt', 'bid+2', 'mid-0.1%'],
  ...[
    'ask',
    'post',
    'ioc',
    'fok',
    'reduce',
    'stop=1',
    'show=2',
    'tif=fok',
    'tp=9',
    'sl=',
    'tag=A%20b',
    'tag=%',
    '=',
    'x',
  ],
  ...['mid+99999999999999%', 'bid-999999999999999', '__proto__', 'constructor', 'tif=constructor'],
];

const line = fc
  .array(fc.constantFrom(...vocabulary), { maxLength: 8 })
  .map((words) => words.join(' '));

/** Mostly well-formed orders. */
const sentence = fc
  .tuple(
    fc.constantFrom('b', 'SELL'),
    fc.constantFrom('1', '0.001', '0.00001'),
    fc.constantFrom('btcusdt', 'BTCUSDT.BINANCE@sandbox'),
    fc.constantFrom('', 'mkt', '64000', '64000.01', 'bid', 'ask-3', 'mid+0.25%'),
    fc.subarray([
      ...['post', 'ioc', 'fok', 'reduce', 'stop=65000', 'tif=gtc'],
      ...['show=0.0002', 'sl=5', 'tp=99999.95', 'tag=x'],
    ]),
  )
  .map(([side, size, symbol, limit, flags]) => [side, size, symbol, limit, ...flags].join(' '));

const anyLine = fc.oneof(line, sentence);
const anyText = fc.oneof(
  anyLine,
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
);

test('no text makes the language throw, and every error stands inside the text', () => {
  let understood = 0;
  let meant = 0;
  fc.assert(
    fc.property(anyText, fc.nat(80), (text, caret) => {
      complete(text, Math.min(caret, text.length), { symbols: ['BTCUSDT'], orders: [] });
      const parsed = parse(text);
      if (parsed.ok) understood += 1;
      const outcome = parsed.ok ? resolve(parsed.value, AROUND) : parsed;
      if (outcome.ok) {
        meant += 1;
        return;
      }
      const { word, column, expected } = outcome.error;
      expect(text.slice(column - 1, column - 1 + word.length)).toBe(word);
      expect(column).toBeLessThanOrEqual(text.length + 1);
      expect(expected).not.toBe('');
    }),
    { numRuns: 5_000 },
  );
  // A generator that never builds a sentence would prove nothing.
  expect(understood).toBeGreaterThan(50);
  expect(meant).toBeGreaterThan(20);
});

test('what is understood prints as text that is understood as the same', () => {
  fc.assert(
    fc.property(anyLine, (text) => {
      const parsed = parse(text);
      if (!parsed.ok) return;
      const again = parse(printStatement(parsed.value.statement));
      expect(again.ok && again.value.statement).toEqual(parsed.value.statement);
    }),
    { numRuns: 5_000 },
  );
});

const ticks = fc.integer({ min: 1, max: 20_000_000 }).map((count) => price(count * 5));
const steps = fc.integer({ min: 1, max: 90_000_000 }).map((count) => quantity(count * 10));
const sides = fc.constantFrom('Buy' as const, 'Sell' as const);

/** A part of the quantity that makes at most `parts` parts; none of a quantity of one step. */
function displayOf(
  whole: Quantity,
  parts: number | undefined,
): { readonly displayQuantity?: Quantity } {
  const { stepSize } = INSTRUMENT;
  if (parts === undefined || whole <= stepSize) return {};
  return { displayQuantity: quantity(Math.ceil(whole / parts / stepSize) * stepSize) };
}

/** Exits `up` and `down` ticks from the entry, or from the touch of a market entry. */
function bracketOf(wanted: {
  readonly side: 'Buy' | 'Sell';
  readonly price: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly up: number | undefined;
  readonly down: number | undefined;
}): { readonly bracket?: Bracket } {
  const { side, up, down } = wanted;
  const touch = side === 'Buy' ? 6_400_000 : 6_399_995;
  const entry = wanted.price ?? wanted.stopPrice ?? touch;
  const above = up === undefined ? undefined : price(entry + up * INSTRUMENT.tickSize);
  const below = entry - (down ?? entry) * INSTRUMENT.tickSize;
  const exits = [above, below > 0 && down !== undefined ? price(below) : undefined] as const;
  const [takeProfit, stopLoss] = side === 'Buy' ? exits : exits.toReversed();
  if (takeProfit === undefined && stopLoss === undefined) return {};
  return {
    bracket: {
      ...(takeProfit === undefined ? {} : { takeProfit }),
      ...(stopLoss === undefined ? {} : { stopLoss }),
    },
  };
}

const orders = fc
  .record({
    side: sides,
    quantity: steps,
    price: fc.option(ticks, { nil: undefined }),
    stopPrice: fc.option(ticks, { nil: undefined }),
    timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const),
    postOnly: fc.boolean(),
    reduceOnly: fc.boolean(),
    parts: fc.option(fc.integer({ min: 2, max: 10 }), { nil: undefined }),
    tag: fc.option(fc.stringMatching(/^[ -~]{1,32}$/), { nil: undefined }),
    up: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    down: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  })
  .map((wanted): Command => {
    const limited = wanted.price !== undefined;
    const plain = limited ? ('Limit' as const) : ('Market' as const);
    const stopped = limited ? ('StopLimit' as const) : ('Stop' as const);
    const fills = !limited && wanted.timeInForce === 'FOK';
    const timeInForce = fills ? 'IOC' : wanted.timeInForce;
    const rests = limited && wanted.stopPrice === undefined && timeInForce === 'GTC';
    const terms = {
      instrument: INSTRUMENT.id,
      account,
      side: wanted.side,
      type: wanted.stopPrice === undefined ? plain : stopped,
      quantity: wanted.quantity,
      ...(wanted.price === undefined ? {} : { price: wanted.price }),
      ...(wanted.stopPrice === undefined ? {} : { stopPrice: wanted.stopPrice }),
      timeInForce,
      postOnly: wanted.postOnly && rests,
      reduceOnly: wanted.reduceOnly,
      ...(wanted.tag === undefined ? {} : { tag: wanted.tag }),
      ...displayOf(wanted.quantity, rests ? wanted.parts : undefined),
      ...(wanted.reduceOnly ? {} : bracketOf(wanted)),
    };
    return { type: 'SubmitOrder', terms };
  });

const others = fc.oneof(
  fc
    .stringMatching(/^[A-Za-z0-9\-_]{1,36}$/)
    .filter((id) => !/^(all|bids|asks)$/i.test(id))
    .map((id): Command => ({ type: 'CancelOrder', clientOrderId: id as ClientOrderId })),
  fc
    .stringMatching(/^[A-Za-z0-9\-_]{1,36}$/)
    .map((id): Command => ({ type: 'QueryOrder', clientOrderId: id as ClientOrderId })),
  fc
    .record({ side: sides, instrument: fc.constant(INSTRUMENT.id) }, { requiredKeys: [] })
    .map((scope): Command => ({ type: 'CancelAll', account, ...scope })),
  fc
    .record({ instrument: fc.constant(INSTRUMENT.id) }, { requiredKeys: [] })
    .map((scope): Command => ({ type: 'Flatten', account, ...scope })),
  fc
    .record(
      { quantity: fc.integer({ min: 1, max: 1000 }), price: fc.integer({ min: 1, max: 1000 }) },
      { requiredKeys: ['quantity'] },
    )
    .map((wanted): Command => ({
      type: 'ReplaceOrder',
      clientOrderId: 'qd1-1' as ClientOrderId,
      quantity: quantity(wanted.quantity * INSTRUMENT.stepSize),
      ...(wanted.price === undefined ? {} : { price: price(wanted.price * INSTRUMENT.tickSize) }),
    })),
  fc.constantFrom<Command>(
    { type: 'Unlock', account },
    { type: 'Lock', account },
    { type: 'Arm' },
    { type: 'Disarm' },
    { type: 'AcceptBalances', account },
    { type: 'Kill' },
  ),
);

test('a command prints as text that means the same command', () => {
  fc.assert(
    fc.property(fc.oneof(orders, others), (command) => {
      const parsed = parse(
        printCommand(
          command,
          () => INSTRUMENT,
          () => INSTRUMENT,
        ),
      );
      expect(parsed.ok ? resolve(parsed.value, AROUND) : parsed).toEqual({
        ok: true,
        value: command,
      });
    }),
    { numRuns: 3_000 },
  );
});
