/** A fraction, exact. */
export interface Ratio {
  readonly over: bigint;
  readonly under: bigint;
}

/** Something a company did that moves its price without a trade; it holds from `exDate` on (`YYYY-MM-DD`). */
export type CorporateAction = { readonly exDate: string } & (
  | {
      readonly kind: 'Split';
      /** Prices before times this are those after: 1/2 where one share became two. */
      readonly ratio: Ratio;
    }
  | {
      readonly kind: 'Dividend';
      /** What a share was paid, in the currency of prices. */
      readonly amount: Ratio;
    }
  | {
      readonly kind: 'DividendRatio';
      /** The same as who tells it has it reckoned: prices before times this. */
      readonly ratio: Ratio;
    }
);
