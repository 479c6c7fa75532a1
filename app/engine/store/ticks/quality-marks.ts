import type { Database } from 'better-sqlite3';
import type { QualityMinute } from '../../domain/data-quality.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { unixMicros } from '../../domain/time.ts';
import type { QualityMarks, QualityRange } from '../../ports/quality-marks.ts';
import { dayName, startOfDay } from './tick-folders.ts';

const MINUTE_MICROS = 60_000_000;
const MINUTES_A_DAY = 1440;
/** Of one mark, little-endian. */
const MARK_BYTES = 2;

interface DayRow {
  readonly day: string;
  readonly marks: Buffer;
}

/** Marks of minutes as `quarterdeck.db` has them: a row for each instrument and UTC day, 2,880 bytes, 0 where nothing is known. */
export class SqliteQualityMarks implements QualityMarks {
  readonly #sqlite: Database;

  constructor(sqlite: Database) {
    this.#sqlite = sqlite;
  }

  keep(instrument: InstrumentId, minutes: readonly QualityMinute[]): void {
    this.#sqlite.transaction(() => {
      const days = Map.groupBy(minutes, ([at]) => Math.floor(minuteOf(at) / MINUTES_A_DAY));
      for (const [number, ofDay] of days) this.#keepDay(instrument, dayName(number), ofDay);
    })();
  }

  read(instrument: InstrumentId, { fromMicros, toMicros }: QualityRange): QualityMinute[] {
    const from = Math.ceil(fromMicros / MINUTE_MICROS);
    const to = Math.ceil(toMicros / MINUTE_MICROS);
    const days = {
      fromDay: dayName(Math.floor(from / MINUTES_A_DAY)),
      toDay: dayName(Math.floor(to / MINUTES_A_DAY)),
    };
    const rows = this.#sqlite
      .prepare<[typeof days & { readonly instrument: InstrumentId }], DayRow>(
        `SELECT day, marks FROM data_quality
         WHERE instrument = @instrument AND day >= @fromDay AND day <= @toDay ORDER BY day`,
      )
      .all({ instrument, ...days });
    return rows.flatMap((row) =>
      minutesOf(row).filter(([at]) => minuteOf(at) >= from && minuteOf(at) < to),
    );
  }

  instruments(): readonly InstrumentId[] {
    return this.#sqlite
      .prepare<[], { readonly instrument: InstrumentId }>(
        'SELECT DISTINCT instrument FROM data_quality ORDER BY instrument',
      )
      .all()
      .map(({ instrument }) => instrument);
  }

  /** Joins marks to those that stand already: two runs of the engine may share a minute. */
  #keepDay(instrument: InstrumentId, day: string, minutes: readonly QualityMinute[]): void {
    const key = { instrument, day };
    const known = this.#sqlite
      .prepare<[typeof key], DayRow>(
        'SELECT day, marks FROM data_quality WHERE instrument = @instrument AND day = @day',
      )
      .get(key);
    const marks = known?.marks ?? Buffer.alloc(MINUTES_A_DAY * MARK_BYTES);
    for (const [at, mark] of minutes) {
      const place = (minuteOf(at) % MINUTES_A_DAY) * MARK_BYTES;
      marks.writeUInt16LE(marks.readUInt16LE(place) | mark, place);
    }
    this.#sqlite
      .prepare(
        `INSERT INTO data_quality (instrument, day, marks) VALUES (@instrument, @day, @marks)
         ON CONFLICT (instrument, day) DO UPDATE SET marks = excluded.marks`,
      )
      .run({ ...key, marks });
  }
}

function minuteOf(micros: number): number {
  return Math.floor(micros / MINUTE_MICROS);
}

function minutesOf({ day, marks }: DayRow): QualityMinute[] {
  const begin = Number(startOfDay(day) / 1000n);
  return Array.from({ length: MINUTES_A_DAY }, (_, row): QualityMinute => {
    const at = unixMicros(begin + row * MINUTE_MICROS);
    return [at, marks.readUInt16LE(row * MARK_BYTES)];
  }).filter(([, mark]) => mark !== 0);
}
