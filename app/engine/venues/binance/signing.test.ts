import { expect, test } from 'vitest';
import { hmacSha256, queryString, signedParams, signedQuery } from './signing.ts';

// The venue's own published examples.
const SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
const API_KEY = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';
const credentials = { apiKey: API_KEY, secret: SECRET };
const ORDER = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '1',
  price: '0.1',
  recvWindow: 5000,
  timestamp: 1499827319559,
};

test('signs the published REST example', () => {
  expect(signedQuery({ symbol: 'LTCBTC', ...ORDER }, credentials)).toBe(
    'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000' +
      '&timestamp=1499827319559' +
      '&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
  );
});

test('signs a REST symbol beyond ASCII after percent-encoding it', () => {
  const signed = signedQuery({ symbol: '１２３４５６', ...ORDER }, credentials);
  expect(signed).toContain('symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&');
  expect(signed).toContain(
    'signature=e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3',
  );
});

test('signs the published WebSocket API example whatever the order of the parameters', () => {
  const params = {
    timestamp: 1645423376532,
    symbol: 'BTCUSDT',
    side: 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: '0.01000000',
    price: '52000.00',
    recvWindow: 100,
  };
  expect(signedParams(params, credentials)['signature']).toBe(
    'aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24',
  );
});

test('signs a WebSocket API symbol beyond ASCII raw', () => {
  const { signature } = signedParams({ symbol: '１２', timestamp: 1 }, credentials);
  expect(signature).toBe(hmacSha256(SECRET, `apiKey=${API_KEY}&symbol=１２&timestamp=1`));
});

test('leaves absent parameters out', () => {
  expect(queryString({ a: 1, b: undefined, c: 'x y' })).toBe('a=1&c=x%20y');
  expect(Object.keys(signedParams({ b: undefined }, credentials))).toEqual(['apiKey', 'signature']);
});
