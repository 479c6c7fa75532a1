import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  tradeMessageSchema,
  tradeRequestSchema,
  type TradeMessage,
  type TradeRequest,
} from '../../engine/api/trade-service.ts';
import { Connection, type ConnectionHandlers } from './connection.ts';
import type { Host } from './host.ts';

export type { TradeHealth, TradeMessage, TradeRequest } from '../../engine/api/trade-service.ts';

/** The typed connection to `trade`. */
export type TradeClient = Connection<TradeMessage, TradeRequest>;

/** Makes the connection to `trade`; `open` starts it. */
export function createTradeClient(
  host: Host,
  handlers: ConnectionHandlers<TradeMessage>,
): TradeClient {
  return new Connection({
    host,
    name: 'trade',
    decode: (text) => decodeMessage(tradeMessageSchema, text),
    encode: (request) => encodeMessage(tradeRequestSchema, request),
    ...handlers,
  });
}
