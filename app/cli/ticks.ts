import { createWriteStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { once } from 'node:events';
import { Command, Option } from 'commander';
import { VERSION } from '../engine/api/version.ts';
import { TICK_KINDS } from '../engine/domain/market.ts';
import { dataVersionOf } from '../engine/store/ticks/catalogue.ts';
import { TickRecorder } from '../engine/store/ticks/tick-recorder.ts';
import { columnsOf, readTicks, type TickRow } from '../engine/store/ticks/tick-rows.ts';
import { readWireRecording } from '../engine/market-data/wire-recording.ts';
import type { OpenRecording } from './import-recording.ts';
import { wholeNumber } from './launch.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';
import {
  importRecording,
  RECORDED_VENUES,
  verifierOf,
  type RecordedVenue,
} from './recorded-venues.ts';
import { listTicks } from './ticks/list.ts';
import {
  instrumentOption,
  openSegment,
  segmentsOf,
  timeOption,
  type RangeOptions,
  type StoreOptions,
} from './ticks/tick-options.ts';
import { holdTickStore } from './ticks/tick-store.ts';
import { verifyTicks } from './ticks/verify.ts';

interface ShowOptions extends RangeOptions {
  readonly limit: number;
}

interface ExportOptions extends RangeOptions {
  readonly out: string;
}

function* rowsOf(options: RangeOptions): Generator<TickRow> {
  const range = {
    ...(options.from === undefined ? {} : { fromNanos: options.from }),
    ...(options.to === undefined ? {} : { toNanos: options.to }),
  };
  for (const place of segmentsOf(options)) {
    using reader = openSegment(place);
    yield* readTicks(reader, place.definition, range);
  }
}

function show(options: ShowOptions): void {
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

async function exportCsv(options: ExportOptions): Promise<void> {
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

interface ImportOptions extends StoreOptions {
  readonly venue: RecordedVenue;
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
  using store = holdTickStore(options);
  const origin = {
    source: `recording of ${options.venue}: ${files.map((file) => basename(file)).join(', ')}`,
    writtenBy: `quarterdeck ${VERSION}`,
    withoutSteps: true as const,
  };
  const kept = await importRecording(
    options.venue,
    lines,
    (instruments) => new TickRecorder(store.ticks, instruments, origin),
  );
  store.catalogueAll();
  const instruments = kept.instruments.map(({ id }) => id);
  const dataVersion = dataVersionOf(
    instruments.flatMap((instrument) => store.catalogue.entries({ instrument })),
  );
  const { rows, lost, problem } = kept;
  const found = { parseErrors, gaps: gaps.unexplained, checksumsFailed: checksums.failed };
  if (options.json === true) {
    const said = problem === undefined ? {} : { problem };
    printJson({ rows, lost, ...found, instruments, dataVersion, ...said });
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
    .requiredOption('--instrument <id>', 'e.g. BTCUSDT.BINANCE@sandbox', instrumentOption)
    .addOption(new Option('--kind <kind>', 'which ticks').choices(TICK_KINDS).default('trades'))
    .option('--from <time>', 'received at or after', timeOption)
    .option('--to <time>', 'received before', timeOption)
    .option('--json', 'print one JSON document');
}

/** `qd ticks`: the tick store. */
export function ticksCommand(): Command {
  const ticks = new Command('ticks').description('the tick store');
  ticks
    .command('ls')
    .alias('list')
    .description('what is there: instruments, days, rows, times, gaps, who wrote it')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => listTicks(command.optsWithGlobals()));
  withRange(ticks.command('show'))
    .description('print rows')
    .option('--limit <n>', 'most rows', wholeNumber, 20)
    .action((_: unknown, command: Command) => show(command.optsWithGlobals()));
  withRange(ticks.command('export'))
    .description('write rows as CSV')
    .requiredOption('--out <file>', 'the file, - for standard output')
    .action((_: unknown, command: Command) => exportCsv(command.optsWithGlobals()));
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
    .description('check every block, and every segment against the catalogue')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => verifyTicks(command.optsWithGlobals()));
  return ticks;
}
