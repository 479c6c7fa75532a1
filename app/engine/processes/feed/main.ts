import { join } from 'node:path';
import type { FeedConfig } from '../../api/supervision.ts';
import { err } from '../../base/result.ts';
import type { Download } from '../../domain/download.ts';
import { hasLastingPast, venueId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { JoinedClient } from '../../market-data/joined-client.ts';
import { mergeRecordings } from '../../market-data/merged-recording.ts';
import { RecordedReplay } from '../../market-data/recorded-replay.ts';
import type { DivergenceChange } from '../../market-data/reference-prices.ts';
import { ReplayClient, type ReplayDeps } from '../../market-data/replay-client.ts';
import type { ReplayEvent } from '../../market-data/replay-source.ts';
import { StoredReplay } from '../../market-data/stored-replay.ts';
import { ioWords } from '../../native/io/io-words.ts';
import { RingWriter } from '../../native/io/ring.ts';
import type {
  ConnectionHealth,
  MarketDataClient,
  MarketDataSink,
} from '../../ports/market-data-client.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import type { StoredEvent, StoredSpan } from '../../ports/stored-market.ts';
import type { HousekeepingRound } from '../../store/ticks/tick-housekeeper.ts';
import { TickStoreMarket } from '../../store/ticks/stored-market.ts';
import { BinanceRecordedDecoder } from '../../venues/binance/recorded-decoder.ts';
import { surveyRecording } from '../../venues/binance/recorded-instruments.ts';
import { fail, listenToParent, report } from '../parent-port.ts';
import { log, masker, noteBadInput } from '../process-log.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';
import { requestQueueOf, restRow, tellVitals } from '../vitals.ts';
import { Downloads } from './downloads/downloads.ts';
import { Feed } from './feed.ts';
import { keepScales } from './known-instruments.ts';
import { playedId, playedInstrument, tradedFirst } from './played-instrument.ts';
import { factorOf, replayMessage, type ReplayedTicks } from './replay-control.ts';
import { openOthers, whyNotWatched } from './other-venues.ts';

/** Records the ring holds: at 50,000 a second more than a second for a reader to be away. */
const RING_RECORDS = 65_536;
/** Pause before a venue that did not answer is asked again. */
const ASK_AGAIN_MS = 5000;
/** How long the start waits for the lists of other venues. */
const OTHERS_MS = 10_000;

/** How soon its time follows the machine's after a sleep. */
const CLOCK_MS = 1000;

const time = new SystemTime();
setInterval(() => time.takeStep(), CLOCK_MS).unref();
let feed: Feed | undefined;

async function start(config: FeedConfig): Promise<void> {
  const ring = RingWriter.create(config.ringPath, RING_RECORDS);
  if (!ring.ok) {
    fail(ring.error.code, `the ring ${config.ringPath} cannot be made: ${ioWords(ring.error)}`);
    return;
  }
  const sink: MarketDataSink = {
    onRecords: (records, count) => created.onRecords(records, count),
    onHealth: (health) => created.onHealth(health),
    onUnknownMessage: (raw) => created.onUnknownMessage(raw),
    onRefusal: (from, words) => noteBadInput('venue', 'VENUE_REFUSED', `${from}: ${words}`),
    onDropped: (index, because) => created.onDropped(index, because),
  };
  const { source } = config;
  for (const { credentials } of config.others ?? []) {
    if (credentials === undefined) continue;
    masker.learn(credentials.apiKey);
    masker.learn(credentials.secret);
  }
  const replay =
    source.kind === 'replay'
      ? openReplay(source, config, sink, {
          onJump: () => created.jump(),
          onState: () => created.tellReplay(),
        })
      : undefined;
  const venue =
    source.kind === 'venue'
      ? connectVenue(config.environment, source.urls, time, config.network)
      : undefined;
  const others = openOthers(config, time, sink);
  const first = replay ?? venue?.data(sink);
  if (first === undefined) return;
  const client = new JoinedClient(first, others);
  const downloads = replay === undefined ? downloadsOf(config, client) : undefined;
  const created: Feed = new Feed({
    config,
    clock: time,
    client,
    ring: ring.value,
    onInstruments: (changed) => report({ type: 'InstrumentsChanged', instruments: [...changed] }),
    onConnection: logConnection,
    onUnknownMessage: (raw) => noteBadInput('venue', 'VENUE_MESSAGE_UNREADABLE', raw),
    onDivergence: logDivergence,
    onSourceSwitch: ({ pair, from, to }) => {
      const words = `the price of ${pair} comes from ${to ?? 'no source'}, not from ${from ?? 'none'} any more`;
      log.warn('venue', 'SOURCE_SWITCHED', words);
    },
    onBarsNotKept: (detail) => log.warn('ticks', 'BARS_NOT_KEPT', detail),
    onHousekeeping: logHousekeeping,
    onCatalogueProblem: (detail) => log.warn('ticks', 'CATALOGUE_PROBLEM', detail),
    onMalformedRequest: (detail) => noteBadInput('window', 'REQUEST_MALFORMED', detail),
    ...(downloads && { downloads }),
    ...(replay === undefined
      ? {}
      : {
          replay: {
            ticks: replayedTicks(source),
            setSpeed: (speed) => replay.setSpeed(speed),
            step: () => replay.step(),
            seek: (to) => replay.seek(to),
            state: () => replayMessage(replay.state),
          },
        }),
  });
  feed = created;
  tellVitals(time, () => {
    const own = created.vitals();
    if (venue === undefined) return own;
    const rest = venue.rest();
    return {
      ...own,
      connections: [...own.connections, restRow(rest)],
      queues: [requestQueueOf(rest)],
    };
  });
  const [own, foreign] = await Promise.all([
    loadInstruments(first, config),
    listOthers(client, config),
  ]);
  if (own === undefined) return;
  const instruments = [...own, ...foreign];
  const { known } = config;
  const kept = known === undefined ? instruments : keepScales(known, instruments);
  created.start(kept);
  downloads?.resume();
  report({ type: 'FeedReady', instruments: [...kept] });
}

/** Downloads of what the feed follows. */
function downloadsOf(config: FeedConfig, client: MarketDataClient): Downloads {
  return new Downloads({
    dataFolder: config.dataFolder,
    client,
    clock: time,
    remembers: hasLastingPast(config.environment),
    find: (instrument) => feed?.find(instrument)?.instrument,
    storeDay: async (told) => feed?.catalogue.storeDay(told) ?? err('the feed ends'),
    onChange: (download) => {
      logDownload(download);
      if (download.state === 'Done') void feed?.catalogue.refresh();
    },
    onProblem: (message) => log.warn('ticks', 'DOWNLOADS_PROBLEM', message),
  });
}

function logDownload({ instrument, kind, from, to, state, rows, message }: Download): void {
  const words = `${kind} of ${instrument}, ${from} to ${to}: ${state.toLowerCase()}`;
  const why = message === undefined ? '' : `: ${message}`;
  const level = state === 'Failed' || state === 'Waiting' ? 'warn' : 'info';
  log.log(level, 'ticks', `DOWNLOAD_${state.toUpperCase()}`, `${words}${why}`, { rows });
}

function logDivergence({ instrument, divergence }: DivergenceChange): void {
  if (divergence === undefined) {
    log.info('venue', 'PRICE_DIVERGENT_ENDED', `${instrument.id} is priced as elsewhere again`);
    return;
  }
  const { bps, limitBps } = divergence;
  const words = `${instrument.id} lies ${bps} bp from the same elsewhere, more than ${limitBps}`;
  log.warn('venue', 'PRICE_DIVERGENT', words);
}

function logHousekeeping({ dropped, compactedBytes }: HousekeepingRound): void {
  if (dropped.length > 0) {
    const bytes = dropped.reduce((sum, { ticks }) => sum + ticks.bytes, 0);
    const days = dropped.map(({ ticks }) => ticks.day).toSorted();
    const words = `${dropped.length} segments of recorded ticks, ${days[0]} to ${days.at(-1)}, are dropped: ${bytes} bytes`;
    log.info('ticks', 'TICKS_DROPPED', words);
  }
  if (compactedBytes > 0) {
    const words = `segments of days that are over stand in larger blocks: ${compactedBytes} bytes less`;
    log.info('ticks', 'TICKS_COMPACTED', words);
  }
}

function logConnection(now: ConnectionHealth, before: ConnectionHealth | undefined): void {
  const { connection, state, reconnects, resyncs } = now;
  if (before?.state !== state) {
    const level = state === 'Disconnected' ? 'warn' : 'info';
    const code = `CONNECTION_${state.toUpperCase()}`;
    log.log(level, 'venue', code, `${connection} is ${state.toLowerCase()}`, { reconnects });
  }
  if (before !== undefined && resyncs > before.resyncs) {
    log.warn('venue', 'BOOK_RESYNC', `a book of ${connection} is joined again`, { resyncs });
  }
}

/** A market of the past in place of a venue's. */
function openReplay(
  source: Extract<FeedConfig['source'], { kind: 'replay' }>,
  config: FeedConfig,
  sink: MarketDataSink,
  heard: Pick<ReplayDeps<ReplayEvent>, 'onJump' | 'onState'>,
): ReplayClient<WireLine> | ReplayClient<StoredEvent> {
  const { of } = source;
  const made = { clock: time, sink, speed: factorOf(source.speed), ...heard };
  if (of.kind === 'files') return new ReplayClient({ ...made, source: recorded(of.files) });
  return new ReplayClient({ ...made, source: stored(of, config.dataFolder) });
}

function replayedTicks(source: FeedConfig['source']): readonly ReplayedTicks[] {
  if (source.kind !== 'replay' || source.of.kind !== 'ticks') return [];
  return source.of.instruments.map((stored) => ({ stored, instrument: playedId(stored) }));
}

function recorded(files: readonly string[]): RecordedReplay {
  return new RecordedReplay({
    open: () => mergeRecordings(files),
    survey: async (lines) => {
      const survey = await surveyRecording(lines, venueId('BINANCE', 'replay'));
      for (const problem of survey.problems)
        noteBadInput('replay', 'RECORDING_UNREADABLE', problem);
      return survey;
    },
    createDecoder: (instruments, decoded) => new BinanceRecordedDecoder(instruments, decoded),
  });
}

function stored(span: StoredSpan, dataFolder: string): StoredReplay {
  const instruments = tradedFirst(span.instruments);
  return new StoredReplay({
    open: () => TickStoreMarket.open(join(dataFolder, 'ticks'), { ...span, instruments }),
    played: playedInstrument,
  });
}

/** Asks the venue for its instruments until it answers; what will not get better is given back. */
async function listInstruments(
  loaded: MarketDataClient,
): ReturnType<MarketDataClient['loadInstruments']> {
  for (;;) {
    const listed = await loaded.loadInstruments();
    if (listed.ok || listed.error.kind !== 'Retryable') return listed;
    const waitMs = Math.max(ASK_AGAIN_MS, listed.error.retryAfterMs ?? 0);
    const message = `the venue does not answer (${listed.error.message}); asked again in ${waitMs / 1000} s`;
    log.error('venue', 'VENUE_SILENT', message);
    await new Promise((resolve) => {
      setTimeout(resolve, waitMs);
    });
  }
}

/** The configured symbols' instruments, in that order; ends the process when the venue lacks one. */
async function loadInstruments(
  loaded: MarketDataClient,
  config: FeedConfig,
): Promise<readonly Instrument[] | undefined> {
  const listed = await listInstruments(loaded);
  if (!listed.ok) {
    fail(listed.error.code, `the venue's instruments cannot be loaded: ${listed.error.message}`);
    return undefined;
  }
  if (config.symbols.length === 0) return listed.value;
  const bySymbol = new Map(listed.value.map((instrument) => [instrument.symbol, instrument]));
  const missing = config.symbols.find((symbol) => !bySymbol.has(symbol));
  if (missing !== undefined) {
    const some = [...bySymbol.keys()].slice(0, 5).join(', ');
    fail('INSTRUMENT_UNKNOWN', `market.symbols: the venue lists no ${missing}; it has ${some}`);
    return undefined;
  }
  return config.symbols.flatMap((symbol) => bySymbol.get(symbol) ?? []);
}

/** The instruments of other venues that are to be watched. A venue that does not answer soon, or lacks a symbol, is said and left out: trading does not wait for it. */
async function listOthers(
  client: JoinedClient,
  { environment, others = [] }: FeedConfig,
): Promise<readonly Instrument[]> {
  if (others.length === 0) return [];
  const why = whyNotWatched(environment);
  if (why !== undefined) {
    log.warn('venue', 'VENUE_NOT_WATCHED', why);
    return [];
  }
  const patience = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), OTHERS_MS).unref();
  });
  const answers = await Promise.race([client.listOthers(), patience]);
  const listed = client.others;
  const found = new Set(listed.map(({ venue, symbol }) => `${venue} ${symbol}`));
  others.forEach(({ venue, symbols }, row) => {
    const answer = answers?.[row];
    const missing = symbols.filter(
      (symbol) => !found.has(`${venueId(venue, environment)} ${symbol}`),
    );
    if (missing.length === 0) return;
    const reason = answer?.ok === false ? answer.error.message : 'it does not list them';
    const said = answers === undefined ? `no answer within ${OTHERS_MS / 1000} s` : reason;
    const words = `${missing.join(', ')} of ${venue} are not watched until the next start: ${said}`;
    log.error('venue', 'VENUE_NOT_WATCHED', words);
  });
  return listed;
}

listenToParent({
  onCommand(command) {
    if (command.type === 'ConfigureFeed') void start(command.config);
    if (command.type === 'ReloadInstruments') void feed?.reloadInstruments();
    if (command.type === 'PublishSnapshots') feed?.publishSnapshots();
  },
  onChannel(channel) {
    feed?.addWindow(channel);
  },
  async onStop() {
    await feed?.[Symbol.asyncDispose]();
  },
});
