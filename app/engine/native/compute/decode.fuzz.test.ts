import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { assertPrototypesUntouched } from '../../../../build-tools/test/prototypes.ts';
import { runSeeds } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import { readWireRecording } from '../../market-data/wire-recording.ts';
import { Decoder, MALFORMED, TRUNCATED } from './decode.ts';
import { MarketRecords } from './market-record.ts';
import { plainRecords } from './testing/decoding.ts';
import { referenceDecode, type PlainRecord } from './testing/reference-decoder.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/data/ws');
const FILES = [
  'binance_spot/btcusdt_20240808.txt.gz',
  'binance_usdm/btcusdt_20240808.txt.gz',
  'binance_coinm/btcusd_perp_20240808.txt.gz',
  'binance/ws_1.txt.gz',
];
const MESSAGES_A_FILE = 1_500;
const LONGEST = 4_000;
const NOW = 17n;

const INSTRUMENTS = [
  { symbol: 'BTCUSDT', index: 0, priceScale: 2, quantityScale: 5 },
  { symbol: 'BTCUSD_PERP', index: 65_535, priceScale: 1, quantityScale: 0 },
  { symbol: 'ETHBTC', index: 7, priceScale: 15, quantityScale: 15 },
];
const decoder = new Decoder(INSTRUMENTS);
const records = new MarketRecords(4_096);
const status = new Int32Array(16);

interface Decoded {
  readonly status: number;
  readonly records: readonly PlainRecord[];
}

/** Decodes messages in one call. */
function decode(messages: readonly Uint8Array[]): {
  readonly statuses: readonly number[];
  readonly records: readonly PlainRecord[];
} {
  let size = 0;
  const ends = Uint32Array.from(messages, ({ length }) => (size += length));
  const times = BigInt64Array.from(messages, () => NOW);
  const bytes = Buffer.concat(messages);
  const written = decoder.decode(bytes, ends, messages.length, times, records, status);
  const statuses = [...status.subarray(0, messages.length)];
  return { statuses, records: plainRecords(records, 0, written) };
}

function decodeOne(bytes: Uint8Array): Decoded {
  const decoded = decode([bytes]);
  return { status: decoded.statuses[0] ?? 0, records: decoded.records };
}

function assertSame(text: string, actual: Decoded): void {
  const expected = referenceDecode(text, INSTRUMENTS, NOW);
  const same =
    expected.status === 'SYNTAX'
      ? [MALFORMED, TRUNCATED].includes(actual.status) && actual.records.length === 0
      : isDeepStrictEqual(actual, expected);
  const { length } = expected.records;
  invariant(
    same,
    `the reference says ${expected.status} with ${length} records, was ${actual.status} with ` +
      `${actual.records.length}: ${JSON.stringify(text)}`,
  );
}

function digits(rng: Rng, most: number): string {
  const length = 1 + rng.nextBelow(most);
  return Array.from({ length }, () => rng.nextBelow(10)).join('');
}

function decimal(rng: Rng): string {
  return `"${digits(rng, 5)}.${digits(rng, 2)}${'0'.repeat(rng.nextBelow(7))}"`;
}

function levels(rng: Rng): string {
  const rows = Array.from({ length: rng.nextBelow(6) }, () => `[${decimal(rng)},${decimal(rng)}]`);
  return `[${rows.join(',')}]`;
}

/** A message as the venue writes it, of the kinds that the recordings lack as well. */
function generated(rng: Rng): string {
  const symbol = INSTRUMENTS[rng.nextBelow(INSTRUMENTS.length)]?.symbol ?? '';
  const head = `"E":172316125${digits(rng, 4)},"s":"${symbol}"`;
  const [p, q, low] = [decimal(rng), decimal(rng), decimal(rng)];
  const trade = `"p":${p},"q":${q},"T":1723161255208,"m":${rng.nextBelow(2) === 0}`;
  const ids = `"U":${digits(rng, 12)},"u":${digits(rng, 12)}`;
  const bar =
    `"t":1723161240000,"T":1723161299999,"s":"${symbol}","i":"1m","f":1,"L":2,"o":${p},"c":${p},` +
    `"h":${p},"l":${low},"v":${q},"n":${digits(rng, 3)},"x":false,"q":${q},"V":${q},"Q":${q},"B":"0"`;
  const kinds = [
    `{"e":"trade",${head},"t":${digits(rng, 9)},${trade},"M":true}`,
    `{"e":"aggTrade",${head},"a":${digits(rng, 9)},${trade},"f":1,"l":2}`,
    `{"u":${digits(rng, 12)},"s":"${symbol}","b":${p},"B":${q},"a":${low},"A":${q}}`,
    `{"e":"depthUpdate",${head},${ids},"b":${levels(rng)},"a":${levels(rng)}}`,
    `{"e":"depthUpdate",${head},${ids},"pu":${digits(rng, 12)},"b":${levels(rng)},"a":${levels(rng)}}`,
    `{"e":"kline",${head},"k":{${bar}}}`,
  ];
  const text = kinds[rng.nextBelow(kinds.length)] ?? '';
  return rng.nextBelow(2) === 0 ? text : `{"stream":"any@stream","data":${text}}`;
}

const PIECES = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', '.', '-', '0', '9', 'e', ' ', '\n', 'é', '\u0000'],
  ...['null', 'true', '1e5', '\\u0041', '\\ud800', '"__proto__":{"x":1},', '"e":"trade",', '{"a":'],
  ...['99999999999999999999', '9007199254740993', '-0', '"b":[],', '[[[[[[', '0.00000000000000001'],
];

/** One message spoilt in a few places, or two made into one. */
function mutated(rng: Rng, text: string, other: string): string {
  let result = text;
  for (let times = rng.nextBelow(4); times > 0; times -= 1) {
    const at = rng.nextBelow(result.length + 1);
    const piece = PIECES[rng.nextBelow(PIECES.length)] ?? '';
    const cut = rng.nextBelow(8);
    const kinds = [
      result.slice(0, at) + piece + result.slice(at),
      result.slice(0, at) + piece + result.slice(at + piece.length),
      result.slice(0, at) + result.slice(at + cut),
      result.slice(0, at) + result.slice(Math.max(0, at - cut)),
      result.slice(0, at) + other.slice(rng.nextBelow(other.length)),
      result.replaceAll(/\d/g, (digit) => (rng.nextBelow(20) === 0 ? digits(rng, 1) : digit)),
      result.replaceAll(/,/g, (comma) => (rng.nextBelow(30) === 0 ? `${piece},` : comma)),
      result.slice(0, at),
    ];
    result = kinds[rng.nextBelow(kinds.length)] ?? '';
  }
  return result;
}

let recorded: readonly string[] = [];
beforeAll(async () => {
  const messages: string[] = [];
  for (const file of FILES.filter((name) => existsSync(join(FOLDER, name)))) {
    const most = messages.length + MESSAGES_A_FILE;
    for await (const line of readWireRecording(join(FOLDER, file))) {
      if (messages.length === most) break;
      if (line.ok && line.value.kind === 'Received' && line.value.raw.length < LONGEST)
        messages.push(Buffer.from(line.value.raw).toString());
    }
  }
  if (messages.length === 0) console.warn(`only generated messages: ${FOLDER} is absent`);
  recorded = messages;
});

function original(rng: Rng): string {
  const take = recorded.length > 0 && rng.nextBelow(2) === 0;
  return take ? (recorded[rng.nextBelow(recorded.length)] ?? '') : generated(rng);
}

const A_TRIAL = 50;
const NIGHTLY = { of: 'messages', count: 10_000_000, seconds: 3600, resumes: true } as const;

test('whatever bytes come, native and reference decoder agree bit for bit', async () => {
  const trial = (seed: number) => {
    const rng = new Xoshiro128(seed);
    let decoded = 0;
    const texts = Array.from({ length: A_TRIAL }, () => mutated(rng, original(rng), original(rng)));
    const alone = texts.map((text) => {
      const actual = decodeOne(Buffer.from(text));
      assertSame(text, actual);
      if (actual.records.length > 0) decoded += 1;
      return actual;
    });
    const first = rng.nextBelow(A_TRIAL - status.length);
    const some = alone.slice(first, first + status.length);
    const batch = decode(
      texts.slice(first, first + status.length).map((text) => Buffer.from(text)),
    );
    const same =
      isDeepStrictEqual(
        batch.statuses,
        some.map((one) => one.status),
      ) &&
      isDeepStrictEqual(
        batch.records,
        some.flatMap((one) => one.records),
      );
    invariant(same, 'messages in one call must decode as they do alone');
    assertPrototypesUntouched();
    return { messages: A_TRIAL, 'still legal': decoded };
  };
  const reached = await runSeeds('spoilt market messages', 18, trial, NIGHTLY);
  expect(reached['still legal']).toBeGreaterThan(0);
});

test('bytes that are no text are refused or decoded, never more', async () => {
  const reached = await runSeeds('messages of any bytes', 2, (seed) => {
    const rng = new Xoshiro128(seed);
    for (let message = 0; message < A_TRIAL; message += 1) {
      const bytes = Buffer.from(original(rng));
      for (let times = 1 + rng.nextBelow(4); times > 0; times -= 1)
        bytes[rng.nextBelow(bytes.length)] = rng.nextBelow(256);
      const { status: code, records: given } = decodeOne(bytes);
      invariant(code > 0 === given.length > 0, `status ${code} with ${given.length} records`);
    }
    assertPrototypesUntouched();
    return { messages: A_TRIAL };
  });
  expect(reached['messages']).toBeGreaterThan(0);
});

test('a decoder that is wrong in one bit is found', () => {
  const text = '{"u":5,"s":"BTCUSDT","b":"1.00","B":"2","a":"3.00","A":"4"}';
  const right = decodeOne(Buffer.from(text));
  assertSame(text, right);
  const wrong = right.records.map((record) => record.map((value) => value ^ 1n));
  expect(() => assertSame(text, { ...right, records: wrong })).toThrow('the reference says');
});
