import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInputs } from './bad-input.ts';
import { Logger, levelOfArguments, type LogRecord } from './log.ts';
import { Masker, MASK } from './mask.ts';

const KEY = 'CANARYkey0123456789abcdefghijklmnopqrstuvwxyz';

function logger(masker = new Masker(), threshold: 'debug' | 'warn' = 'debug') {
  const records: LogRecord[] = [];
  const clock = { now: 5_000_000 };
  const log = new Logger({
    nowMicros: () => clock.now,
    masker,
    threshold,
    write: (record) => records.push(record),
  });
  return { log, records, clock };
}

describe('what a log never shows', () => {
  test.each([
    `https://venue/api/v3/order?symbol=X&signature=${KEY}&timestamp=1`,
    `GET /api/v3/account X-MBX-APIKEY: ${KEY}`,
    `APCA-API-KEY-ID: ${KEY}`,
    `{"apca-api-secret-key":"${KEY}"}`,
    `{"apiKey":"${KEY}","symbol":"X"}`,
    `{ apiKey: '${KEY}' }`,
    `authorization: Bearer ${KEY}`,
    `Cookie: quarterdeck-1=${KEY}`,
    `{"listenKey": "${KEY}"}`,
    `passphrase=${KEY}`,
    `secretKey=${KEY}`,
    `#token=${KEY}`,
  ])('%s', (text) => {
    const { log, records } = logger();
    log.warn('venue', 'CODE', text, { detail: text });
    expect(JSON.stringify(records)).not.toContain(KEY);
    expect(records[0]?.message).toContain(MASK);
  });

  test('a field that only a secret has, whatever it holds', () => {
    const { log, records } = logger();
    log.info('venue', 'CODE', 'words', { apiKey: KEY, 'X-MBX-APIKEY': KEY, symbol: 'BTCUSDT' });
    expect(records[0]?.fields).toEqual({ apiKey: MASK, 'X-MBX-APIKEY': MASK, symbol: 'BTCUSDT' });
  });

  test('a value it was told of, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string({ minLength: 8 }),
        (before, after, secret) => {
          const masker = new Masker();
          masker.learn(secret);
          expect(masker.text(`${before}${secret}${after}`).includes(secret)).toBe(
            // Only the mask itself may hold what a secret made of its signs would be.
            MASK.repeat(2).includes(secret) || `${before}${MASK}${after}`.includes(secret),
          );
        },
      ),
    );
  });

  test('ordinary words stay as they are', () => {
    const words = 'the venue of token 7 has no key, cookie or signature; order qd-1 is Filled';
    expect(new Masker().text(words)).toBe(words);
  });
});

test('what is quieter than the threshold is not written', () => {
  const { log, records } = logger(undefined, 'warn');
  log.info('a', 'QUIET', '');
  log.error('a', 'LOUD', '');
  expect(records.map(({ code }) => code)).toEqual(['LOUD']);
});

test('beyond 200 records a second the rest is counted and the count is told', () => {
  const { log, records, clock } = logger();
  for (let index = 0; index < 500; index += 1) log.info('a', 'STORM', String(index));
  expect(records).toHaveLength(200);
  clock.now += 1_000_000;
  log.info('a', 'AFTER', '');
  expect(records.slice(200)).toMatchObject([
    { code: 'LOG_DROPPED', message: '300 records of one second were dropped' },
    { code: 'AFTER' },
  ]);
});

test('the level is read from the arguments; what is not a level is info', () => {
  expect(levelOfArguments(['node', 'x', '--log-level=debug'])).toBe('debug');
  expect(levelOfArguments(['--log-level=loud'])).toBe('info');
  expect(levelOfArguments([])).toBe('info');
});

test('wrong input is counted by code with its first and last time and a masked sample; codes are bounded', () => {
  const clock = { now: 1 };
  const bad = new BadInputs(new Masker(), () => clock.now);
  const told = Array.from({ length: 12 }, () => {
    clock.now += 1;
    return bad.note('UNREADABLE', `{"apiKey":"${KEY}"}`);
  });
  expect(told.map((one, index) => (one ? index + 1 : 0)).filter((count) => count > 0)).toEqual([
    1, 10,
  ]);
  expect(bad.entries).toMatchObject([{ code: 'UNREADABLE', count: 12, firstAt: 2, lastAt: 13 }]);
  expect(bad.entries[0]?.sample).not.toContain(KEY);
  for (let index = 0; index < 300; index += 1) bad.note(`CODE_${index}`, '');
  expect(bad.entries.length).toBeLessThanOrEqual(101);
  expect(bad.entries.reduce((sum, { count }) => sum + count, 0)).toBe(312);
});
