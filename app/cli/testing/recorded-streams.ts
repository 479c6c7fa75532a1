import type { RecordedVenue } from '../recorded-venues.ts';

/** Every recorded stream: whose it is, its files, books and checksums. */
export const STREAMS: readonly (readonly [RecordedVenue, readonly string[], number, number])[] = [
  [
    'binance',
    ['binance_spot/btcusdt_20240808.txt.gz', 'binance_spot/btcusdt_20240809.txt.gz'],
    1,
    0,
  ],
  ['binance', ['binance_spot/ethusdt_20240808.txt.gz'], 1, 0],
  [
    'binance',
    ['binance/ws_1.txt.gz', 'binance/http.txt.gz', 'binance/reference_rest.txt.gz'],
    3,
    0,
  ],
  ['binance-usdm', ['binance_usdm/btcusdt_20240808.txt.gz'], 1, 0],
  [
    'binance-usdm',
    [
      'binance_futures/ws_1.txt.gz',
      'binance_futures/http.txt.gz',
      'binance_futures/reference_rest.txt.gz',
    ],
    3,
    0,
  ],
  ['binance-coinm', ['binance_coinm/btcusd_perp_20240808.txt.gz'], 1, 0],
  ['bybit', ['bybit_v5/xrpusdt_ob500.zip'], 1, 0],
  [
    'bybit-v2',
    [
      'bybit_v2_legacy/ws_25.txt.gz',
      'bybit_v2_legacy/ws_26.txt.gz',
      'bybit_v2_legacy/reference_rest.txt.gz',
    ],
    10,
    0,
  ],
  ['coinbase', ['derived/coinbase_advanced_l2.tsv.gz'], 6, 0],
  ['coinbase-exchange', ['coinbase/ws_28.txt.gz', 'coinbase/reference_rest.txt.gz'], 6, 0],
  ['deribit', ['deribit/ws_1.txt.gz', 'deribit/reference_rest.txt.gz'], 7, 0],
  ['hyperliquid', ['hyperliquid/btcusd_20250126.txt.gz'], 1, 0],
  ['kraken', ['derived/kraken_v2_book1000.tsv.gz'], 6, 3043],
  [
    'kraken-v1',
    [
      'kraken/ws_48.txt.gz',
      'kraken/ws_49.txt.gz',
      'kraken/ws_50.txt.gz',
      'kraken/reference_rest.txt.gz',
    ],
    6,
    3037,
  ],
  ['kraken-futures', ['kraken_futures/ws_1.txt.gz', 'kraken_futures/reference_rest.txt.gz'], 10, 0],
  ['okx', ['okx/ws_1.txt.gz', 'okx/reference_rest.txt.gz'], 2, 197],
];
