import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readWireRecording } from '../engine/market-data/wire-recording.ts';
import { hasFault, type FeedReport } from '../engine/ports/feed-verification.ts';
import { RECORDED_VENUES, verifierOf, type RecordedVenue } from './recorded-venues.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';

const SHOWN_WARNINGS = 10;

interface VerifyOptions {
  readonly venue: RecordedVenue;
  readonly statesAt?: readonly number[];
  readonly json?: boolean;
}

function updateIds(text: string): number[] {
  return text.split(',').map((part) => {
    const id = Number(part);
    if (!/^\d+$/.test(part) || !Number.isSafeInteger(id)) {
      throw new InvalidArgumentError(`expected update ids apart by commas, was ${text}`);
    }
    return id;
  });
}

async function verify(files: readonly string[], options: VerifyOptions): Promise<FeedReport> {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new CommandFailure(WRONG_INPUT, `there is no file ${missing}`);
  const verifier = verifierOf(options.venue, options.statesAt);
  for (const file of files) {
    let read = 0;
    for await (const line of readWireRecording(file)) {
      if (line.ok) {
        verifier.add(line.value);
        read += 1;
        continue;
      }
      const { code, line: number, message, fatal } = line.error;
      const where = `${file} line ${number}: ${code}: ${message}`;
      if (read === 0 || fatal) throw new CommandFailure(WRONG_INPUT, where);
      process.stderr.write(`${where}\n`);
    }
  }
  return verifier.finish();
}

function show(report: FeedReport): void {
  const { byKind, gaps, checksums, warnings, books } = report;
  printTable(
    ['what', 'count'],
    [
      ['messages', String(report.messages)],
      ...Object.entries(byKind).map(([kind, count]) => [`  ${kind}`, String(count)]),
      ['parse errors', String(report.parseErrors)],
      ['unknown messages', String(report.unknownMessages)],
      ['gaps explained', String(gaps.explained)],
      ['gaps unexplained', String(gaps.unexplained)],
      ['resyncs', String(report.resyncs)],
      ['duplicates', String(report.duplicates)],
      ['out of order', String(report.outOfOrder)],
      ['stale diffs', String(report.staleDiffs)],
      ['crossed books', String(report.crossedBooks)],
      ['checksums verified', String(checksums.verified)],
      ['checksums failed', String(checksums.failed)],
    ],
  );
  for (const { instrument, bids, asks } of books) {
    const best = ([first]: typeof bids, side: string): string =>
      first === undefined ? `no ${side}` : `${side} ${first.join(' x ')}`;
    printLine(`${instrument}  ${best(bids, 'bid')}  ${best(asks, 'ask')}`);
  }
  for (const { code, file, line, message } of warnings.slice(0, SHOWN_WARNINGS)) {
    printLine(`${file} line ${line}: ${code}: ${message}`);
  }
  if (warnings.length > SHOWN_WARNINGS) printLine(`and ${warnings.length - SHOWN_WARNINGS} more`);
}

/** `qd feed`: recorded wire messages through a venue's connector. */
export function feedCommand(): Command {
  const feed = new Command('feed').description("a venue's recorded messages");
  feed
    .command('verify')
    .description("run recorded messages through the venue's decoder and books, and report")
    .argument(
      '<files...>',
      'one recording, in this order; plain, .gz, .zst or the one entry of a .zip',
    )
    .addOption(
      new Option('--venue <id>', 'whose messages they are')
        .choices(RECORDED_VENUES)
        .makeOptionMandatory(),
    )
    .option('--states-at <ids>', 'the top 5 after the updates with these ids', updateIds)
    .option('--json', 'print one JSON document')
    .action(async (files: string[], options: VerifyOptions) => {
      const report = await verify(files, options);
      if (options.json === true) printJson(report);
      else show(report);
      if (hasFault(report)) process.exitCode = FAILED;
    });
  return feed;
}
