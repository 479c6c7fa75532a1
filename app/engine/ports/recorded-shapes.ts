import type { RecordedShape } from './feed-verification.ts';

/** Every name that `pattern` (global, its first group) finds, once, at these scales: for venues that write numbers as short as they can be, so that a message does not show the decimals of its instrument. */
export function shapesNamed(
  text: string,
  pattern: RegExp,
  scales: { readonly price: number; readonly quantity: number },
): readonly RecordedShape[] {
  const names = new Set([...text.matchAll(pattern)].map(([, name]) => name));
  return [...names].flatMap((symbol) => {
    if (symbol === undefined) return [];
    const { price: priceScale, quantity: quantityScale } = scales;
    return [{ symbol, priceScale, quantityScale, priceZeros: 0, quantityZeros: 0 }];
  });
}
