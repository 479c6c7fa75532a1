import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertPrototypesUntouched, runSeeds, SEED } from '../../../build-tools/test/seeds.ts';
import { decodeMessage } from '../api/codec.ts';
import { feedMessageSchema, feedRequestSchema } from '../api/feed-service.ts';
import { hostMessageSchema, hostRequestSchema } from '../api/host-service.ts';
import { engineFileSchema, processCommandSchema, processReportSchema } from '../api/supervision.ts';
import { tradeMessageSchema, tradeRequestSchema } from '../api/trade-service.ts';
import { invariant } from '../base/invariant.ts';
import { Xoshiro128, type Rng } from '../base/rng.ts';
import { price } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { ACCOUNT, BTC, INSTRUMENT, terms, VENUE } from '../kernel/testing/desk.ts';
import { complete } from '../language/complete.ts';
import { parse } from '../language/parse.ts';
import { resolve, type Surroundings } from '../language/resolve.ts';
import { parseWireLine } from '../market-data/wire-line.ts';
import {
  decodeInput,
  decodeIntent,
  encodeInput,
  encodeIntent,
} from '../store/journal/input-codec.ts';
import { settingsSchema } from '../store/settings/schema.ts';
import { parseSettings } from '../store/settings/settings-file.ts';
import { discover, symbolOfSnapshot } from '../venues/binance/recorded-message.ts';
import { parseAccount, parseAccountPosition } from '../venues/binance/spot/parse/account.ts';
import { parseBars } from '../venues/binance/spot/parse/bars.ts';
import { parseExecutionReport } from '../venues/binance/spot/parse/execution-report.ts';
import { parseJson } from '../venues/binance/spot/parse/fields.ts';
import { parseExchangeInfo } from '../venues/binance/spot/parse/instruments.ts';
import { parseAccountTrade, parseOrder } from '../venues/binance/spot/parse/orders.ts';
import { parsePermissions } from '../venues/binance/spot/parse/permissions.ts';

const NOW = unixMicros(1_700_000_000_000_000);
const DEFAULTS = settingsSchema.parse({});
const CONTEXT = { account: ACCOUNT, instrument: INSTRUMENT };
const AROUND: Surroundings = {
  account: ACCOUNT,
  instruments: [INSTRUMENT],
  quote: () => ({ instrument: BTC, bid: price(9_999), ask: price(10_001), tsEvent: NOW }),
  instrumentOfOrder: () => BTC,
};

/** Something that reads what came from outside, and what it normally reads. */
interface Reader {
  readonly name: string;
  readonly examples: readonly string[];
  read(bytes: Uint8Array): void;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

function lines(name: string, examples: readonly string[], read: (text: string) => void): Reader {
  return { name, examples, read: (bytes) => read(textOf(bytes)) };
}

const FIXTURES = join(import.meta.dirname, '../venues/binance/spot/testdata');
const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(join(FIXTURES, name), 'utf8'));

const SCHEMAS = {
  feedRequestSchema,
  feedMessageSchema,
  tradeRequestSchema,
  tradeMessageSchema,
  hostRequestSchema,
  hostMessageSchema,
  processCommandSchema,
  processReportSchema,
  engineFileSchema,
};
const messages = [
  { type: 'Execute', commandId: 'c1', command: { type: 'SubmitOrder', terms: terms() } },
  { type: 'Execute', commandId: 'c2', command: { type: 'CancelAll', account: ACCOUNT } },
  { type: 'Preview', request: 1, terms: terms() },
  { type: 'Subscribe', instrument: BTC, depth: 20 },
  { type: 'Refused', code: 'MESSAGE_MALFORMED', message: 'no' },
  { type: 'SaveWorkspace', revision: 1, document: { panels: [{ id: 'a' }] } },
  { type: 'Workspace', workspace: { revision: 1, document: [1, { a: null }] } },
  { type: 'TradeReady' },
].map((message) => JSON.stringify(message));

const READERS: readonly Reader[] = [
  {
    name: 'settings',
    examples: [
      JSON.stringify(DEFAULTS),
      '{ // here\n "risk": { "maxOpenOrders": "many", }, }',
      '{}',
    ],
    read(bytes) {
      const { settings } = parseSettings(textOf(bytes), DEFAULTS);
      invariant(settingsSchema.safeParse(settings).success, 'settings must be whole');
    },
  },
  lines(
    'order language',
    [
      'b 0.5 BTCUSDT 100.01 post ioc',
      's 25% BTCUSDT bid+2t stop=99.5',
      'replace q1-2 0.5 100.02',
      'cancel all BTCUSDT',
      'flatten',
      'kill',
    ],
    (text) => {
      const parsed = parse(text);
      if (parsed.ok) resolve(parsed.value, AROUND);
      complete(text, text.length, { symbols: ['BTCUSDT'], orders: [] });
    },
  ),
  ...Object.entries(SCHEMAS).map(([name, schema]) =>
    lines(name.replace('Schema', ''), messages, (text) => void decodeMessage(schema, text)),
  ),
  {
    name: 'wire lines',
    examples: [
      '1723161253937085768 {"e":"trade","s":"BTCUSDT","p":"1.0","q":"2"}',
      'https://venue.test/depth?symbol=A&limit=5 -> 1633998512.320639: {"lastUpdateId":1}',
      'wss://venue.test/stream?streams=a/b <-> 1633998511.159679',
      '1633998513\t[1,"x"]',
    ],
    read(bytes) {
      const line = parseWireLine(bytes);
      discover(line?.raw ?? bytes);
      symbolOfSnapshot(line?.raw ?? bytes, line?.url);
    },
  },
  {
    name: 'journal text',
    examples: [
      encodeInput({ marketCount: 3, input: { type: 'TimerFired', at: NOW, timer: 't' } }),
      encodeIntent({ type: 'SetTimer', timer: '5n\\', dueAt: NOW }),
    ].map(textOf),
    read(bytes) {
      decodeInput(bytes);
      decodeIntent(bytes);
    },
  },
  {
    name: 'venue answers',
    examples: fixtures,
    read(bytes) {
      const parsed = parseJson(bytes);
      if (!parsed.ok) return;
      const wire = parsed.value;
      parseExchangeInfo(wire, VENUE);
      parseBars(wire, INSTRUMENT, NOW);
      parseAccount(wire);
      parseAccountPosition(wire, ACCOUNT);
      parseOrder(wire, CONTEXT);
      parseAccountTrade(wire, CONTEXT);
      parsePermissions(wire);
      parseExecutionReport(wire, CONTEXT);
    },
  },
];

const PIECES = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', '-', '0', '9', 'e', ' ', '\n', '\u0000', 'é', '🂡'],
  ...['null', 'true', '1e400', '-0', '1e-400', '""', '[]', '{}', '//', '/*', '=', '%', '+', '@'],
  ...['"__proto__":{"polluted":1},', '"constructor":{"prototype":{"polluted":1}},', '__proto__'],
  ...['99999999999999999999', '9007199254740993', '0.000000000000000000001', '-1n', '"5n"'],
];
const BOMBS = [
  ...['[', '{"a":', '{"__proto__":', ' ', '9', '"', '0.', 'b 1 ', '//', '\\u0000', '(', '=', 'é'],
];

function spoilt(rng: Rng, example: string, other: string): Buffer {
  let text = example;
  for (let times = 1 + rng.nextBelow(4); times > 0; times -= 1) {
    const at = rng.nextBelow(text.length + 1);
    const piece = PIECES[rng.nextBelow(PIECES.length)] ?? '';
    const cut = rng.nextBelow(12);
    const kinds = [
      text.slice(0, at) + piece + text.slice(at),
      text.slice(0, at) + piece + text.slice(at + piece.length),
      text.slice(0, at) + text.slice(at + cut),
      text.slice(0, at) + text.slice(Math.max(0, at - cut)),
      text.slice(0, at) + other.slice(rng.nextBelow(other.length + 1)),
      text.replaceAll(/"[^"]*"/g, (word) => (rng.nextBelow(25) === 0 ? piece : word)),
      text.slice(0, at),
    ];
    text = kinds[rng.nextBelow(kinds.length)] ?? '';
  }
  const bytes = Buffer.from(text);
  if (rng.nextBelow(8) === 0 && bytes.length > 0) {
    bytes[rng.nextBelow(bytes.length)] = rng.nextBelow(256);
  }
  return bytes;
}

function inputFor(rng: Rng, { examples }: Reader): Buffer {
  const example = examples[rng.nextBelow(examples.length)] ?? '';
  const other = examples[rng.nextBelow(examples.length)] ?? '';
  switch (rng.nextBelow(64)) {
    case 0:
      return Buffer.from(Array.from({ length: rng.nextBelow(200) }, () => rng.nextBelow(256)));
    case 1: {
      const bomb = BOMBS[rng.nextBelow(BOMBS.length)] ?? '';
      const at = rng.nextBelow(example.length + 1);
      const many = bomb.repeat(1 << rng.nextBelow(16));
      return Buffer.from(example.slice(0, at) + many + example.slice(at));
    }
    case 2: {
      const [open, close] = rng.nextBelow(2) === 0 ? ['[', ']'] : ['{"a":', '}'];
      const depth = 1 << rng.nextBelow(16);
      const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
      return Buffer.from(example.replace(/:\s*(?:"[^"]*"|\d+)/, `:${nested}`));
    }
    default:
      return spoilt(rng, example, other);
  }
}

function shown(bytes: Uint8Array): string {
  const text = JSON.stringify(textOf(bytes));
  return text.length > 600 ? `${text.slice(0, 600)}… (${bytes.length} bytes)` : text;
}

/** Reads; an exception or a changed prototype is told with the reader and what it read. */
function check({ name, read }: Pick<Reader, 'name' | 'read'>, bytes: Uint8Array): void {
  try {
    read(bytes);
    assertPrototypesUntouched();
  } catch (error) {
    throw new Error(`${name} of ${shown(bytes)}: ${String(error)}`, { cause: error });
  }
}

const INPUTS_A_TRIAL = 20;

test('whatever bytes come from outside, every reader answers', async () => {
  let slowest = 0;
  let slowestReader = '';
  const reached = await runSeeds('inputs to readers of outside bytes', 15, (seed) => {
    const rng = new Xoshiro128(seed);
    for (const reader of READERS) {
      for (let input = 0; input < INPUTS_A_TRIAL; input += 1) {
        const bytes = inputFor(rng, reader);
        const begun = performance.now();
        check(reader, bytes);
        const took = performance.now() - begun;
        if (took > slowest) [slowest, slowestReader] = [took, reader.name];
      }
    }
    return { inputs: READERS.length * INPUTS_A_TRIAL };
  });
  console.log(
    `reached at slowest ${slowest.toFixed(1)} ms an input (${slowestReader}), seed ${SEED}`,
  );
  expect(reached['inputs']).toBeGreaterThan(0);
});

test('a reader that throws, or that touches a prototype, is found', () => {
  const bytes = Buffer.from('{');
  const throws = { name: 'careless', read: (text: Uint8Array) => void JSON.parse(textOf(text)) };
  expect(() => check(throws, bytes)).toThrow(/^careless of "\{"/);
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  const pollutes = { name: 'polluting', read: () => void (prototype['polluted'] = 1) };
  try {
    expect(() => check(pollutes, bytes)).toThrow('prototypes');
  } finally {
    delete prototype['polluted'];
  }
});
