import { flawsOf, trustOf, type QualityMinute } from '../../engine/domain/data-quality.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import { formatMicros, unixMicros, type UnixMicros } from '../../engine/domain/time.ts';
import { SqliteQualityMarks } from '../../engine/store/ticks/quality-marks.ts';
import { printJson, printTable } from '../output.ts';
import type { StoreOptions } from './tick-options.ts';
import { readStore } from './tick-store.ts';

const MINUTE_MICROS = 60_000_000;

/** What `qd ticks quality` is given; times in nanoseconds. */
export interface QualityOptions extends StoreOptions {
  readonly instrument?: InstrumentId;
  readonly from?: bigint;
  readonly to?: bigint;
}

/** Minutes one after the other that can be trusted alike. */
interface QualitySpan {
  readonly from: UnixMicros;
  readonly to: UnixMicros;
  readonly trust: 'good' | 'doubtful' | 'missing' | 'not live';
  readonly flaws: string;
}

const WORDS = { Good: 'good', Late: 'doubtful', Gap: 'missing' } as const;

/** `qd ticks quality`: how far what came could be trusted when it came, oldest first. */
export function showQuality({ instrument, from, to, ...options }: QualityOptions): void {
  const range = {
    fromMicros: from === undefined ? 0 : Number(from / 1000n),
    toMicros: to === undefined ? Number.MAX_SAFE_INTEGER : Number(to / 1000n),
  };
  const found = readStore(options, ({ sqlite }) => {
    const marks = new SqliteQualityMarks(sqlite);
    const named = instrument === undefined ? marks.instruments() : [instrument];
    return named.flatMap((id) => spansOf(marks.read(id, range)).map((span) => ({ id, ...span })));
  });
  const rows = (found ?? []).map(({ id, from: begin, to: end, trust, flaws }) => ({
    instrument: id,
    from: formatMicros(begin),
    to: formatMicros(end),
    minutes: (end - begin) / MINUTE_MICROS,
    trust,
    flaws,
  }));
  if (options.json === true) {
    printJson({
      spans: rows.map((row) => ({ ...row, flaws: row.flaws.split(' ').filter(Boolean) })),
    });
    return;
  }
  printTable(
    ['instrument', 'from', 'to', 'minutes', 'trust', 'flaws'],
    rows.map((row) => Object.values(row).map(String)),
  );
}

function spansOf(minutes: readonly QualityMinute[]): readonly QualitySpan[] {
  const spans: QualitySpan[] = [];
  for (const [from, mark] of minutes) {
    const level = trustOf(mark);
    const trust = level === undefined ? 'not live' : WORDS[level];
    const flaws = flawsOf(mark).join(' ');
    const to = unixMicros(from + MINUTE_MICROS);
    const last = spans.at(-1);
    if (last?.to === from && last.trust === trust && last.flaws === flaws) {
      spans[spans.length - 1] = { ...last, to };
    } else spans.push({ from, to, trust, flaws });
  }
  return spans;
}
