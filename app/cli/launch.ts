import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { MarketChoice } from '../engine/api/desk-start.ts';
import type { ReplaySpeed } from '../engine/api/feed-service.ts';
import type { Replayed } from '../engine/api/supervision.ts';
import type { LogLevel } from '../engine/base/log.ts';
import type { InstrumentId } from '../engine/domain/identifiers.ts';
import { unixMicros } from '../engine/domain/time.ts';
import {
  accountKeys,
  type KeyPlace,
  type VenueMarket,
} from '../engine/processes/keys/key-vault.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import { hasVault } from '../engine/store/secrets/vault-place.ts';
import type { Settings } from '../engine/store/settings/schema.ts';
import { TickStoreMarket } from '../engine/store/ticks/stored-market.ts';
import { SystemTime } from '../engine/processes/system-time.ts';
import { VENUE_URLS } from '../engine/processes/venue-urls.ts';
import { startBrowserDesk } from '../main/browser/desk.ts';
import type { Desk } from '../main/host/desk.ts';
import { openDeskFolder, sessionName } from '../main/host/desk-folder.ts';
import { builtInExchange } from '../main/host/markets.ts';
import { runningSandbox } from './running-sandbox.ts';
import { instrumentOption } from './ticks/tick-options.ts';
import { openVault } from './vault.ts';
import { CommandFailure, FAILED, printLine, WRONG_INPUT } from './output.ts';

/** Options that choose the market, shared by `qd desk` and `qd engine`. */
export interface MarketOptions {
  readonly data?: string;
  readonly sandbox?: boolean;
  readonly seed?: number;
  readonly limits?: 'venue' | 'open';
  readonly exchange?: string;
  readonly replay?: string[];
  readonly replayTicks?: InstrumentId[];
  /** Of `replayTicks`, nanoseconds. */
  readonly from?: bigint;
  readonly to?: bigint;
  readonly speed?: ReplaySpeed;
  readonly environment?: 'live' | 'testnet';
  readonly account: string;
  readonly record?: boolean;
  readonly logLevel?: LogLevel;
}

/** Reads a whole number of an option. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(`expected a whole number, was ${text}`);
  }
  return value;
}

/** Reads a port number of an option. */
export function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError(`expected a port 0..65535, was ${text}`);
  return value;
}

/** Reads a replay speed: a factor, 0 = paused, or max. */
export function speedFactor(text: string): ReplaySpeed {
  if (text === 'max') return 'max';
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 10_000) {
    throw new InvalidArgumentError(`expected a factor 0..10000 or max, was ${text}`);
  }
  return value;
}

/** Adds a repeated option to the list of those before it. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Adds an instrument to the list of those before it. */
export function collectInstruments(text: string, before: InstrumentId[] = []): InstrumentId[] {
  return [...before, instrumentOption(text)];
}

/** The market that the options name; keys come from the vault. */
export async function chooseMarket(
  options: MarketOptions,
  dataFolder: string,
  settings: Settings,
): Promise<MarketChoice> {
  if (options.replay !== undefined && options.replayTicks !== undefined) {
    throw new CommandFailure(WRONG_INPUT, '--replay-ticks: --replay names another market already');
  }
  if (options.replayTicks === undefined && (options.from ?? options.to) !== undefined) {
    const line = '--from, --to: only of --replay-ticks, the files of --replay are played whole';
    throw new CommandFailure(WRONG_INPUT, line);
  }
  if (options.replay !== undefined) {
    const files = options.replay.map((file) => resolve(file));
    const missing = files.find((file) => !existsSync(file));
    if (missing !== undefined) {
      throw new CommandFailure(WRONG_INPUT, `--replay: there is no file ${missing}`);
    }
    return { kind: 'replay', of: { kind: 'files', files }, speed: options.speed ?? 1 };
  }
  if (options.replayTicks !== undefined) {
    return { kind: 'replay', of: storedSpan(options, dataFolder), speed: options.speed ?? 1 };
  }
  if (options.exchange !== undefined) return runningSandbox(options.exchange);
  if (options.environment === undefined) {
    const builtIn = builtInExchange(settings);
    const { seed = builtIn.seed, limits = builtIn.limits } = options;
    return { ...builtIn, seed, limits };
  }
  const { environment, account } = options;
  const keys = hasVault(dataFolder)
    ? await keysOf(dataFolder, { venue: 'BINANCE', environment, account }, settings)
    : {};
  return { kind: 'venue', environment, urls: VENUE_URLS[environment], account, ...keys };
}

/** The part of the tick store that is to be played; ends the command when it has nothing of it. */
function storedSpan(
  { replayTicks: instruments = [], from, to }: MarketOptions,
  dataFolder: string,
): Replayed & { kind: 'ticks' } {
  const span = {
    instruments,
    ...(from === undefined ? {} : { from: unixMicros(Number(from / 1000n)) }),
    // The bound itself is not of the span: what is received within its microsecond is.
    ...(to === undefined ? {} : { to: unixMicros(Number((to + 999n) / 1000n)) }),
  };
  const opened = TickStoreMarket.open(join(dataFolder, 'ticks'), span);
  if (opened.ok) return { kind: 'ticks', ...span };
  throw new CommandFailure(WRONG_INPUT, `--replay-ticks: ${opened.error.message}`);
}

/** The account's keys, and those of venues that are watched with one; ends the command when the vault has keys that trade and not the account's. */
async function keysOf(
  dataFolder: string,
  traded: KeyPlace,
  { market: { others } }: Settings,
): Promise<Pick<VenueMarket, 'credentials' | 'watchedKeys'>> {
  using vault = await openVault(dataFolder);
  const keys = accountKeys(vault, traded, others);
  if (keys.ok) return keys.value;
  const { code, message } = keys.error;
  throw new CommandFailure(FAILED, `${code}: ${message}; add it with "qd keys add"`);
}

/** Starts an engine on the data folder, with a browser host when `browser` is given, and runs until it is told to stop. */
export async function launch(
  options: MarketOptions,
  browser: { readonly port?: number; readonly rendererFolder: string } | undefined,
  onStarted: (desk: Desk) => void,
): Promise<void> {
  // Listening from the start: a signal during the start stops cleanly too, once everything stands.
  const stop = stopRequested();
  await using held = new AsyncDisposableStack();
  const folder = openDeskFolder(dataFolderPath(options.data));
  if (!folder.ok) throw new CommandFailure(FAILED, folder.error.message);
  const { path, settings } = held.use(folder.value);
  const desk = await startBrowserDesk({
    dataFolder: path,
    newSession: sessionName,
    venueUrls: VENUE_URLS,
    market: await chooseMarket(options, path, settings),
    settings,
    record: options.record ?? false,
    ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
    clock: new SystemTime(),
    ...(browser === undefined ? {} : { browser: { port: settings.browser.port, ...browser } }),
  });
  if (!desk.ok) throw new CommandFailure(FAILED, desk.error.message);
  held.use(desk.value);
  onStarted(desk.value);
  await stop;
  printLine('stopping');
}

/** Settles at the first SIGINT or SIGTERM. */
export async function stopRequested(): Promise<void> {
  await new Promise<void>((resolveStop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolveStop();
      });
    }
  });
}
