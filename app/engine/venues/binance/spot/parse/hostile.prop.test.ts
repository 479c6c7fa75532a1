import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unixMicros } from '../../../../domain/time.ts';
import { ACCOUNT, fixture, fixtureInstrument, VENUE } from '../testdata/fixtures.ts';
import { parseAccount, parseAccountPosition } from './account.ts';
import { parseBars } from '../../bars.ts';
import { parseExecutionReport } from './execution-report.ts';
import { parseJson } from '../../../../net/json-body.ts';
import { parseExchangeInfo } from './instruments.ts';
import { parseAccountTrade, parseOrder } from './orders.ts';
import { parsePermissions } from './permissions.ts';

const instrument = fixtureInstrument('BTCUSDT');
const context = { account: ACCOUNT, instrument };
const now = unixMicros(1_700_000_000_000_000);

type Parser = (wire: unknown) => { readonly ok: boolean };
const PARSERS: readonly (readonly [string, string, Parser])[] = [
  ['exchangeInfo', 'http_get_exchange_info', (wire) => parseExchangeInfo(wire, VENUE)],
  ['klines', 'http_get_klines', (wire) => parseBars(wire, instrument, now)],
  ['account', 'http_get_account', parseAccount],
  ['order', 'http_get_open_orders', (wire) => parseOrder(wire, context)],
  ['trade', 'http_get_my_trades', (wire) => parseAccountTrade(wire, context)],
  ['permissions', 'http_get_api_restrictions', parsePermissions],
  ['position', 'ws_account_position', (wire) => parseAccountPosition(wire, ACCOUNT)],
  ['fill', 'ws_execution_trade_partial', (wire) => parseExecutionReport(wire, context)],
  ['cancel', 'ws_execution_canceled', (wire) => parseExecutionReport(wire, context)],
  ['stop', 'ws_execution_stop_triggered', (wire) => parseExecutionReport(wire, context)],
];

const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    '',
    '-1',
    '0',
    '1e9',
    'NaN',
    '9'.repeat(100_000),
    `0.${'0'.repeat(500)}1`,
    '__proto__',
    '0.00000000000000000001',
    40,
    90_071_992_547_409,
    Number.MAX_SAFE_INTEGER,
    -1,
    1.5,
    [],
    {},
  ),
);

/** Every place of a JSON value, as a path. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, one]) => placesOf(one, [...path, key]));
  return [path, ...inner];
}

function withValue(wire: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(wire)) {
    return wire.map((one: unknown, index) =>
      String(index) === key ? withValue(one, rest, value) : one,
    );
  }
  const fields = wire as Record<string, unknown>;
  return { ...fields, [key]: withValue(fields[key], rest, value) };
}

test.each(PARSERS)(
  '%s: whatever one place says, the answer is a value or an error',
  (_n, name, parse) => {
    const wires = fixture(name);
    const wire = Array.isArray(wires) && !name.includes('klines') ? wires[0] : wires;
    fc.assert(
      fc.property(fc.constantFrom(...placesOf(wire)), hostile, (place, value) => {
        const parsed = parse(withValue(wire, place, value));
        expect(typeof parsed.ok).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  },
);

// Found with QD_SEED=20241150 of the fuzz suite of readers: telling what was seen exhausted the stack.
test.each(PARSERS)('%s: a value nested too deep to be written is an error', (_n, name, parse) => {
  const wires = fixture(name);
  const wire = Array.isArray(wires) && !name.includes('klines') ? wires[0] : wires;
  const deep = parseJson(Buffer.from(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`));
  if (!deep.ok) throw new Error(deep.error.message);
  for (const place of placesOf(wire)) {
    expect(typeof parse(withValue(wire, place, deep.value)).ok).toBe('boolean');
  }
});
