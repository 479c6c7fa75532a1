import type { Environment } from '../../../domain/identifiers.ts';

/** Where a Binance spot exchange is reached. `ws` and `wsApi` without a trailing slash. */
export interface BaseUrls {
  readonly http: string;
  /** Market streams; `/stream` is added. */
  readonly ws: string;
  /** WebSocket API, whole. */
  readonly wsApi: string;
}

/** Which Binance spot exchange; the only difference between them is what stands here. */
export interface BinanceSpotConfig {
  readonly environment: Environment;
  readonly urls: BaseUrls;
  /** False where `/sapi` does not exist and a key's rights cannot be read back. */
  readonly permissionsReadable: boolean;
}

/** Binance itself. */
export const LIVE: BinanceSpotConfig = {
  environment: 'live',
  urls: {
    http: 'https://api.binance.com',
    ws: 'wss://stream.binance.com:9443',
    wsApi: 'wss://ws-api.binance.com:443/ws-api/v3',
  },
  permissionsReadable: true,
};

/** Binance's public test exchange. */
export const TESTNET: BinanceSpotConfig = {
  environment: 'testnet',
  urls: {
    http: 'https://testnet.binance.vision',
    ws: 'wss://stream.testnet.binance.vision:9443',
    wsApi: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
  },
  permissionsReadable: false,
};

/** The sandbox at the addresses it printed. */
export function sandboxConfig(urls: BaseUrls): BinanceSpotConfig {
  return { environment: 'sandbox', urls, permissionsReadable: true };
}
