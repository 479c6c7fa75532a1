import type { VenueUrls } from '../api/supervision.ts';
import { LIVE, TESTNET } from '../venues/binance/spot/index.ts';

/** Where the venue that is traded answers. */
export const VENUE_URLS: Readonly<Record<'live' | 'testnet', VenueUrls>> = {
  live: LIVE.urls,
  testnet: TESTNET.urls,
};
