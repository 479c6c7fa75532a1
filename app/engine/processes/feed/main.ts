import type { FeedConfig } from '../../api/supervision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { RingWriter } from '../../native/io/ring.ts';
import { fail, listenToParent, report } from '../parent-port.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';
import { Feed } from './feed.ts';

/** Records the ring holds: at 50,000 a second more than a second for a reader to be away. */
const RING_RECORDS = 65_536;

const time = new SystemTime();
let feed: Feed | undefined;

async function start(config: FeedConfig): Promise<void> {
  const ring = RingWriter.create(config.ringPath, RING_RECORDS);
  if (!ring.ok) {
    fail(ring.error.code, `the ring ${config.ringPath} cannot be made: ${ring.error.detail}`);
    return;
  }
  const { source } = config;
  if (source.kind === 'replay') {
    fail('REPLAY_UNAVAILABLE', 'a recorded market cannot be replayed yet');
    return;
  }
  const venue = connectVenue(config.environment, source.urls, time);
  const created: Feed = new Feed({
    config,
    clock: time,
    client: venue.data({
      onRecords: (records, count) => created.onRecords(records, count),
      onHealth: (health) => created.onHealth(health),
      onUnknownMessage: (raw) => created.onUnknownMessage(raw),
    }),
    ring: ring.value,
    recorder: undefined,
  });
  feed = created;
  const instruments = await loadInstruments(created, config);
  if (instruments === undefined) return;
  created.start(instruments);
  report({ type: 'FeedReady', instruments: [...instruments] });
}

/** The configured symbols' instruments, in that order; ends the process when the venue lacks one. */
async function loadInstruments(
  loaded: Feed,
  config: FeedConfig,
): Promise<readonly Instrument[] | undefined> {
  const listed = await loaded.loadInstruments();
  if (!listed.ok) {
    fail(listed.error.code, `the venue's instruments cannot be loaded: ${listed.error.message}`);
    return undefined;
  }
  const bySymbol = new Map(listed.value.map((instrument) => [instrument.symbol, instrument]));
  const missing = config.symbols.find((symbol) => !bySymbol.has(symbol));
  if (missing !== undefined) {
    const some = [...bySymbol.keys()].slice(0, 5).join(', ');
    fail('INSTRUMENT_UNKNOWN', `market.symbols: the venue lists no ${missing}; it has ${some}`);
    return undefined;
  }
  return config.symbols.flatMap((symbol) => bySymbol.get(symbol) ?? []);
}

listenToParent({
  onCommand(command) {
    if (command.type === 'ConfigureFeed') void start(command.config);
  },
  onChannel(channel) {
    feed?.addWindow(channel);
  },
  async onStop() {
    await feed?.[Symbol.asyncDispose]();
  },
});
