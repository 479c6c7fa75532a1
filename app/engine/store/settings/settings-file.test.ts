import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingsSchema } from './schema.ts';
import { parseSettings } from './settings-file.ts';

const DEFAULTS = settingsSchema.parse({});

describe('parseSettings', () => {
  test('an empty object gives the defaults', () => {
    expect(parseSettings('{}', DEFAULTS)).toEqual({ settings: DEFAULTS, problems: [] });
  });

  test('comments and a good value are read', () => {
    const read = parseSettings('{\n  // slower\n  "risk": { "maxOpenOrders": 3 },\n}', DEFAULTS);
    expect(read.problems).toEqual([]);
    expect(read.settings.risk.maxOpenOrders).toBe(3);
    expect(read.settings.risk.maxOrderNotional).toBe('50000');
  });

  test('a wrong value is named by line and key and keeps its last good value', () => {
    const lastGood = parseSettings('{"risk":{"maxOpenOrders":3}}', DEFAULTS).settings;
    const text = '{\n  "risk": {\n    "maxOpenOrders": "many",\n    "priceCollarBps": 20\n  }\n}';
    const read = parseSettings(text, lastGood);
    expect(read.settings.risk.maxOpenOrders).toBe(3);
    expect(read.settings.risk.priceCollarBps).toBe(20);
    expect(read.problems).toMatchObject([{ line: 3, key: 'risk.maxOpenOrders' }]);
    expect(read.problems[0]?.message).toContain('was "many"');
  });

  test('more orders in a window than the risk gate can count are refused', () => {
    const read = parseSettings('{"risk":{"maxOrdersPerWindow":100001}}', DEFAULTS);
    expect(read.problems).toMatchObject([{ key: 'risk.maxOrdersPerWindow' }]);
    expect(read.settings).toEqual(DEFAULTS);
  });

  test('what may be a password in an address is not told, however it is written', () => {
    const proxy = 'http://me:se//cr@et@host:1';
    const { problems } = parseSettings(JSON.stringify({ network: { proxy } }), DEFAULTS);
    expect(problems[0]?.message).toContain('was "http:' + '//…@host:1"');
    expect(JSON.stringify(problems)).not.toMatch(/se\/|cr@|et@/);
  });

  test('of a long wrong value the beginning is told', () => {
    const maxPositionNotional = '/'.repeat(33_000);
    const text = JSON.stringify({ risk: { maxPositionNotional } });
    const { problems } = parseSettings(text, DEFAULTS);
    expect(problems[0]?.message.length).toBeLessThan(400);
    expect(problems[0]?.message).toMatch(/, was "\/{199}…$/);
  });

  test('an unknown key is named and left out', () => {
    const read = parseSettings('{\n"risk": {},\n"rsik": 1\n}', DEFAULTS);
    expect(read.problems).toMatchObject([{ line: 3, key: 'rsik' }]);
    expect(read.settings).toEqual(DEFAULTS);
  });

  test('text that is no JSON keeps everything and names the line', () => {
    const read = parseSettings('{\n"risk": {\n,,', DEFAULTS);
    expect(read.settings).toBe(DEFAULTS);
    expect(read.problems).toMatchObject([{ line: 3, key: '(file)' }]);
  });

  test('text nested beyond reason keeps everything', () => {
    const read = parseSettings('['.repeat(100_000), DEFAULTS);
    expect(read.settings).toBe(DEFAULTS);
    expect(read.problems).toMatchObject([{ key: '(file)' }]);
  });

  test('any JSON gives full settings', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = parseSettings(text, DEFAULTS);
        expect(settingsSchema.safeParse(read.settings).success).toBe(true);
      }),
    );
  });

  test('settings-shaped nonsense gives full settings', () => {
    const section = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()));
    const shape = fc.record({ risk: section, market: section, browser: section, sandbox: section });
    fc.assert(
      fc.property(shape, (value) => {
        const read = parseSettings(JSON.stringify(value), DEFAULTS);
        expect(settingsSchema.safeParse(read.settings).success).toBe(true);
      }),
    );
  });
});
