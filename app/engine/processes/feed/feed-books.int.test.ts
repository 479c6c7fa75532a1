import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { ClientId } from '../../domain/identifiers.ts';
import { formatDecimal } from '../../domain/decimal.ts';
import { RingWriter } from '../../native/io/ring.ts';
import type { MarketDataSink } from '../../ports/market-data-client.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { systemClock } from '../../../sandbox/system-clock.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';
import { Feed } from './feed.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'XRPUSDT'];
const COMPARED = 20;
const LEVELS = 25;

interface Depth {
  readonly instrument: string;
  readonly updateId: number;
  readonly state: string;
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
}

/** A window that acknowledges every frame at once. */
function window(onDepth: (depth: Depth) => void): {
  readonly channel: ClientChannel;
  readonly ask: (request: unknown) => void;
} {
  let listener: (text: string) => void = () => undefined;
  const channel: ClientChannel = {
    client: 'desk-test' as ClientId,
    send(text) {
      const message = JSON.parse(text) as { type: string; frame: number; depths: Depth[] };
      if (message.type !== 'Frame') return;
      for (const depth of message.depths) onDepth(depth);
      listener(JSON.stringify({ type: 'Acknowledge', frame: message.frame }));
    },
    onMessage(told) {
      listener = told;
    },
    onClose: () => undefined,
    close: () => undefined,
  };
  return { channel, ask: (request) => listener(JSON.stringify(request)) };
}

test('books in windows are never crossed and equal the exchange at the same update', async () => {
  await using held = new AsyncDisposableStack();
  const started = await createSandbox({ clock: systemClock(), seed: 11, port: 0, limits: 'open' });
  if (!started.ok) throw new Error(started.error.reason);
  const { url, webSocketUrl } = held.use(started.value);
  const urls = { http: url, ws: webSocketUrl, wsApi: `${webSocketUrl}/ws-api/v3` };
  const folder = mkdtempSync(join(tmpdir(), 'qd-feed-'));
  const ring = RingWriter.create(join(folder, 'market.ring'), 4096);
  if (!ring.ok) throw new Error(ring.error.detail);
  const time = new SystemTime();
  const venue = held.use(connectVenue('sandbox', urls, time, undefined));
  const sink: MarketDataSink = {
    onRecords: (records, count) => feed.onRecords(records, count),
    onHealth: (health) => feed.onHealth(health),
    onUnknownMessage: (raw) => feed.onUnknownMessage(raw),
  };
  const client = venue.data(sink);
  const feed: Feed = new Feed({
    config: {
      dataFolder: folder,
      environment: 'sandbox',
      source: { kind: 'venue', urls },
      symbols: SYMBOLS,
      ringPath: join(folder, 'market.ring'),
      record: false,
      divergenceBps: 100,
    },
    clock: time,
    client,
    ring: ring.value,
  });
  held.use(feed);
  const listed = await client.loadInstruments();
  if (!listed.ok) throw new Error(listed.error.message);
  const instruments = SYMBOLS.map((symbol) =>
    present(
      listed.value.find((instrument) => instrument.symbol === symbol),
      symbol,
    ),
  );
  feed.start(instruments);

  const seen = new Map<string, Depth>();
  let crossed = 0;
  const desk = window((depth) => {
    const [[bid = 0] = [], [ask = Infinity] = []] = [depth.bids[0], depth.asks[0]];
    if (depth.state === 'Live' && bid >= ask) crossed += 1;
    seen.set(`${depth.instrument} ${depth.updateId}`, depth);
  });
  feed.addWindow(desk.channel);
  for (const { id } of instruments) {
    const subscription = id;
    desk.ask({ type: 'SubscribeDepth', subscription, instrument: id, levels: LEVELS });
  }

  let compared = 0;
  await expect
    .poll(
      async () => {
        for (const instrument of instruments) {
          const { symbol, id, priceScale, quantityScale } = instrument;
          const answer = await fetch(`${url}/api/v3/depth?symbol=${symbol}&limit=${LEVELS}`);
          const theirs = (await answer.json()) as {
            lastUpdateId: number;
            bids: [string, string][];
            asks: [string, string][];
          };
          const ours = seen.get(`${id} ${theirs.lastUpdateId}`);
          if (ours?.state !== 'Live') continue;
          const text = (levels: Depth['bids']): [number, number][] =>
            levels.map(([px, qty]) => [
              Number(formatDecimal(px, priceScale)),
              Number(formatDecimal(qty, quantityScale)),
            ]);
          const plain = (levels: [string, string][]): [number, number][] =>
            levels.map(([px, qty]) => [Number(px), Number(qty)]);
          expect(text(ours.bids)).toEqual(plain(theirs.bids));
          expect(text(ours.asks)).toEqual(plain(theirs.asks));
          compared += 1;
        }
        return compared;
      },
      { timeout: 40_000, interval: 30 },
    )
    .toBeGreaterThanOrEqual(COMPARED);
  expect(crossed).toBe(0);
});
