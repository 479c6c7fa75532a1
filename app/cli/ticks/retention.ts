import { RETENTION_GROUPS, type RetentionGroup } from '../../engine/domain/tick-retention.ts';
import type { TickSegmentEntry } from '../../engine/ports/tick-catalogue.ts';
import { SystemTime } from '../../engine/processes/system-time.ts';
import { dataFolderPath } from '../../engine/store/data-folder.ts';
import { readSettings } from '../../engine/store/settings/settings-file.ts';
import { tickRetention } from '../../engine/store/settings/tick-retention.ts';
import {
  isRecorded,
  planRetention,
  retentionGroup,
} from '../../engine/store/ticks/retention-plan.ts';
import { printJson, printLine, printTable } from '../output.ts';
import type { StoreOptions } from './tick-options.ts';
import { currentEntries } from './tick-store.ts';

/** What there is of kinds that are kept equally long, and what of it goes. */
interface GroupRow {
  readonly kinds: RetentionGroup;
  /** 0 for ever. */
  readonly keptDays: number;
  readonly segments: number;
  readonly bytes: number;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly goesSegments: number;
  readonly goesBytes: number;
}

/** `qd ticks retention`: how long recorded ticks are kept, how full their room is, and what the desk would drop now; drops nothing. */
export function showRetention(options: StoreOptions): void {
  const { settings } = readSettings(dataFolderPath(options.data));
  const retention = tickRetention(settings.ticks);
  const entries = currentEntries(options);
  const plan = planRetention(entries, retention, new SystemTime().nowNanos());
  const going = plan.drops.map(({ entry }) => entry);
  const own = entries.filter(isRecorded);
  const rows = RETENTION_GROUPS.map((kinds): GroupRow => {
    const of = (all: readonly TickSegmentEntry[]): readonly TickSegmentEntry[] =>
      all.filter(({ kind }) => retentionGroup(kind) === kinds);
    const days = of(own)
      .map(({ day }) => day)
      .toSorted();
    return {
      kinds,
      keptDays: retention.days[kinds],
      segments: of(own).length,
      bytes: bytesOf(of(own)),
      firstDay: days[0] ?? null,
      lastDay: days.at(-1) ?? null,
      goesSegments: of(going).length,
      goesBytes: bytesOf(of(going)),
    };
  });
  const { recordedBytes, bytesPerDay } = plan.room;
  const { budgetBytes } = retention;
  const daysLeft =
    budgetBytes > 0 && bytesPerDay !== undefined
      ? Math.max(0, budgetBytes - recordedBytes) / bytesPerDay
      : null;
  const importedBytes = bytesOf(entries.filter((entry) => !isRecorded(entry)));
  if (options.json === true) {
    const rate = bytesPerDay ?? null;
    const room = { recordedBytes, budgetBytes, bytesPerDay: rate, daysUntilDropped: daysLeft };
    printJson({ kept: rows, room, importedBytes });
    return;
  }
  printTable(
    ['kinds', 'kept', 'segments', 'bytes', 'first', 'last', 'goes', 'bytes'],
    rows.map((row) => [
      row.kinds,
      row.keptDays === 0 ? 'for ever' : `${row.keptDays} days`,
      String(row.segments),
      String(row.bytes),
      row.firstDay ?? 'none',
      row.lastDay ?? 'none',
      String(row.goesSegments),
      String(row.goesBytes),
    ]),
  );
  const most = budgetBytes === 0 ? 'no bound' : `${budgetBytes} bytes`;
  printLine(`recorded, bars left out: ${recordedBytes} bytes of ${most} once what goes has gone`);
  if (daysLeft !== null) printLine(`the oldest begin to go in ${daysLeft.toFixed(1)} days`);
  printLine(`imported, not counted and never dropped: ${importedBytes} bytes`);
}

function bytesOf(entries: readonly TickSegmentEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}
