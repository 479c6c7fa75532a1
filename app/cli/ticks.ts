import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { Command, Option } from 'commander';
import type { InstrumentId } from '../engine/domain/identifiers.ts';
import { DOWNLOAD_KINDS } from '../engine/domain/download.ts';
import { TICK_KINDS, type TickKind } from '../engine/domain/market.ts';
import { TABLE_KINDS } from '../engine/market-data/tables/table-shape.ts';
import { HIVE_FORMATS, type HiveFormat } from '../engine/store/archive/hive.ts';
import { columnsOf, readTicks, type TickRow } from '../engine/store/ticks/tick-rows.ts';
import { wholeNumber } from './launch.ts';
import { CommandFailure, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';
import { RECORDED_VENUES } from './recorded-venues.ts';
import { TABLE_INTERVALS } from './ticks/import-table.ts';
import { importFiles } from './ticks/import-files.ts';
import { barsOfTicks, ruleOption } from './ticks/bars.ts';
import { downloadTicks } from './ticks/download.ts';
import { compactTicks } from './ticks/compact.ts';
import { exportHive } from './ticks/export.ts';
import { askStore } from './ticks/sql.ts';
import { listTicks } from './ticks/list.ts';
import {
  instrumentOption,
  openSegment,
  segmentsOf,
  timeOption,
  type RangeOptions,
  type StoreOptions,
} from './ticks/tick-options.ts';
import { showQuality } from './ticks/quality.ts';
import { showRetention } from './ticks/retention.ts';
import { VIEWED_KINDS, viewBars } from './ticks/bar-views.ts';
import { takerOrders } from './ticks/taker-orders.ts';
import { verifyTicks } from './ticks/verify.ts';

interface ShowOptions extends RangeOptions {
  readonly limit: number;
}

interface ExportOptions extends StoreOptions {
  readonly instrument?: InstrumentId;
  readonly kind?: TickKind;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly format?: HiveFormat;
  readonly out: string;
}

async function exportTicks({ format, ...options }: ExportOptions): Promise<void> {
  if (format !== undefined) {
    await exportHive(options.out, { ...options, format });
    return;
  }
  const { instrument, kind = 'trades' } = options;
  if (instrument === undefined) {
    throw new CommandFailure(WRONG_INPUT, '--instrument: must be named without --format');
  }
  await exportCsv({ ...options, instrument, kind });
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

async function exportCsv(options: RangeOptions & { readonly out: string }): Promise<void> {
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

function withRange(
  command: Command,
  kinds: readonly TickKind[] = TICK_KINDS,
  usual: TickKind = 'trades',
): Command {
  return command
    .requiredOption('--instrument <id>', 'e.g. BTCUSDT.BINANCE@sandbox', instrumentOption)
    .addOption(new Option('--kind <kind>', 'which ticks').choices(kinds).default(usual))
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
  ticks
    .command('export')
    .description('write rows as CSV for people, or whole days as Parquet or CSV in hive folders')
    .option(
      '--instrument <id>',
      'e.g. BTCUSDT.BINANCE@sandbox; without it all of them',
      instrumentOption,
    )
    .addOption(new Option('--kind <kind>', 'which ticks').choices(TICK_KINDS))
    .option('--from <time>', 'CSV for people: received at or after', timeOption)
    .option('--to <time>', 'CSV for people: received before', timeOption)
    .addOption(new Option('--format <format>', 'hive folders of such files').choices(HIVE_FORMATS))
    .requiredOption('--out <file>', 'the file, - for standard output; the folder of a hive')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => exportTicks(command.optsWithGlobals()));
  ticks
    .command('bars')
    .description('bars that trades end, from stored trades')
    .requiredOption('--instrument <id>', 'e.g. BTCUSDT.BINANCE@sandbox', instrumentOption)
    .requiredOption(
      '--by <rule>',
      'tick:N, volume:Q, dollar:V, range:P, imbalance:Q or renko:P',
      ruleOption,
    )
    .option('--from <time>', 'received at or after', timeOption)
    .option('--to <time>', 'received before', timeOption)
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => barsOfTicks(command.optsWithGlobals()));
  withRange(ticks.command('view'), VIEWED_KINDS, 'bars')
    .description('stored bars by session, adjusted, filled, or of a chain of contracts')
    .addOption(new Option('--calendar <name>', 'when the market is open').choices(['24x7', 'XNYS']))
    .option('--hours <file>', "LEAN's market-hours-database.json, also .gz, with --market")
    .option('--market <name>', 'which of them, e.g. Future-cme-ES')
    .option('--sessions', 'one bar a session')
    .option('--extended', 'the hours before and after the market too')
    .option('--fill', 'where an open market had no bar, one without volume at the close before')
    .addOption(new Option('--adjust <what>', 'splits, or dividends too').choices(['splits', 'all']))
    .option('--roll <rule>', 'contracts of a chain: volume, open-interest, or days apart by commas')
    .addOption(
      new Option('--back-adjust <how>', 'prices before a roll').choices(['ratio', 'difference']),
    )
    .action((_: unknown, command: Command) => viewBars(command.optsWithGlobals()));
  ticks
    .command('taker-orders')
    .description('the orders that took, put together again from stored trades')
    .requiredOption('--instrument <id>', 'e.g. BTCUSDT.BINANCE@sandbox', instrumentOption)
    .option('--least <quantity>', 'orders of so much or more')
    .option('--from <time>', 'received at or after', timeOption)
    .option('--to <time>', 'received before', timeOption)
    .option('--limit <n>', 'most orders', wholeNumber, 20)
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => takerOrders(command.optsWithGlobals()));
  ticks
    .command('quality')
    .description('how far what came of each minute could be trusted when it came')
    .option('--instrument <id>', 'only of this one', instrumentOption)
    .option('--from <time>', 'minutes that began at or after', timeOption)
    .option('--to <time>', 'minutes that began before', timeOption)
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => showQuality(command.optsWithGlobals()));
  ticks
    .command('compact')
    .description('write what was recorded second by second anew, in larger blocks')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => compactTicks(command.optsWithGlobals()));
  ticks
    .command('retention')
    .description('how long recorded ticks are kept, and what the desk would drop now')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => showRetention(command.optsWithGlobals()));
  ticks
    .command('sql')
    .description(
      'ask in DuckDB\'s SQL; each kind is a table: trades, bbo, diffs, bars, "bars-1d", …',
    )
    .argument('[question]', 'without it they are read from standard input, each ended by ;')
    .option('--instrument <id>', 'only of this one', instrumentOption)
    .option('--from <time>', 'only days from this one on', timeOption)
    .option('--to <time>', 'only days before it', timeOption)
    .option('--json', 'print one JSON document')
    .action((question: string | undefined, _: unknown, command: Command) =>
      askStore(question, command.optsWithGlobals()),
    );
  ticks
    .command('import')
    .description('keep a recording of wire messages, or a file of rows and columns')
    .argument(
      '<files...>',
      'one recording, in this order, as `qd feed verify` reads it; or one table',
    )
    .addOption(
      new Option('--kind <kind>', 'what the file tells')
        .choices(['wire', 'hive', 'actions', ...TABLE_KINDS])
        .default('wire'),
    )
    .addOption(new Option('--venue <id>', 'wire: whose messages they are').choices(RECORDED_VENUES))
    .option('--instrument <id>', 'all but wire, e.g. EEM.CSV', instrumentOption)
    .option('--quantity-decimals <n>', 'round quantities to so many decimals', wholeNumber)
    .addOption(
      new Option('--interval <length>', 'bars: how long they are').choices(TABLE_INTERVALS),
    )
    .option('--json', 'print one JSON document')
    .action((files: string[], _: unknown, command: Command) =>
      importFiles(files, command.optsWithGlobals()),
    );
  ticks
    .command('download')
    .description('have the running engine ask the venue for whole days of the past')
    .requiredOption('--instrument <id>', 'e.g. BTCUSDT.BINANCE@sandbox', instrumentOption)
    .addOption(
      new Option('--kind <kind>', 'bars are minutes').choices(DOWNLOAD_KINDS).makeOptionMandatory(),
    )
    .requiredOption('--from <day>', 'first UTC day, e.g. 2026-01-31')
    .requiredOption('--to <day>', 'last day, which must be over')
    .option('--replace', 'write days anew that are there already')
    .option('--no-wait', 'end once it is taken; it goes on by itself')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => downloadTicks(command.optsWithGlobals()));
  ticks
    .command('verify')
    .description('check every block, and every segment against the catalogue')
    .option('--json', 'print one JSON document')
    .action((_: unknown, command: Command) => verifyTicks(command.optsWithGlobals()));
  return ticks;
}
