import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { VERSION } from '../../engine/api/version.ts';
import { parseInstrumentId, type InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import { INTERVAL_MICROS, INTERVALS, type TickKind } from '../../engine/domain/market.ts';
import { formatNanos, unixMicros } from '../../engine/domain/time.ts';
import { ZoneClock } from '../../engine/calendars/zone-time.ts';
import { isLeanChain, openLeanChain } from '../../engine/market-data/tables/lean-chain.ts';
import { isLeanOptions, openLeanOptions } from '../../engine/market-data/tables/lean-options.ts';
import type { TableScales } from '../../engine/market-data/tables/cells.ts';
import { openCsv } from '../../engine/market-data/tables/csv-table.ts';
import { findShape, type ShapedTable } from '../../engine/market-data/tables/find-shape.ts';
import { openNpz } from '../../engine/market-data/tables/npz-table.ts';
import {
  readTable,
  surveyTable,
  type NeededScales,
} from '../../engine/market-data/tables/read-table.ts';
import type { TableKind } from '../../engine/market-data/tables/table-shape.ts';
import { TableError, type TickTable } from '../../engine/market-data/tables/tick-table.ts';
import { instrumentFrom } from '../../engine/ports/instrument-terms.ts';
import { BarImport } from '../../engine/store/ticks/bar-import.ts';
import { dataVersionOf } from '../../engine/store/ticks/catalogue.ts';
import { dayName, dayOf } from '../../engine/store/ticks/tick-folders.ts';
import { TickRecorder } from '../../engine/store/ticks/tick-recorder.ts';
import { CommandFailure, printJson, printLine, WRONG_INPUT } from '../output.ts';
import type { StoreOptions } from './tick-options.ts';
import { holdTickStore, type HeldTickStore } from './tick-store.ts';

/** Lengths of bars in files. */
export const TABLE_INTERVALS = ['1s', ...INTERVALS] as const;
type TableInterval = (typeof TABLE_INTERVALS)[number];

/** What an import of a table is given. */
export interface TableImportOptions extends StoreOptions {
  readonly kind: TableKind;
  readonly instrument?: InstrumentId;
  readonly interval?: TableInterval | undefined;
  /** Round quantities to so many decimals. */
  readonly quantityDecimals?: number;
}

const SEGMENTS: Readonly<Record<TableKind, readonly TickKind[]>> = {
  trades: ['trades'],
  bbo: ['bbo'],
  book: ['diffs', 'snapshots', 'trades'],
  bars: [],
  derivatives: ['derivatives'],
};

/** Options of the United States are told in its time. */
const NEW_YORK = new ZoneClock('America/New_York');
/** Recorders whose files are open: of a file with thousands of instruments those that were written last. */
const MOST_OPEN = 64;

/** Faults that people are shown. */
const SHOWN_FAULTS = 5;
/** Instruments that people are told. */
const SHOWN_INSTRUMENTS = 5;

/** `qd ticks import` of a file of rows and columns: all of it, or nothing. */
export async function importTable(file: string, options: TableImportOptions): Promise<void> {
  const { kind, instrument, interval } = options;
  if (instrument === undefined) throw wrong('--instrument: must be named for this kind');
  if (kind === 'bars' && interval === undefined) {
    throw wrong(`--interval: must be one of ${TABLE_INTERVALS.join(', ')} for bars`);
  }
  if (!existsSync(file)) throw wrong(`there is no file ${file}`);
  try {
    const shaped = findShape(await openTable(file), kind);
    const scales = rounded(await surveyTable(shaped), options.quantityDecimals);
    const length = nanosOf(interval);
    const checked = await readTable(shaped, scales, length, () => undefined);
    if (checked.faults.length > 0) {
      refuse(options, checked.faults);
      return;
    }
    if (checked.rows === 0) throw wrong(`${file}: must have rows, has none`);
    using store = holdTickStore(options);
    store.catalogueAll();
    const kept = new KeptTable(store, shaped, scales, { ...options, instrument });
    kept.checkRoom(checked);
    await readTable(shaped, kept.scales, length, (name, records, count) =>
      kept.add(name, records, count),
    );
    kept.close();
    store.catalogueAll();
    tell(options, shaped, checked, kept);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    refuse(options, [error.fault]);
  }
}

/** Where the records of a table go. */
class KeptTable {
  readonly segments: readonly TickKind[];
  readonly #store: HeldTickStore;
  readonly #shaped: ShapedTable;
  readonly #needed: NeededScales;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #recorders = new Map<string, TickRecorder>();
  readonly #bars = new Map<string, BarImport>();
  /** Recorders with open files, that written last behind. */
  readonly #open = new Set<string>();

  constructor(
    store: HeldTickStore,
    shaped: ShapedTable,
    scales: NeededScales,
    { instrument, interval, kind }: TableImportOptions & { readonly instrument: InstrumentId },
  ) {
    this.#store = store;
    this.#shaped = shaped;
    this.#needed = scales;
    const bars: TickKind =
      interval === undefined || interval === '1m' ? 'bars' : `bars-${interval}`;
    this.segments = kind === 'bars' ? [bars] : SEGMENTS[kind];
    this.#instruments = new Map(
      [...scales].map(([name, needed]) => [name, this.#instrument(instrument, name, needed)]),
    );
  }

  /** The scales it is kept at: those of the file, or finer ones that the store has already. */
  get scales(): NeededScales {
    return new Map(
      [...this.#needed].map(([name, needed]) => {
        const { priceScale: price, quantityScale: quantity } = this.#of(name);
        return [name, { ...needed, price, quantity }];
      }),
    );
  }

  get ids(): readonly InstrumentId[] {
    return [...this.#instruments.values()].map(({ id }) => id);
  }

  /** Rows of a segment stand in the order of their receipt: none can come before those that are there. */
  checkRoom({ firstNanos, lastNanos }: { firstNanos: bigint; lastNanos: bigint }): void {
    const days = { fromDay: dayName(dayOf(firstNanos)), toDay: dayName(dayOf(lastNanos)) };
    for (const { id, priceScale, quantityScale } of this.#instruments.values()) {
      const there = this.#store.catalogue.entries({ instrument: id, ...days });
      const other = there.find(
        (entry) => entry.priceScale !== priceScale || entry.quantityScale !== quantityScale,
      );
      if (other === undefined) continue;
      const [has, needs] = [other, { priceScale, quantityScale }].map(
        (scales) =>
          `${scales.priceScale} decimals of prices and ${scales.quantityScale} of quantities`,
      );
      throw wrong(`the store has ${id} on ${other.day} with ${has}, the file needs ${needs}`);
    }
    if (this.#shaped.shape.kind === 'bars') return;
    for (const instrument of this.ids) {
      for (const kind of this.segments) {
        const there = this.#store.catalogue.entries({ instrument, kind, ...days });
        const late = there.find((entry) => entry.lastNanos >= firstNanos);
        if (late === undefined) continue;
        const until = formatNanos(late.lastNanos);
        throw wrong(
          `the store has ${kind} of ${instrument} until ${until}, the file begins at ${formatNanos(firstNanos)}`,
        );
      }
    }
  }

  add(...[name, records, count]: Parameters<Parameters<typeof readTable>[3]>): void {
    if (this.#shaped.shape.kind !== 'bars') {
      this.#recorder(name).append(records.bytes, count);
      return;
    }
    const bars =
      this.#bars.get(name) ?? new BarImport(this.#store.ticks, this.segments[0] ?? 'bars');
    this.#bars.set(name, bars);
    const twice = bars.add(records, count);
    if (twice === undefined) return;
    throw wrong(
      `${this.#shaped.table.file}: has two bars of ${formatNanos(twice)}; nothing was imported`,
    );
  }

  close(): void {
    for (const [name, bars] of this.#bars) bars.write(this.#of(name), this.#origin());
    for (const recorder of this.#recorders.values()) {
      recorder.close();
      const { lost, problem } = recorder.state;
      if (lost > 0) throw new CommandFailure(1, `${lost} rows were not kept: ${problem ?? ''}`);
    }
  }

  dataVersion(): string | undefined {
    return dataVersionOf(
      this.ids.flatMap((instrument) =>
        this.segments.flatMap((kind) => this.#store.catalogue.entries({ instrument, kind })),
      ),
    );
  }

  #of(name: string): Instrument {
    const found = this.#instruments.get(name);
    if (found === undefined) throw new Error(`no instrument of ${name} was surveyed`);
    return found;
  }

  #recorder(name: string): TickRecorder {
    const known = this.#recorders.get(name);
    const used = known ?? new TickRecorder(this.#store.ticks, [this.#of(name)], this.#origin());
    this.#recorders.set(name, used);
    this.#open.delete(name);
    this.#open.add(name);
    const [oldest] = this.#open;
    if (this.#open.size > MOST_OPEN && oldest !== undefined) {
      this.#open.delete(oldest);
      this.#recorders.get(oldest)?.close();
    }
    return used;
  }

  #origin() {
    const source = `${this.#shaped.shape.name}: ${basename(this.#shaped.table.file)}`;
    return { source, writtenBy: `quarterdeck ${VERSION}`, withoutSteps: true as const };
  }

  /** The scales of what the store has of it, where they are finer: one day has one. */
  #instrument(id: InstrumentId, name: string, needed: TableScales): Instrument {
    const parsed = parseInstrumentId(id);
    if (!parsed.ok) throw new Error(`${id} was parsed before`);
    const { venue } = parsed.value;
    const symbol = name === '' ? parsed.value.symbol : `${parsed.value.symbol}-${name}`;
    const terms = { tick: '0', step: '0', minQuantity: '0', maxQuantity: '0', minNotional: '0' };
    const base = { symbol, base: symbol, quote: symbol, status: 'Closed' as const };
    const bare = instrumentFrom({ ...terms, ...base }, venue);
    const there = this.#store.catalogue.entries({ instrument: bare.id });
    const priceDecimals = Math.max(needed.price, ...there.map(({ priceScale }) => priceScale));
    const quantityDecimals = Math.max(
      needed.quantity,
      ...there.map(({ quantityScale }) => quantityScale),
    );
    return instrumentFrom({ ...terms, ...base, priceDecimals, quantityDecimals }, venue);
  }
}

async function openTable(file: string): Promise<TickTable> {
  if (file.endsWith('.npz')) return openNpz(file);
  if (await isLeanOptions(file)) return openLeanOptions(file, newYorkMidnight);
  const table = await openCsv(file);
  return isLeanChain(table) ? openLeanChain(table) : table;
}

/** When a day `YYYY-MM-DD` began in New York, ms. No clock is set within five hours of it. */
function newYorkMidnight(day: string): number {
  const near = Date.parse(day) + 5 * 3_600_000;
  return near - NEW_YORK.at(unixMicros(near * 1000)).seconds * 1000;
}

function rounded(needed: NeededScales, quantity: number | undefined): NeededScales {
  if (quantity === undefined) return needed;
  const to = ({ price }: TableScales): TableScales => ({ price, quantity, roundQuantities: true });
  return new Map([...needed].map(([name, scales]) => [name, to(scales)]));
}

function nanosOf(interval: TableInterval | undefined): bigint {
  if (interval === undefined) return 0n;
  return interval === '1s' ? 1_000_000_000n : BigInt(INTERVAL_MICROS[interval]) * 1000n;
}

function wrong(line: string): CommandFailure {
  return new CommandFailure(WRONG_INPUT, line);
}

/** Nothing was imported: why, line by line. */
function refuse(options: TableImportOptions, faults: readonly TableError['fault'][]): void {
  const { instrument, kind } = options;
  if (options.json === true) {
    const rejected = faults.map(({ line, field, value, reason }) => ({
      line,
      field,
      value,
      reason,
    }));
    printJson({ instrument, kind, rows: 0, rejected });
  }
  for (const fault of faults.slice(0, SHOWN_FAULTS)) {
    process.stderr.write(`${new TableError(fault).message}\n`);
  }
  const more = faults.length - SHOWN_FAULTS;
  if (more > 0) process.stderr.write(`and ${more} more\n`);
  process.stderr.write('nothing was imported\n');
  process.exitCode = WRONG_INPUT;
}

function tell(
  { instrument, kind, json }: TableImportOptions,
  { shape, columns }: ShapedTable,
  { rows, firstNanos, lastNanos }: Awaited<ReturnType<typeof readTable>>,
  kept: KeptTable,
): void {
  const notKept = columns.filter((column) => shape.notKept.includes(column));
  const [from, to] = [formatNanos(firstNanos), formatNanos(lastNanos)];
  if (json === true) {
    const what = { form: shape.name, notKept, instruments: kept.ids };
    const dataVersion = kept.dataVersion();
    printJson({ instrument, kind, rows, from, to, rejected: [], dataVersion, ...what });
    return;
  }
  const more = kept.ids.length - SHOWN_INSTRUMENTS;
  const ids = kept.ids.slice(0, SHOWN_INSTRUMENTS).join(', ');
  const names = more > 0 ? `${ids} and ${more} more` : ids;
  printLine(`${rows} rows of ${names} as ${kept.segments.join(', ')} (${shape.name})`);
  printLine(`${from} to ${to}`);
  if (notKept.length > 0) printLine(`columns that are not kept: ${notKept.join(', ')}`);
}
