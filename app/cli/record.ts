import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { VenueUrls } from '../engine/api/supervision.ts';
import { VERSION } from '../engine/api/version.ts';
import { SystemTime } from '../engine/processes/system-time.ts';
import { connectVenue } from '../engine/processes/venue.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import { readSettings } from '../engine/store/settings/settings-file.ts';
import { RECORDED_SOURCE } from '../engine/store/ticks/lineage.ts';
import { TickRecorder } from '../engine/store/ticks/tick-recorder.ts';
import { LIVE, TESTNET } from '../engine/venues/binance/spot/index.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { systemClock } from '../sandbox/system-clock.ts';
import { stopRequested } from './launch.ts';
import { CommandFailure, FAILED, printJson, printLine, WRONG_INPUT } from './output.ts';
import { holdTickStore } from './ticks/tick-store.ts';

const FLUSH_MS = 1000;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

interface RecordOptions {
  readonly data?: string;
  readonly venue: string;
  readonly environment: 'live' | 'testnet' | 'sandbox';
  readonly instruments: readonly string[];
  readonly for?: number;
  readonly json?: boolean;
}

function duration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  if (count === undefined) throw new InvalidArgumentError(`expected 30s, 5m or 1h, was ${text}`);
  return Number(count) * (UNITS[unit] ?? 0);
}

/** The venue's addresses; the built-in exchange is started when it is the one. */
async function addresses(
  environment: RecordOptions['environment'],
  held: AsyncDisposableStack,
): Promise<VenueUrls> {
  if (environment !== 'sandbox') return (environment === 'live' ? LIVE : TESTNET).urls;
  const clock = systemClock();
  const started = await createSandbox({ clock, port: 0, seed: 7, limits: 'venue' });
  if (!started.ok) throw new CommandFailure(FAILED, started.error.reason);
  const { url, webSocketUrl } = held.use(started.value);
  return { http: url, ws: webSocketUrl, wsApi: `${webSocketUrl}/ws-api/v3` };
}

async function record(options: RecordOptions): Promise<void> {
  await using held = new AsyncDisposableStack();
  const store = held.use(holdTickStore(options));
  const time = new SystemTime();
  const urls = await addresses(options.environment, held);
  const { network } = readSettings(dataFolderPath(options.data)).settings;
  const venue = held.use(connectVenue(options.environment, urls, time, network));
  // The client needs its sink before the instruments, and with them the recorder, are known.
  const recording: { recorder?: TickRecorder } = {};
  const client = held.use(
    venue.data({
      onRecords: (records, count) => recording.recorder?.append(records, count),
      onHealth: ({ connection, state }) => process.stderr.write(`${connection}: ${state}\n`),
      onUnknownMessage: (raw) => recording.recorder?.unknown(raw, time.nowNanos()),
    }),
  );
  const listed = await client.loadInstruments();
  if (!listed.ok) throw new CommandFailure(FAILED, listed.error.message);
  const chosen = options.instruments.map((symbol) => {
    const found = listed.value.find((instrument) => instrument.symbol === symbol);
    if (found !== undefined) return found;
    throw new CommandFailure(WRONG_INPUT, `--instruments: the venue lists no ${symbol}`);
  });
  const origin = { source: RECORDED_SOURCE, writtenBy: `quarterdeck ${VERSION}` };
  const recorder = held.use(new TickRecorder(store.ticks, chosen, origin));
  recording.recorder = recorder;
  client.subscribe(chosen.map((instrument, index) => ({ instrument, index })));
  const flushing = setInterval(() => recorder.flush(), FLUSH_MS);
  await Promise.race([
    stopRequested(),
    ...(options.for === undefined ? [] : [wait(options.for, undefined, { ref: false })]),
  ]);
  clearInterval(flushing);
  recorder.close();
  store.catalogueAll();
  const { rows, lost, problem } = recorder.state;
  if (options.json === true) printJson({ rows, lost, ...(problem && { problem }) });
  else
    printLine(`${rows} rows recorded, ${lost} lost${problem === undefined ? '' : `: ${problem}`}`);
  if (lost > 0) process.exitCode = FAILED;
}

/** `qd record`: live data to the tick store. */
export function recordCommand(): Command {
  return new Command('record')
    .description('record live data to the tick store until stopped, or for a time')
    .addOption(new Option('--venue <id>', 'the venue').choices(['binance']).default('binance'))
    .addOption(
      new Option('--environment <name>', 'which of its worlds')
        .choices(['live', 'testnet', 'sandbox'])
        .default('live'),
    )
    .requiredOption('--instruments <symbols>', 'venue symbols apart by commas', (text) =>
      text.toUpperCase().split(','),
    )
    .option('--for <time>', 'e.g. 30s, 5m, 1h', duration)
    .option('--json', 'print one JSON document')
    .action(async (_: unknown, command: Command) => {
      await record(command.optsWithGlobals<RecordOptions>());
    });
}
