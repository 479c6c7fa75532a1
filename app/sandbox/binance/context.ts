import type { SandboxKey } from '../exchange/account.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Market } from '../exchange/market.ts';
import type { Limits } from './limits.ts';
import type { Parameters } from './parameters.ts';
import { VenueRefusal } from './refusal.ts';

/** What an operation works with. `key` is the verified key of a signed operation. */
export interface OperationContext {
  readonly exchange: Exchange;
  readonly limits: Limits;
  readonly parameters: Parameters;
  readonly key: SandboxKey | undefined;
  /** An id nobody used before, for what a client leaves unnamed. */
  newId(): string;
}

/** One thing a client can ask for, by REST or by the WebSocket API. */
export interface Operation {
  readonly security: 'public' | 'read' | 'trade';
  weight(parameters: Parameters): number;
  /** Returns the answer's JSON value; a refusal is thrown as `VenueRefusal`. */
  run(context: OperationContext): unknown;
  /** Answers carry the order counts; a success costs no weight. */
  readonly placesOrders?: boolean;
}

/** The market a request names. */
export function marketOf(context: OperationContext): Market {
  const market = context.exchange.market(context.parameters.symbol());
  if (market === undefined) throw new VenueRefusal(-1121, 'Invalid symbol.');
  return market;
}
