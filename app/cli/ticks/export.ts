import { findSegments, listSegments } from '../../engine/store/ticks/tick-folders.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { TickKind } from '../../engine/domain/market.ts';
import { openDuck } from '../../engine/store/archive/duck.ts';
import { exportSegment, type HiveFormat } from '../../engine/store/archive/hive.ts';
import { CommandFailure, FAILED, printJson, printLine, WRONG_INPUT } from '../output.ts';
import { ticksFolder, type StoreOptions } from './tick-options.ts';

/** What an export as files of other programs is given; what is absent is all. */
export interface HiveExportOptions extends StoreOptions {
  readonly format: HiveFormat;
  readonly instrument?: InstrumentId;
  readonly kind?: TickKind;
}

/** `qd ticks export --format parquet|csv --out FOLDER`: whole segments as files in hive folders. */
export async function exportHive(folder: string, options: HiveExportOptions): Promise<void> {
  const { instrument, kind, format } = options;
  const ticks = ticksFolder(options);
  if (instrument !== undefined) {
    const found = findSegments(ticks, instrument);
    if (!found.ok) throw new CommandFailure(WRONG_INPUT, found.error.message);
  }
  const places = listSegments(ticks).segments.filter(
    (place) =>
      (instrument === undefined || place.definition.id === instrument) &&
      (kind === undefined || place.kind === kind),
  );
  using duck = await openDuck();
  let rows = 0;
  for (const place of places) {
    if (process.stderr.isTTY)
      process.stderr.write(`${place.definition.id} ${place.kind} ${place.day}\n`);
    try {
      rows += await exportSegment(duck, place, folder, format);
    } catch (error) {
      throw new CommandFailure(FAILED, error instanceof Error ? error.message : String(error));
    }
  }
  if (options.json === true) printJson({ rows, files: places.length, folder, format });
  else printLine(`${rows} rows in ${places.length} files of ${folder}`);
}
