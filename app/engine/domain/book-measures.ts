/** Best levels a side whose quantities an imbalance compares. */
export const IMBALANCE_DEPTHS = [1, 5, 10, 20] as const;

/** Basis points from the mid within which quantities are added up. */
export const DEPTH_BANDS_BPS = [5, 10, 25] as const;

/** Seconds over which the order flow imbalance is added up. */
export const FLOW_SECONDS = [1, 10] as const;

/** How much finer the mid and the microprice are than the instrument's price unit: decimals beyond its `priceScale`. */
export const FINE_DECIMALS = 2;
