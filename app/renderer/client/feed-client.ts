import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  feedMessageSchema,
  feedRequestSchema,
  type FeedMessage,
  type FeedRequest,
} from '../../engine/api/feed-service.ts';
import { Connection, type ConnectionHandlers } from './connection.ts';
import type { Host } from './host.ts';

export { MOST_QUEUED_ORDERS } from '../../engine/api/feed-service.ts';
export type { DownloadAction } from '../../engine/api/downloads.ts';
export type { ConsolidatedMessage, MeasuresMessage } from '../../engine/api/consolidated-book.ts';
export type {
  BarRow,
  CoverageSegment,
  DepthMessage,
  DroppedDay,
  FeedMessage,
  FeedRequest,
  QuoteMessage,
  QueuedOrder,
  QueuePlace,
  ReplayCoverage,
  ReplaySpeed,
  StudyRows,
  QualityMessage,
  TrustRows,
  VolumeRows,
  TradeRow,
} from '../../engine/api/feed-service.ts';

/** The typed connection to `feed`. */
export type FeedClient = Connection<FeedMessage, FeedRequest>;

/** Makes the connection to `feed`; `open` starts it. */
export function createFeedClient(
  host: Host,
  handlers: ConnectionHandlers<FeedMessage>,
): FeedClient {
  return new Connection({
    host,
    name: 'feed',
    speaksEverySecond: true,
    decode: (text) => decodeMessage(feedMessageSchema, text),
    encode: (request) => encodeMessage(feedRequestSchema, request),
    ...handlers,
  });
}
