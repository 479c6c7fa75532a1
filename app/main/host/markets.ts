import type { MarketChoice } from '../../engine/api/desk-start.ts';
import type { Environment } from '../../engine/domain/identifiers.ts';
import type { Settings } from '../../engine/store/settings/schema.ts';

/** The built-in exchange as the settings have it. */
export function builtInExchange({ sandbox }: Settings): MarketChoice & { kind: 'sandbox' } {
  return { kind: 'sandbox', seed: sandbox.seed, port: 0, limits: 'venue' };
}

/** The environment a market choice belongs to. */
export function environmentOfMarket(market: MarketChoice): Environment {
  return market.kind === 'venue' ? market.environment : market.kind;
}

/** What is being watched and traded, in words for window titles. */
export function titleOfMarket(market: MarketChoice): string {
  switch (market.kind) {
    case 'sandbox':
      return `Sandbox, seed ${market.seed}`;
    case 'replay':
      return `Replay of ${wordsOfReplay(market.of)}`;
    case 'venue':
      return VENUE_TITLES[market.environment];
  }
}

/** A market among others: with the account that is traded there, when the choice has one. */
export function nameOfMarket(market: MarketChoice): string {
  const title = titleOfMarket(market);
  if (market.kind !== 'venue') return title;
  return `${title}, ${market.credentials === undefined ? 'prices only' : market.account}`;
}

function wordsOfReplay(of: Extract<MarketChoice, { kind: 'replay' }>['of']): string {
  if (of.kind === 'ticks') return of.instruments.join(', ');
  return of.files.map((file) => file.split(/[\\/]/).at(-1)).join(', ');
}

const VENUE_TITLES = { live: 'Binance', testnet: 'Binance testnet', sandbox: 'Sandbox' } as const;
