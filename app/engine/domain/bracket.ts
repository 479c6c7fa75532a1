import type { Bracket, Side } from './order.ts';
import type { Price } from './price.ts';

/** An exit of a bracket. */
export type BracketLeg = keyof Bracket;

/** Where an exit lies as seen from the entry's price. */
export function exitSide(entry: Side, leg: BracketLeg): 'above' | 'below' {
  return (entry === 'Buy') === (leg === 'takeProfit') ? 'above' : 'below';
}

/** True when an exit lies on its own side of the entry's price, not on it. */
export function liesBeyond(entry: Side, leg: BracketLeg, exit: Price, at: Price): boolean {
  return exitSide(entry, leg) === 'above' ? exit > at : exit < at;
}
