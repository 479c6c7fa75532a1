/** One invented instrument. Prices and quantities are mantissas at its scales. */
export interface SyntheticInstrument {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly tickSize: number;
  readonly stepSize: number;
  /** Where the past ends and the live market begins. */
  readonly startPrice: number;
  /** Standard deviation of a year's log returns while the market is ordinary. */
  readonly annualVolatility: number;
  readonly tradesPerSecond: number;
  /** Mean size of a trade and of an order at the touch, in whole quote units. */
  readonly tradeNotional: number;
  readonly touchNotional: number;
  /** Smallest price x quantity of an order, at priceScale + quantityScale; 5 quote units when absent. */
  readonly minNotional?: bigint;
}

/** Instruments that move together. */
export interface SyntheticMarket {
  readonly instruments: readonly SyntheticInstrument[];
  /** Correlation of returns, symmetric, in the order of `instruments`. */
  readonly correlations: readonly (readonly number[])[];
}

/** Five coins against USDT with the tick and step sizes of the real ones. */
export const DEFAULT_MARKET: SyntheticMarket = {
  instruments: [
    {
      symbol: 'BTCUSDT',
      base: 'BTC',
      quote: 'USDT',
      priceScale: 2,
      quantityScale: 5,
      tickSize: 1,
      stepSize: 1,
      startPrice: 6_743_218,
      annualVolatility: 0.4,
      tradesPerSecond: 9,
      tradeNotional: 1200,
      touchNotional: 24_000,
    },
    {
      symbol: 'ETHUSDT',
      base: 'ETH',
      quote: 'USDT',
      priceScale: 2,
      quantityScale: 4,
      tickSize: 1,
      stepSize: 1,
      startPrice: 351_872,
      annualVolatility: 0.52,
      tradesPerSecond: 6,
      tradeNotional: 800,
      touchNotional: 16_000,
    },
    {
      symbol: 'SOLUSDT',
      base: 'SOL',
      quote: 'USDT',
      priceScale: 2,
      quantityScale: 3,
      tickSize: 1,
      stepSize: 1,
      startPrice: 15_644,
      annualVolatility: 0.7,
      tradesPerSecond: 4,
      tradeNotional: 450,
      touchNotional: 9_000,
    },
    {
      symbol: 'BNBUSDT',
      base: 'BNB',
      quote: 'USDT',
      priceScale: 2,
      quantityScale: 3,
      tickSize: 1,
      stepSize: 1,
      startPrice: 58_931,
      annualVolatility: 0.45,
      tradesPerSecond: 3,
      tradeNotional: 500,
      touchNotional: 9_000,
    },
    {
      symbol: 'XRPUSDT',
      base: 'XRP',
      quote: 'USDT',
      priceScale: 4,
      quantityScale: 1,
      tickSize: 1,
      stepSize: 1,
      startPrice: 21_437,
      annualVolatility: 0.65,
      tradesPerSecond: 4,
      tradeNotional: 350,
      touchNotional: 9_000,
    },
  ],
  correlations: [
    [1, 0.82, 0.72, 0.68, 0.62],
    [0.82, 1, 0.74, 0.66, 0.6],
    [0.72, 0.74, 1, 0.6, 0.55],
    [0.68, 0.66, 0.6, 1, 0.5],
    [0.62, 0.6, 0.55, 0.5, 1],
  ],
};
