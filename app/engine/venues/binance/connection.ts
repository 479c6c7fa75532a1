import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { Rng } from '../../base/rng.ts';
import { HttpClient, type Fetch } from '../../net/http-client.ts';
import { RequestQueue } from '../../net/request-queue.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { SocketOpener } from '../../net/socket.ts';
import { VenueClock } from '../../net/venue-clock.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import { FieldReader } from '../../ports/wire-fields.ts';
import type { BinanceMarket } from './market.ts';
import { RestApi } from './rest.ts';
import { SETTINGS } from './settings.ts';

/** What a connector needs of its process. */
export interface ConnectorDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  readonly fetch?: Fetch;
}

/** One market's questions with its weight budget and its clock; everything of a connector shares them. */
export interface BinanceConnection extends Disposable {
  readonly queue: RequestQueue;
  readonly rest: RestApi;
  readonly venueClock: VenueClock<VenueError>;
}

/** Nothing is sent before it is asked to. */
export function openConnection(
  {
    http: baseUrl,
    root,
    weightPerMinute,
  }: Pick<BinanceMarket, 'http' | 'root' | 'weightPerMinute'>,
  { clock, scheduler, rng, fetch }: ConnectorDeps,
): BinanceConnection {
  const queue = new RequestQueue({
    clock,
    scheduler,
    weightLimit: weightPerMinute,
    windowMs: 60_000,
    maxLength: SETTINGS.queueLength,
  });
  const http = new HttpClient({
    scheduler,
    ...(fetch === undefined ? {} : { fetch }),
    maxBodyBytes: SETTINGS.maxAnswerBytes,
  });
  const rest = new RestApi({
    baseUrl,
    http,
    queue,
    scheduler,
    rng,
    venueMs: () => venueClock.nowMs(),
    clock,
    onClockOff: async () => void (await venueClock.measure()),
  });
  const venueClock = new VenueClock(clock, scheduler, () => readTime(rest, `${root}/time`));
  return {
    queue,
    rest,
    venueClock,
    [Symbol.dispose]: () => {
      venueClock[Symbol.dispose]();
      queue[Symbol.dispose]();
    },
  };
}

async function readTime(rest: RestApi, path: string): Promise<Result<number, VenueError>> {
  // A cancel is signed with this time: it must not wait where a cancel would not.
  const answer = await rest.json({ path, priority: 'cancel', weight: 1 });
  if (!answer.ok) return answer;
  const reader = new FieldReader(answer.value, 'time');
  return reader.finish(reader.time('serverTime'));
}
