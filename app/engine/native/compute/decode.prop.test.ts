import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decoder, MALFORMED, TRUNCATED } from './decode.ts';
import { decodeOne } from './testing/decoding.ts';
import { referenceDecode } from './testing/reference-decoder.ts';

const INSTRUMENTS = [
  { symbol: 'BTCUSDT', index: 0, priceScale: 2, quantityScale: 8 },
  { symbol: 'X', index: 1, priceScale: 0, quantityScale: 0 },
  { symbol: '1000000MOGUSDT_240927', index: 65_535, priceScale: 15, quantityScale: 9 },
  { symbol: 'ETH"É', index: 4, priceScale: 8, quantityScale: 5 },
];
const decoder = new Decoder(INSTRUMENTS);

/** JSON text under construction: a member list keeps duplicates and order. */
type Json = string | { readonly members: readonly (readonly [string, Json])[] } | readonly Json[];

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
// Mostly what a venue would send, so that long messages stay legal often enough.
const decimalText = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.tuple(digits(1, 5), digits(0, 2)).map(([a, b]) => `${a}.${b}000000`),
  },
  { weight: 2, arbitrary: fc.tuple(digits(1, 9), digits(1, 9)).map(([a, b]) => `${a}.${b}`) },
  { weight: 2, arbitrary: digits(1, 17) },
  { weight: 1, arbitrary: fc.constantFrom('', '-', '1.', '.5', '1e3', '-0.5', '-7', '+1', ' 1') },
);
const quoted = (text: fc.Arbitrary<string>) => text.map((value) => JSON.stringify(value));
const integerText = fc.oneof(
  { weight: 30, arbitrary: fc.nat(2 ** 31).map(String) },
  { weight: 15, arbitrary: fc.maxSafeNat().map(String) },
  { weight: 1, arbitrary: fc.constantFrom('-1', '1.0', '1e3', '"5"', '9007199254740992', 'null') },
);
const timeText = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 1.5e12, max: 1.9e12 }).map(String) },
  { weight: 10, arbitrary: fc.integer({ min: 1.5e15, max: 1.9e15 }).map(String) },
  { weight: 1, arbitrary: integerText },
);
const symbolText = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('BTCUSDT', 'ETH"É') },
  { weight: 5, arbitrary: fc.constantFrom(...INSTRUMENTS.map(({ symbol }) => symbol)) },
  { weight: 1, arbitrary: fc.constantFrom('BTCUSD', 'BTCUSDTX', '') },
);
const booleanText = fc.constantFrom('true', 'false');
const levels: fc.Arbitrary<Json> = fc.array(
  fc.tuple(quoted(decimalText), quoted(decimalText)).map((pair): Json => pair),
  { maxLength: 6 },
);

const object = (shape: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<Json> =>
  fc.record(shape).map((value) => ({ members: Object.entries(value) }));
const named = (name: string) => fc.constant(JSON.stringify(name));
const common = { E: timeText, s: quoted(symbolText) };
const trade = { p: quoted(decimalText), q: quoted(decimalText), T: timeText, m: booleanText };
const bar = object({
  t: timeText,
  T: timeText,
  i: quoted(fc.constantFrom('1s', '1m', '15m', '1h', '3d', '1w', '1M', '12h', '2M', '0m', '1x')),
  o: quoted(decimalText),
  c: quoted(decimalText),
  h: quoted(decimalText),
  l: quoted(decimalText),
  v: quoted(decimalText),
  n: integerText,
  x: booleanText,
  V: quoted(decimalText),
});
const sides = {
  u: integerText,
  b: quoted(decimalText),
  B: quoted(decimalText),
  a: quoted(decimalText),
  A: quoted(decimalText),
};
const event = fc.oneof(
  object({ e: named('trade'), ...common, t: integerText, ...trade }),
  object({ e: named('aggTrade'), ...common, a: integerText, ...trade, f: integerText }),
  object({ ...sides, s: common.s }),
  object({ e: named('bookTicker'), ...common, ...sides, T: timeText }),
  object({
    e: named('depthUpdate'),
    ...common,
    U: integerText,
    u: integerText,
    b: levels,
    a: levels,
  }),
  object({
    e: named('depthUpdate'),
    ...common,
    U: integerText,
    u: integerText,
    pu: integerText,
    b: levels,
    a: levels,
  }),
  object({ e: named('kline'), ...common, k: bar }),
  object({ e: named('24hrTicker'), ...common }),
);

/** How a text is written: venue-like when every choice is 0. */
interface Spelling {
  readonly choose: (count: number) => number;
}

function write(value: Json, spelling: Spelling, outermost: boolean): string {
  const gap = () => ['', ' ', '\n\t', '\r'][spelling.choose(4)] ?? '';
  if (typeof value === 'string') {
    return value.startsWith('"') && spelling.choose(4) > 0 ? escaped(value, spelling) : value;
  }
  if (isArray(value)) {
    return `[${value.map((one) => gap() + write(one, spelling, false) + gap()).join(',')}]`;
  }
  const members = [...value.members];
  if (spelling.choose(3) > 0) members.reverse();
  if (outermost && spelling.choose(4) === 3)
    members.push(['zz', { members: [['x', ['1e5', 'null', '"é"']]] }]);
  if (spelling.choose(6) === 5) members.push(...members.slice(0, 1));
  const texts = members.map(([key, one]) => {
    const name = spelling.choose(8) === 7 ? escaped(`"${key}"`, spelling) : `"${key}"`;
    return `${gap()}${name}${gap()}:${gap()}${write(one, spelling, false)}${gap()}`;
  });
  return `{${texts.join(',')}}`;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function escaped(text: string, spelling: Spelling): string {
  const inner = text
    .slice(1, -1)
    .replace(/[A-Za-z0-9.]/g, (c) =>
      spelling.choose(5) === 4 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c,
    );
  return `"${inner}"`;
}

const message = fc
  .tuple(event, fc.boolean(), fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(1000))))
  .map(([payload, wrapped, choices]) => {
    let at = 0;
    const choose = (count: number) => (choices[at++ % Math.max(choices.length, 1)] ?? 0) % count;
    const text = write(payload, { choose }, true);
    return wrapped ? `{"stream":"btcusdt@any","data":${text}}` : text;
  });

function agree(text: string): void {
  const actual = decodeOne(decoder, Buffer.from(text), 17n);
  const expected = referenceDecode(text, INSTRUMENTS, 17n);
  if (expected.status === 'SYNTAX') expect([MALFORMED, TRUNCATED]).toContain(actual.status);
  else expect(actual).toEqual(expected);
}

test('any spelling of any message decodes as the reference says', () => {
  fc.assert(fc.property(message, agree), { numRuns: 4000 });
});

test('a damaged message decodes as the reference says', () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.constantFrom('', '"', '\\', '}', ']', ',', ':', '0', '1', '-', '.', 'e', ' ', '\n', 'é'),
    fc.nat(3),
  );
  fc.assert(
    fc.property(message, damage, (text, [where, put, removed]) => {
      const at = where % text.length;
      agree(text.slice(0, at) + put + text.slice(at + removed));
    }),
    { numRuns: 4000 },
  );
});

test('every proper beginning of a message is truncated', () => {
  fc.assert(
    fc.property(message, fc.nat(), (text, size) => {
      const { status, records } = decodeOne(
        decoder,
        Buffer.from(text.slice(0, size % text.length)),
        0n,
      );
      expect([status, records.length]).toEqual([TRUNCATED, 0]);
    }),
  );
});
