import { describe, expect, test } from 'vitest';
import { keysOf } from '../exchange/account.ts';
import { VenueRefusal } from './refusal.ts';
import { keyOf, sign, verifyRest, verifyTime, verifyWsApi } from './signature.ts';

const SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
const REST =
  'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
const REST_SIGNATURE = 'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71';
const ENCODED =
  'symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
const ENCODED_SIGNATURE = 'e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3';
const WS_API =
  'apiKey=vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT';
const WS_API_SIGNATURE = 'aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24';

function codeOf(step: () => void): number | undefined {
  try {
    step();
  } catch (error) {
    if (error instanceof VenueRefusal) return error.code;
    throw error;
  }
  return undefined;
}

describe("the venue's worked examples", () => {
  test.each([
    [REST, REST_SIGNATURE],
    [ENCODED, ENCODED_SIGNATURE],
    [WS_API, WS_API_SIGNATURE],
  ])('%s', (payload, signature) => {
    expect(sign(SECRET, payload)).toBe(signature);
  });

  test.each([
    [REST, REST_SIGNATURE],
    [REST, REST_SIGNATURE.toUpperCase()],
    [ENCODED, ENCODED_SIGNATURE],
  ])('a REST request of them passes', (payload, signature) => {
    expect(codeOf(() => verifyRest(SECRET, `${payload}&signature=${signature}`))).toBeUndefined();
  });

  test('a WebSocket API request passes in any order of its parameters', () => {
    const pairs = WS_API.split('&').map((pair) => pair.split('=') as [string, string]);
    const values = new Map([['signature', WS_API_SIGNATURE] as const, ...pairs.reverse()]);
    expect(codeOf(() => verifyWsApi(SECRET, values))).toBeUndefined();
  });
});

describe('refused', () => {
  test.each([
    [
      'a changed parameter',
      `${REST.replace('quantity=1', 'quantity=2')}&signature=${REST_SIGNATURE}`,
      -1022,
    ],
    ['a changed signature', `${REST}&signature=${REST_SIGNATURE.replace('c8', 'c9')}`, -1022],
    ['a cut signature', `${REST}&signature=${REST_SIGNATURE.slice(2)}`, -1022],
    [
      'a signature with other letters',
      `${REST}&signature=${REST_SIGNATURE.replace('c8', 'zz')}`,
      -1022,
    ],
    ['no signature', REST, -1102],
    [
      'a payload signed without percent-encoding',
      `symbol=１２３&signature=${sign(SECRET, 'symbol=１２３')}`,
      -1022,
    ],
  ])('%s', (_, payload, code) => {
    expect(codeOf(() => verifyRest(SECRET, payload))).toBe(code);
  });
});

describe('time', () => {
  const NOW_MS = 1_700_000_000_000;
  test.each([
    ['now', `${NOW_MS}`, undefined, undefined],
    ['999 ms ahead', `${NOW_MS + 999}`, undefined, undefined],
    ['1000 ms ahead', `${NOW_MS + 1000}`, undefined, -1021],
    ['5000 ms late', `${NOW_MS - 5000}`, undefined, undefined],
    ['5001 ms late', `${NOW_MS - 5001}`, undefined, -1021],
    ['101 ms late in a window of 100', `${NOW_MS - 101}`, '100', -1021],
    ['60 s late in the largest window', `${NOW_MS - 60_000}`, '60000', undefined],
    ['a window too large', `${NOW_MS}`, '60001', -1131],
    ['in microseconds', `${NOW_MS}123`, '5000.125', undefined],
    ['absent', undefined, undefined, -1102],
    ['no number', 'yesterday', undefined, -1102],
  ])('%s', (_, timestamp, window, code) => {
    expect(codeOf(() => verifyTime(timestamp, window, NOW_MS * 1000))).toBe(code);
  });
});

describe('keys', () => {
  const keys = keysOf(1);
  test('of one seed are always the same, of another seed others', () => {
    expect(keysOf(1)).toEqual(keys);
    expect(keysOf(2).map((key) => key.apiKey)).not.toContain(keys[0]?.apiKey);
  });

  test.each([
    ['absent', undefined, -2014],
    ['too short', 'abc', -2014],
    ['unknown', 'a'.repeat(64), -2015],
    ['known', keys[0]?.apiKey, undefined],
  ])('%s', (_, apiKey, code) => {
    expect(codeOf(() => keyOf(keys, apiKey))).toBe(code);
  });
});
