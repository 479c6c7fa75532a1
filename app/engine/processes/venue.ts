import { randomInt } from 'node:crypto';
import type { NetworkConfig, VenueUrls } from '../api/supervision.ts';
import { Xoshiro128 } from '../base/rng.ts';
import type { Environment } from '../domain/identifiers.ts';
import { createBinanceSpot, LIVE, sandboxConfig, TESTNET } from '../venues/binance/spot/index.ts';
import type { BinanceSpot, BinanceSpotConfig } from '../venues/binance/spot/index.ts';
import { routeTo } from './network.ts';
import type { SystemTime } from './system-time.ts';

function configOf(environment: Environment, urls: VenueUrls): BinanceSpotConfig {
  if (environment === 'live') return { ...LIVE, urls };
  return environment === 'testnet' ? { ...TESTNET, urls } : sandboxConfig(urls);
}

/** The connector of this process; jitter comes from a seed of the machine. */
export function connectVenue(
  environment: Environment,
  urls: VenueUrls,
  time: SystemTime,
  network: NetworkConfig | undefined,
): BinanceSpot {
  return createBinanceSpot({
    ...routeTo('BINANCE', environment, network),
    config: configOf(environment, urls),
    clock: time.following,
    scheduler: time,
    rng: new Xoshiro128(randomInt(2 ** 32)),
  });
}
