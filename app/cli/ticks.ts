import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseInstrumentId, type InstrumentId } from '../engine/domain/identifiers.ts';
import { formatNanos } from '../engine/domain/time.ts';
import { TickSegmentReader } from '../engine/native/io/tick-segment.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import {
  findSegments,
  listSegments,
  TICK_KINDS,
  type TickSegmentPlace,
} from '../engine/store/ticks/tick-folders.ts';
import { TickRecorder } from '../engine/store/ticks/tick-recorder.ts';
import { columnsOf, readTicks, type TickRow } from '../engine/store/ticks/tick-rows.ts';
import { readWireRecording } from '../engine/market-data/wire-recording.ts';
import type { OpenRecording } from './import-recording.ts';
import { wholeNumber } from './launch.ts';
import {
  importRecording,
  RECORDED_VENUES,
  verifierOf,
  type RecordedVenue,
} from './recorded-venues.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';
import { parseTimestamp } from './timestamp.ts';

interface TickOptions {
  readonly data?: string;
  readonly instrument: InstrumentId;
  readonly kind: (typeof TICK_KINDS)[number];
  readonly from?: bigint;
  readonly to?: bigint;
  readonly limit: number;
  readonly out: string;
  readonly json?: boolean;
}

function instrument(text: string): InstrumentId {
  const parsed = parseInstrumentId(text);
  if (parsed.ok) return parsed.value.id;
  throw new InvalidArgumentError(`expected ${parsed.error.expected}, was ${text}`);
}

function time(text: string): bigint {
  const parsed = parseTimestamp(text);
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError(`expected ISO 8601 or s/ms/us/ns since the epoch, was ${text}`);
}

function folder(options: { readonly data?: string }): string {
  return join(dataFolderPath(options.data), 'ticks');
}

function segments(options: TickOptions): readonly TickSegmentPlace[] {
  const found = findSegments(folder(options), options.instrument);
  if (!found.ok) throw new CommandFailure(WRONG_INPUT, found.error.message);
  return found.value.filter(({ kind }) => kind === options.kind);
}

function open(place: TickSegmentPlace): TickSegmentReader {
  const opened = TickSegmentReader.open(place.path);
  if (opened.ok) return opened.value;
  const { code, detail } = opened.error;
  throw new CommandFailure(FAILED, `${place.path}: ${code}: ${detail}`);
}

function list(options: { readonly data?: string; readonly json?: boolean }): void {
  const { segments: found, problems } = listSegments(folder(options));
  for (const { message } of problems) process.stderr.write(`${message}\n`);
  const rows = found.map((place) => {
    using reader = open(place);
    const { rows: count, firstTsInitNanos, lastTsInitNanos, storedBytes } = reader.stats;
    return {
      instrument: place.definition.id,
      kind: place.kind,
      day: place.day,
      rows: count,
      from: formatNanos(firstTsInitNanos),
      to: formatNanos(lastTsInitNanos),
      bytes: storedBytes,
    };
  });
  if (options.json === true) {
    printJson({ segments: rows });
    return;
  }
  printTable(
    ['instrument', 'kind', 'day', 'rows', 'from', 'to', 'bytes'],
    rows.map((row) => Object.values(row).map(String)),
  );
}

function* rowsOf(options: TickOptions): Generator<TickRow> {
  const range = {
    ...(options.from === undefined ? {} : { fromNanos: options.from }),
    ...(options.to === undefined ? {} : { toNanos: options.to }),
  };
  for (const place of segments(options)) {
    using reader = open(place);
    yield* readTicks(reader, place.definition, range);
  }
}

function show(options: TickOptions): void {
  const rows: TickRow[] = [];
  for (const row of rowsOf(options)) {
    if (rows.length >= options.limit) break;
    rows.push(row);
  }
  if (options.json === true) printJson({ instrument: options.instrument, rows });
  else {
    const columns = columnsOf(options.kind);
    printTable(
      columns,
      rows.map((row) => columns.map((column) => row[column] ?? '')),
    );
  }
}

async function exportCsv(options: TickOptions): Promise<void> {
  const target = options.out === '-' ? process.stdout : createWriteStream(options.out);
  const columns = columnsOf(options.kind);
  let count = 0;
  target.write(`${columns.join(',')}\n`);
  for (const row of rowsOf(options)) {
    const text = columns.map((column) => row[column] ?? '').join(',');
    if (!target.write(`${text}\n`)) await once(target, 'drain');
    count += 1;
  }
  if (target === process.stdout) return;
  target.end();
  await once(target, 'finish');
  if (options.json === true) printJson({ rows: count, file: options.out });
  else printLine(`${count} rows to ${options.out}`);
}

function verify(options: { readonly data?: string; readonly json?: boolean }): void {
  const { segments: found, problems } = listSegments(folder(options));
  const reports = found.map((place) => {
    using reader = open(place);
    const { rows, blocks, tornBytes, damages } = reader.verify();
    return { segment: place.path, rows, blocks, tornBytes, damages };
  });
  const damaged = reports.filter(({ damages }) => damages.length > 0);
  if (options.json === true) printJson({ segments: reports, problems });
  else {
    printLine(`${reports.length} segments, ${damaged.length} damaged`);
    for (const { damages } of damaged) {
      for (const { file, offset, reason } of damages)
        printLine(`${file} offset ${offset}: ${reason}`);
    }
    for (const { message } of problems) printLine(message);
  }
  if (damaged.length + problems.length > 0) process.exitCode = FAILED;
}

interface ImportOptions {
  readonly data?: string;
  readonly venue: RecordedVenue;
  readonly json?: boolean;
}

async function importFiles(files: readonly string[], options: ImportOptions): Promise<void> {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new CommandFailure(WRONG_INPUT, `there is no file ${missing}`);
  async function* lines(): ReturnType<OpenRecording> {
    for (const file of files) yield* readWireRecording(file);
  }
  const report = verifierOf(options.venue);
  for await (const line of lines()) {
    if (line.ok) {
      report.add(line.value);
      continue;
    }
    const { file, line: number, code, message, fatal } = line.error;
    const where = `${file} line ${number}: ${code}: ${message}`;
    if (fatal) throw new CommandFailure(WRONG_INPUT, `${where}; nothing was imported`);
    process.stderr.write(`${where}\n`);
  }
  const { parseErrors, gaps, checksums } = report.finish();
  const ticks = folder(options);
  const kept = await importRecording(
    options.venue,
    lines,
    (instruments) => new TickRecorder(ticks, instruments),
  );
  const instruments = kept.instruments.map(({ id }) => id);
  const { rows, lost, problem } = kept;
  const found = { parseErrors, gaps: gaps.unexplained, checksumsFailed: checksums.failed };
  if (options.json === true) {
    printJson({ rows, lost, ...found, instruments, ...(problem === undefined ? {} : { problem }) });
  } else {
    printLine(`${rows} rows of ${instruments.join(', ')}`);
    const doubts = Object.entries(found).filter(([, count]) => count > 0);
    for (const [what, count] of doubts) printLine(`${what}: ${count}`);
    if (problem !== undefined) printLine(`${lost} rows were not kept: ${problem}`);
  }
  if (lost > 0 || rows === 0) process.exitCode = FAILED;
}

function withRange(command: Command): Command {
  return command
    .requiredOption('--instrument <id>', 'e.g. BTCUSDT.BINANCE@sandbox', instrument)
    .addOption(new Option('--kind <kind>', 'which ticks').choices(TICK_KINDS).default('trades'))
    .option('--from <time>', 'received at or after', time)
    .option('--to <time>', 'received before', time)
    .option('--json', 'print one JSON document');
}

/** `qd ticks`: the tick store. */
export function ticksCommand(): Command {
  const ticks = new Command('ticks').description('the tick store');
  const given = (command: Command): TickOptions => command.optsWithGlobals<TickOptions>();
  ticks
    .command('ls')
    .description('what is there: instruments, days, rows, times')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => list(given(command)));
  withRange(ticks.command('show'))
    .description('print rows')
    .option('--limit <n>', 'most rows', wholeNumber, 20)
    .action((_: unknown, command: Command) => show(given(command)));
  withRange(ticks.command('export'))
    .description('write rows as CSV')
    .requiredOption('--out <file>', 'the file, - for standard output')
    .action((_: unknown, command: Command) => exportCsv(given(command)));
  ticks
    .command('import')
    .description('keep a recording of wire messages')
    .argument('<files...>', 'one recording, in this order, as `qd feed verify` reads it')
    .addOption(
      new Option('--venue <id>', 'whose messages they are')
        .choices(RECORDED_VENUES)
        .makeOptionMandatory(),
    )
    .option('--json', 'print one JSON document')
    .action((files: string[], _: unknown, command: Command) =>
      importFiles(files, command.optsWithGlobals<ImportOptions>()),
    );
  ticks
    .command('verify')
    .description('check every block')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => verify(given(command)));
  return ticks;
}
