import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { VERSION } from '../../engine/api/version.ts';
import type { TableKind } from '../../engine/market-data/tables/table-shape.ts';
import { readWireRecording } from '../../engine/market-data/wire-recording.ts';
import { dataVersionOf } from '../../engine/store/ticks/catalogue.ts';
import { TickRecorder } from '../../engine/store/ticks/tick-recorder.ts';
import type { OpenRecording } from '../import-recording.ts';
import { CommandFailure, FAILED, printJson, printLine, WRONG_INPUT } from '../output.ts';
import {
  importRecording,
  RECORDED_VENUES,
  verifierOf,
  type RecordedVenue,
} from '../recorded-venues.ts';
import { importActions } from './import-actions.ts';
import { importHive } from './import-hive.ts';
import { importTable, type TableImportOptions } from './import-table.ts';
import type { StoreOptions } from './tick-options.ts';
import { holdTickStore } from './tick-store.ts';

/** What `qd ticks import` is given. */
export interface ImportOptions extends Omit<TableImportOptions, 'kind'> {
  readonly kind: 'wire' | 'hive' | 'actions' | TableKind;
  readonly venue?: RecordedVenue;
}

/** `qd ticks import`: a recording of wire messages, or a table. */
export async function importFiles(
  files: readonly string[],
  { kind, ...options }: ImportOptions,
): Promise<void> {
  if (kind === 'wire') {
    const { venue } = options;
    if (venue === undefined) {
      const line = `--venue: must be one of ${RECORDED_VENUES.join(', ')} for wire messages`;
      throw new CommandFailure(WRONG_INPUT, line);
    }
    await importWire(files, { ...options, venue });
    return;
  }
  const [file = '', second] = files;
  if (second !== undefined) {
    throw new CommandFailure(WRONG_INPUT, `<files...>: one at a time, ${second} is another`);
  }
  if (kind === 'actions') importActions(file, options);
  else if (kind === 'hive') await importHive(file, options);
  else await importTable(file, { ...options, kind });
}

async function importWire(
  files: readonly string[],
  options: StoreOptions & { readonly venue: RecordedVenue },
): Promise<void> {
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
