import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { adjustBars, type Adjustment } from '../../engine/bars/adjusted-bars.ts';
import {
  joinContracts,
  rollsOf,
  type Roll,
  type RollAdjustment,
  type RollRule,
} from '../../engine/bars/continuous-bars.ts';
import { fillBars, isOpen, joinSessions } from '../../engine/bars/session-bars.ts';
import { leanCalendar } from '../../engine/calendars/lean-hours.ts';
import { ALWAYS, Sessions, type TradingCalendar } from '../../engine/calendars/trading-calendar.ts';
import { US_EQUITIES } from '../../engine/calendars/us-equities.ts';
import { formatDecimal } from '../../engine/domain/decimal.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import { INTERVAL_MICROS, type Bar, type TickKind } from '../../engine/domain/market.ts';
import { formatMicros, type UnixMicros } from '../../engine/domain/time.ts';
import { readActions } from '../../engine/store/ticks/corporate-actions.ts';
import { readBars } from '../../engine/store/ticks/bar-reader.ts';
import { readOpenInterest } from '../../engine/store/ticks/open-interest-reader.ts';
import type { TickDefinition } from '../../engine/store/ticks/tick-folders.ts';
import {
  CommandFailure,
  FAILED,
  printJson,
  printLine,
  printTable,
  WRONG_INPUT,
} from '../output.ts';
import { openSegment, segmentsOf, ticksFolder, type StoreOptions } from './tick-options.ts';
import { currentEntries } from './tick-store.ts';

/** Kinds of bars a view begins with, and how long each is. */
const VIEWED: Readonly<Partial<Record<TickKind, number>>> = {
  bars: INTERVAL_MICROS['1m'],
  'bars-1s': 1_000_000,
  'bars-5m': INTERVAL_MICROS['5m'],
  'bars-15m': INTERVAL_MICROS['15m'],
  'bars-1h': INTERVAL_MICROS['1h'],
  'bars-4h': INTERVAL_MICROS['4h'],
  'bars-1d': INTERVAL_MICROS['1d'],
};
export const VIEWED_KINDS = Object.keys(VIEWED) as TickKind[];

/** Decimals that adjusted prices and volumes have beyond those stored. */
const FINER = 4;

/** What `qd ticks view` is given. */
export interface ViewOptions extends StoreOptions {
  readonly instrument: InstrumentId;
  readonly kind: TickKind;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly calendar?: 'XNYS' | '24x7';
  readonly hours?: string;
  readonly market?: string;
  readonly sessions?: boolean;
  readonly extended?: boolean;
  readonly fill?: boolean;
  readonly adjust?: Adjustment;
  readonly roll?: string;
  readonly backAdjust?: RollAdjustment;
}

/** Bars as they are looked at, with what their numbers' scales are. */
interface View {
  readonly definition: TickDefinition;
  readonly bars: readonly (Bar & {
    readonly contract?: string;
    readonly tradeDate?: string;
    readonly filled?: boolean;
  })[];
  readonly rolls: readonly Roll[];
}

/** `qd ticks view`: stored bars of one instrument or a chain of contracts, by session, adjusted or filled; what is stored stays as it is. */
export function viewBars(options: ViewOptions): void {
  const calendar = calendarOf(options);
  const sessions = new Sessions(calendar);
  const sessionOf = sessions.at.bind(sessions);
  const dayAt = (at: UnixMicros): string =>
    sessionOf(at)?.tradeDate ?? formatMicros(at).slice(0, 10);
  const dateOf = (bar: Bar): string => dayAt(bar.openTime);
  let view = options.roll === undefined ? single(options) : continuous(options, dayAt);
  if (options.adjust !== undefined) view = adjusted(view, options, options.adjust, dateOf);
  const extended = options.extended === true;
  if (options.sessions === true) {
    view = { ...view, bars: [...joinSessions(view.bars, sessionOf, extended)] };
  } else if (options.fill === true) {
    const length = VIEWED[options.kind] ?? 0;
    view = { ...view, bars: [...fillBars(view.bars, length, sessionOf, extended)] };
  } else if (calendar !== ALWAYS) {
    view = { ...view, bars: view.bars.filter((bar) => isOpen(sessionOf, bar, extended)) };
  }
  print(view, options);
}

/** Daily bars bear the date of their session at midnight of UTC: no clock of a market says more of them. */
function calendarOf({ calendar, hours, market, kind }: ViewOptions): TradingCalendar {
  if (kind === 'bars-1d') {
    if (calendar === undefined && hours === undefined) return ALWAYS;
    throw wrong('--calendar, --hours: must not be told with daily bars, which have no hours');
  }
  if (hours === undefined) return calendar === 'XNYS' ? US_EQUITIES : ALWAYS;
  if (market === undefined) throw wrong('--market: must be named with --hours');
  if (!existsSync(hours)) throw wrong(`there is no file ${hours}`);
  const bytes = readFileSync(hours);
  const text = (hours.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const found = leanCalendar(text, market);
  if (!found.ok) throw wrong(`--hours: ${found.error.message}`);
  return found.value;
}

function wrong(message: string): CommandFailure {
  return new CommandFailure(WRONG_INPUT, message);
}

function barsOf(options: ViewOptions): Omit<View, 'rolls'> {
  const segments = segmentsOf(options);
  const [first] = segments;
  if (first === undefined)
    throw wrong(`the tick store has no ${options.kind} of ${options.instrument}`);
  const { priceScale, quantityScale } = first.definition;
  const bars: Bar[] = [];
  for (const place of segments) {
    const own = place.definition;
    if (own.priceScale !== priceScale || own.quantityScale !== quantityScale) {
      const words = 'its decimals are others than before: choose days by --from, --to';
      throw new CommandFailure(FAILED, `${place.path}: ${words}`);
    }
    using reader = openSegment(place);
    const { from, to } = options;
    const range = {
      ...(from === undefined ? {} : { fromNanos: from }),
      ...(to === undefined ? {} : { toNanos: to }),
    };
    bars.push(...readBars(reader, range));
    const { damages } = reader.stats;
    if (damages.length === 0) continue;
    process.stderr.write(
      `${place.path}: ${damages.length} blocks are damaged, their bars are missing\n`,
    );
  }
  return { definition: first.definition, bars };
}

function single(options: ViewOptions): View {
  return { ...barsOf(options), rolls: [] };
}

/** The contracts `SYMBOL-EXPIRY.VENUE` of a chain, the nearest expiry first. */
function continuous(options: ViewOptions, dayAt: (at: UnixMicros) => string): View {
  const dateOf = (bar: Bar): string => dayAt(bar.openTime);
  const [symbol = '', venue = ''] = options.instrument.split('.');
  const ids = currentEntries(options)
    .filter(({ kind, instrument }) => kind === options.kind && instrument.startsWith(`${symbol}-`))
    .map(({ instrument }) => instrument)
    .filter((id) => id.endsWith(`.${venue}`));
  const chain = [...new Set(ids)].toSorted().map((id) => ({
    contract: id.slice(symbol.length + 1, -venue.length - 1),
    ...barsOf({ ...options, instrument: id }),
  }));
  const [first] = chain;
  if (first === undefined) {
    throw wrong(`the tick store has no ${options.kind} of contracts ${symbol}-….${venue}`);
  }
  const { priceScale, quantityScale } = first.definition;
  const same = chain.every(
    ({ definition }) =>
      definition.priceScale === priceScale && definition.quantityScale === quantityScale,
  );
  if (!same) throw wrong('contracts of one chain must have the same decimals');
  const rule =
    options.roll === 'open-interest'
      ? byInterest(chain, options, dayAt)
      : ruleOf(options.roll ?? '');
  const rolls = rollsOf(chain, rule, dateOf);
  const bars = joinContracts(chain, rolls, options.backAdjust ?? 'none', dateOf);
  return { definition: first.definition, bars, rolls };
}

function ruleOf(text: string): RollRule {
  if (text === 'volume') return { by: 'volume' };
  const days = text.split(',');
  if (days.every((day) => /^\d{4}-\d\d-\d\d$/.test(day)))
    return { by: 'date', days: days.toSorted() };
  throw wrong(
    `--roll: must be volume, open-interest or days such as 2013-11-27,2014-01-29, was ${text}`,
  );
}

/** By the last open interest that is stored of each contract and day. */
function byInterest(
  chain: readonly { readonly contract: string; readonly definition: TickDefinition }[],
  options: ViewOptions,
  dayAt: (at: UnixMicros) => string,
): RollRule {
  const told = new Map<string, number>();
  for (const { contract, definition } of chain) {
    const segments = segmentsOf({ ...options, instrument: definition.id, kind: 'derivatives' });
    for (const place of segments) {
      using reader = openSegment(place);
      for (const { at, contracts } of readOpenInterest(reader)) {
        told.set(`${contract} ${dayAt(at)}`, contracts);
      }
    }
  }
  if (told.size === 0) throw wrong('--roll: no open interest is stored of these contracts');
  return { by: 'open-interest', of: (contract, day) => told.get(`${contract} ${day}`) ?? 0 };
}

function adjusted(
  view: View,
  options: ViewOptions,
  adjustment: Adjustment,
  dateOf: (bar: Bar) => string,
): View {
  const actions = readActions(ticksFolder(options), options.instrument);
  if (!actions.ok) throw new CommandFailure(FAILED, actions.error);
  const { priceScale, quantityScale } = view.definition;
  const bars = adjustBars(view.bars, actions.value, {
    adjustment,
    decimals: FINER,
    dateOf,
    priceScale,
  });
  const definition = {
    ...view.definition,
    priceScale: priceScale + FINER,
    quantityScale: quantityScale + FINER,
  };
  return { ...view, definition, bars };
}

function print({ definition, bars, rolls }: View, options: ViewOptions): void {
  const px = (value: number): string => formatDecimal(value, definition.priceScale);
  const rows = bars.map(({ tradeDate, contract, filled, ...bar }) => ({
    ...(tradeDate === undefined ? {} : { session: tradeDate }),
    opened: formatMicros(bar.openTime),
    open: px(bar.open),
    high: px(bar.high),
    low: px(bar.low),
    close: px(bar.close),
    volume: formatDecimal(bar.volume, definition.quantityScale),
    ...(contract === undefined ? {} : { contract }),
    ...(filled === undefined ? {} : { filled: filled ? 'filled' : '' }),
  }));
  if (options.json === true) {
    printJson({ instrument: options.instrument, kind: options.kind, rolls, bars: rows });
    return;
  }
  const [first] = rows;
  if (first === undefined) printLine('no bars');
  else
    printTable(
      Object.keys(first),
      rows.map((row) => Object.values(row).map(String)),
    );
  for (const { day, from, to, closes } of rolls) {
    const at = closes === undefined ? 'no day that both traded' : closes.map(px).join(' and ');
    printLine(`roll on ${day} from ${from} to ${to}: ${at}`);
  }
}
