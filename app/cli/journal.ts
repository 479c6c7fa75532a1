import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { STATE_FORMAT } from '../engine/domain/state-format.ts';
import { formatNanos } from '../engine/domain/time.ts';
import { SystemTime } from '../engine/processes/system-time.ts';
import { replayKept, type KeptReplay } from '../engine/processes/trade/replay-kept.ts';
import { forecastDisk, type DiskBounds, type DiskForecast } from '../engine/store/disk-forecast.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import { readDatabase } from '../engine/store/database.ts';
import { streamFolders } from '../engine/store/journal/session-journal.ts';
import { droppedMarket } from '../engine/store/journal/market-retention.ts';
import {
  readSession,
  type SessionRead,
  type SessionVisitor,
} from '../engine/store/journal/session-reader.ts';
import {
  describeCut,
  quarantined,
  readCutReports,
  type CutReport,
  type TailCut,
} from '../engine/store/journal/tail-cut.ts';
import { checkMarket } from '../engine/store/journal/verify-market.ts';
import { readSettings } from '../engine/store/settings/settings-file.ts';
import { tickRetention } from '../engine/store/settings/tick-retention.ts';
import { SqliteTickCatalogue } from '../engine/store/ticks/catalogue.ts';
import { planRetention } from '../engine/store/ticks/retention-plan.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';
import { parseTimestamp } from '../engine/ports/timestamp.ts';

interface JournalOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly until?: bigint;
}

/** One session as `verify` and `replay` report it. */
interface SessionReport {
  readonly session: string;
  readonly records: number;
  readonly firstAt?: string;
  readonly lastAt?: string;
  readonly chain: 'intact' | 'broken';
  readonly brokenAt?: string;
  readonly truncatedTail: number;
  /** What the next start will set aside: it names market records that a loss of power took. */
  readonly beyondMarket?: TailCut;
  /** What starts have set aside for that. */
  readonly cuts?: readonly CutReport[];
  /** Files that hold what was cut from either stream, for whatever reason. */
  readonly quarantine?: readonly string[];
  readonly stateHash?: string;
  readonly stateHashAt?: string;
  readonly agrees?: boolean;
  readonly firstDifferenceAt?: string;
  /** Why recorded hashes were not compared. */
  readonly notCompared?: string;
  /** The record of the snapshot it was run from: what came before needs market records that retention took. */
  readonly fromSnapshot?: number;
  /** What retention took of the market stream. */
  readonly marketDropped?: { readonly from: string; readonly until: string };
}

function journalFolder(options: JournalOptions): string {
  return join(dataFolderPath(options.data), 'journal');
}

function sessionsOf(folder: string, named: string | undefined): string[] {
  const all = existsSync(folder) ? readdirSync(folder).sort() : [];
  if (named === undefined) return all;
  if (all.includes(named)) return [named];
  const known = all.length === 0 ? 'there are none' : `expected one of ${all.slice(-5).join(', ')}`;
  throw new CommandFailure(WRONG_INPUT, `no session ${named} in ${folder}; ${known}`);
}

function newest(folder: string, named: string | undefined): string {
  const session = sessionsOf(folder, named).at(-1);
  if (session === undefined) throw new CommandFailure(WRONG_INPUT, `no sessions in ${folder}`);
  return session;
}

function timestampOption(text: string): bigint {
  const parsed = parseTimestamp(text);
  if (parsed === undefined) {
    throw new InvalidArgumentError(`expected ISO 8601 or s/ms/us/ns since the epoch, was ${text}`);
  }
  return parsed;
}

function readOrFail(folder: string, session: string, options: JournalOptions): KeptReplay {
  const { until } = options;
  const range = until === undefined ? {} : { untilNanos: until };
  const replay = replayKept(join(folder, session), range);
  if (replay.ok) return replay.value;
  throw new CommandFailure(FAILED, `${session}: ${replay.error.code}: ${replay.error.message}`);
}

function chainOf(
  read: Pick<SessionRead, 'orders' | 'market'>,
): Pick<SessionReport, 'chain' | 'brokenAt' | 'truncatedTail'> {
  const [damage] = [...read.orders.damages, ...read.market.damages];
  return {
    chain: damage === undefined ? 'intact' : 'broken',
    ...(damage && { brokenAt: `${damage.file} offset ${damage.offset}: ${damage.reason}` }),
    truncatedTail: read.orders.tornBytes + read.market.tornBytes,
  };
}

/** What was cut from a session's streams, and what will be. */
function cutsOf(
  sessionFolder: string,
  cut: TailCut | undefined,
): Pick<SessionReport, 'beyondMarket' | 'cuts' | 'quarantine'> {
  const cuts = readCutReports(sessionFolder);
  const { orders, market } = streamFolders(sessionFolder);
  const quarantine = [...quarantined(orders), ...quarantined(market)];
  return {
    ...(cut && { beyondMarket: cut }),
    ...(cuts.length > 0 && { cuts }),
    ...(quarantine.length > 0 && { quarantine }),
  };
}

function verified(folder: string, session: string): SessionReport {
  let first: bigint | undefined;
  let last: bigint | undefined;
  let hash: { readonly hash: string; readonly at: bigint } | undefined;
  const seen = (at: bigint): void => {
    first ??= at;
    last = at;
  };
  const path = join(folder, session);
  const dropped = droppedMarket(path);
  const blocks = new Map<number, string>();
  const visitor: SessionVisitor = {
    onInput: (_, { atNanos }) => seen(atNanos),
    onStateHash: (record, { atNanos }) => {
      seen(atNanos);
      if (record.market !== undefined) blocks.set(record.market.sequence, record.market.chain);
      hash = { hash: record.hash, at: atNanos };
    },
  };
  // What retention dropped cannot be counted.
  const whole = readSession(path, visitor, { ordersOnly: dropped !== undefined });
  const missing =
    !whole.ok && whole.error.code === 'MARKET_STREAM_MISSING' ? whole.error : undefined;
  const read = missing ? readSession(path, visitor, { ordersOnly: true }) : whole;
  if (!read.ok) {
    const { code, message } = read.error;
    const brokenAt = `${code}: ${message}`;
    return { session, records: 0, chain: 'broken', brokenAt, truncatedTail: 0 };
  }
  const market = checkMarket(path, blocks);
  return {
    session,
    records: read.value.orders.records,
    ...(dropped && {
      marketDropped: {
        from: formatNanos(BigInt(dropped.fromNanos)),
        until: formatNanos(BigInt(dropped.untilNanos)),
      },
    }),
    ...(first !== undefined && { firstAt: formatNanos(first) }),
    ...(last !== undefined && { lastAt: formatNanos(last) }),
    ...chainOf({ ...read.value, market: market.summary }),
    ...cutsOf(path, read.value.cut),
    ...(missing && { chain: 'broken', brokenAt: `${missing.code}: ${missing.message}` }),
    ...(market.damage !== undefined && { chain: 'broken', brokenAt: market.damage }),
    ...(hash !== undefined && { stateHash: hash.hash, stateHashAt: formatNanos(hash.at) }),
  };
}

function replayed(folder: string, session: string, options: JournalOptions): SessionReport {
  const { replay, from } = readOrFail(folder, session, options);
  const { first, last, lastHash, firstDifference, otherFormat } = replay;
  return {
    session,
    records: replay.read.orders.records,
    // The snapshot's own hash counts when the session ends with it.
    ...(from && { fromSnapshot: from.sequence, stateHash: from.hash }),
    ...(first && { firstAt: formatNanos(first.atNanos) }),
    ...(last && { lastAt: formatNanos(last.atNanos) }),
    ...chainOf(replay.read),
    ...cutsOf(join(folder, session), replay.read.cut),
    ...(lastHash && {
      stateHash: lastHash.hash,
      stateHashAt: formatNanos(lastHash.place.atNanos),
    }),
    ...(otherFormat === undefined
      ? { agrees: firstDifference === undefined }
      : {
          notCompared: `STATE_FORMAT_DIFFERS: its hashes are of state format ${otherFormat}, this release has ${STATE_FORMAT}`,
        }),
    ...(firstDifference && { firstDifferenceAt: formatNanos(firstDifference.atNanos) }),
  };
}

function agreement({ agrees, notCompared }: SessionReport): string {
  if (notCompared !== undefined) return 'not compared';
  return agrees === undefined ? 'not run' : String(agrees);
}

function showReports(reports: readonly SessionReport[], json: boolean | undefined): void {
  if (json === true) printJson({ sessions: reports });
  else {
    printTable(
      ['session', 'records', 'chain', 'torn bytes', 'state hash', 'agrees'],
      reports.map((report) => [
        report.session,
        String(report.records),
        report.chain,
        String(report.truncatedTail),
        report.stateHash?.slice(0, 16) ?? 'none',
        agreement(report),
      ]),
    );
    for (const report of reports) {
      const { session, brokenAt, firstDifferenceAt, marketDropped, notCompared } = report;
      const { beyondMarket, cuts = [], quarantine = [] } = report;
      if (report.fromSnapshot !== undefined) {
        const why = 'retention dropped market records before it';
        printLine(`${session}: run from the snapshot at record ${report.fromSnapshot}: ${why}`);
      }
      if (marketDropped !== undefined) {
        const { from, until } = marketDropped;
        printLine(`${session}: market stream dropped by retention from ${from} to ${until}`);
      }
      if (beyondMarket !== undefined) {
        printLine(`${session}: the next start sets aside: ${describeCut(beyondMarket)}`);
      }
      for (const cut of cuts) {
        printLine(`${session}: set aside in ${cut.files.join(', ')}: ${describeCut(cut)}`);
      }
      for (const path of quarantine) printLine(`${session}: cut bytes are kept in ${path}`);
      if (brokenAt !== undefined) printLine(`${session}: broken at ${brokenAt}`);
      if (firstDifferenceAt !== undefined) printLine(`${session}: differs at ${firstDifferenceAt}`);
      if (notCompared !== undefined) printLine(`${session}: not compared: ${notCompared}`);
    }
  }
  const holds = reports.every(({ chain, agrees, notCompared }) => {
    return chain === 'intact' && agrees !== false && notCompared === undefined;
  });
  if (!holds) process.exitCode = FAILED;
}

function list(options: JournalOptions): void {
  const folder = journalFolder(options);
  const reports = sessionsOf(folder, undefined).map((session) => verified(folder, session));
  const data = dataFolderPath(options.data);
  const disk = forecastDisk(data, Date.now(), diskBounds(options));
  if (options.json === true) {
    printJson({ sessions: reports, ...(disk && { disk }) });
    return;
  }
  printTable(
    ['session', 'records', 'first', 'last'],
    reports.map(({ session, records, firstAt, lastAt }) => [
      session,
      String(records),
      firstAt ?? 'none',
      lastAt ?? 'none',
    ]),
  );
  printLine(`disk: ${diskWords(disk)}`);
}

/** What keeps the data folder from growing for ever, by its settings and its catalogue of ticks. */
function diskBounds(options: JournalOptions): DiskBounds {
  const { journal, ticks } = readSettings(dataFolderPath(options.data)).settings;
  const retention = tickRetention(ticks);
  const { marketRetentionDays } = journal;
  const read = readDatabase(dataFolderPath(options.data));
  if (retention.budgetBytes === 0 || !read.ok) return { marketRetentionDays };
  using database = read.value;
  const entries = new SqliteTickCatalogue(database.sqlite).entries();
  const { room } = planRetention(entries, retention, new SystemTime().nowNanos());
  const { budgetBytes } = retention;
  return { marketRetentionDays, ticks: { recordedBytes: room.recordedBytes, budgetBytes } };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The room on the disk, what was written in the last hours, and how long it lasts. */
function diskWords(disk: DiskForecast | undefined): string {
  if (disk === undefined) return 'not known';
  const { freeBytes, totalBytes, growth } = disk;
  const room = `${megabytes(freeBytes)} of ${megabytes(totalBytes)} free`;
  if (growth === undefined) return `${room}; growth and days left not known yet`;
  const { streams, daysUntilFull: days } = growth;
  const written = streams.map(({ stream, bytesPerDay }) => `${stream} ${megabytes(bytesPerDay)}`);
  const left = days === undefined ? 'over 10 years' : `${days.toFixed(1)} days`;
  return `${room}; a day: ${written.join(', ')}; full in ${left}`;
}

function show(session: string | undefined, options: JournalOptions): void {
  const folder = journalFolder(options);
  const name = newest(folder, session);
  const rows: unknown[] = [];
  const tell = (sequence: number, at: bigint, kind: string, content: unknown): void => {
    if (options.json === true) {
      rows.push({ sequence, at: formatNanos(at), kind, content });
      return;
    }
    const text = JSON.stringify(content, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    printLine(`${sequence} ${formatNanos(at)} ${kind} ${text}`);
  };
  const range = options.until === undefined ? {} : { untilNanos: options.until };
  const read = readSession(
    join(folder, name),
    {
      onInput: (input, { sequence, atNanos }) => tell(sequence, atNanos, 'input', input),
      onIntent: (effect, { sequence, atNanos }) => tell(sequence, atNanos, 'intent', effect),
      onStateHash: (record, { sequence, atNanos }) => tell(sequence, atNanos, 'hash', record),
    },
    range,
  );
  if (!read.ok) throw new CommandFailure(FAILED, `${name}: ${read.error.message}`);
  if (options.json === true) printJson({ session: name, records: rows });
}

/** `qd journal`: sessions on disk: list, print, check the chain, run again and compare. */
export function journalCommand(): Command {
  const journal = new Command('journal').description('recorded sessions');
  const options = (command: Command): JournalOptions => command.optsWithGlobals<JournalOptions>();
  journal
    .command('ls')
    .description('list the sessions')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => {
      list(options(command));
    });
  journal
    .command('show')
    .description('print the records of a session (the newest when none is named)')
    .argument('[session]')
    .option('--until <time>', 'end before later records', timestampOption)
    .option('--json', 'print one JSON document')
    .action((session: string | undefined, _: unknown, command: Command) => {
      show(session, options(command));
    });
  journal
    .command('verify')
    .description('check every record and the hash chain')
    .argument('[session]')
    .option('--json', 'print one JSON document')
    .action((session: string | undefined, _: unknown, command: Command) => {
      const folder = journalFolder(options(command));
      const reports = sessionsOf(folder, session).map((name) => verified(folder, name));
      showReports(reports, options(command).json);
    });
  journal
    .command('replay')
    .description('run the kernel over a session again and compare the state hash')
    .argument('[session]')
    .option('--until <time>', 'end before later records', timestampOption)
    .option('--json', 'print one JSON document')
    .action((session: string | undefined, _: unknown, command: Command) => {
      const given = options(command);
      const folder = journalFolder(given);
      const reports = sessionsOf(folder, session).map((name) => replayed(folder, name, given));
      showReports(reports, given.json);
    });
  return journal;
}
