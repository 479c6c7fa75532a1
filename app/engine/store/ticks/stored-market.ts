import { dirname } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { TickKind } from '../../domain/market.ts';
import { formatNanos } from '../../domain/time.ts';
import { MARKET_RECORD_BYTES } from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import type {
  StoredEvent,
  StoredInstrument,
  StoredMarket,
  StoredSpan,
} from '../../ports/stored-market.ts';
import { readLineage } from './lineage.ts';
import { SegmentMessages, type StoredMessage } from './segment-messages.ts';
import { readBook } from './stored-book.ts';
import { dayName, dayOf, findSegments, startOfDay, type TickSegmentPlace } from './tick-folders.ts';

const NANOS_A_DAY = 86_400_000_000_000n;
const NANOS_A_MINUTE = 60_000_000_000n;
const END_OF_TIME = 2n ** 62n;
/** How much further back the next look for a quote goes. */
const FURTHER = 10n;
/** Kinds of ticks that are played, in the order in which they count of one instrument at one time; snapshots stand among the changes. */
const PLAYED = ['trades', 'diffs', 'bbo', 'derivatives'] as const satisfies readonly TickKind[];

/** Why no market can be made of what is stored. */
export interface StoredMarketError {
  readonly code: 'TICKS_UNKNOWN_INSTRUMENT' | 'TICKS_DAMAGED' | 'SPAN_EMPTY' | 'SCALES_DIFFER';
  readonly message: string;
}

/** What is known of one instrument in the span. */
interface Track {
  readonly instrument: StoredInstrument;
  readonly segments: readonly TickSegmentPlace[];
}

/** When the first and last row was received. */
interface Bounds {
  readonly first: bigint;
  readonly last: bigint;
}

/** Messages of one instrument and kind, and the one that is next. */
interface Stream {
  readonly rest: Iterator<StoredMessage>;
  /** Its place among those of the same time. */
  readonly order: number;
  message: StoredMessage;
  at: bigint;
}

/** A span of the tick store as one market. Reading takes a block of each stream at a time. */
export class TickStoreMarket implements StoredMarket {
  readonly instruments: readonly StoredInstrument[];
  readonly fromNanos: bigint;
  readonly toNanos: bigint;
  readonly #tracks: readonly Track[];
  /** What comes at or after it is not played. */
  readonly #endNanos: bigint;

  private constructor(
    tracks: readonly Track[],
    fromNanos: bigint,
    toNanos: bigint,
    endNanos: bigint,
  ) {
    this.#tracks = tracks;
    this.#endNanos = endNanos;
    this.instruments = tracks.map(({ instrument }) => instrument);
    this.fromNanos = fromNanos;
    this.toNanos = toNanos;
  }

  /** Opens a span; `ticks` is the folder of all ticks. */
  static open(ticks: string, span: StoredSpan): Result<TickStoreMarket, StoredMarketError> {
    const asked = {
      from: span.from === undefined ? undefined : BigInt(span.from) * 1000n,
      to: span.to === undefined ? undefined : BigInt(span.to) * 1000n,
    };
    const tracks: Track[] = [];
    const bounds: Bounds[] = [];
    for (const id of span.instruments) {
      const track = trackOf(ticks, id, asked.to);
      if (!track.ok) return track;
      tracks.push(track.value);
      for (const place of track.value.segments) {
        const held = boundsOf(place);
        if (!held.ok) return held;
        if (held.value !== undefined) bounds.push(held.value);
      }
    }
    const first = least(bounds.map((one) => one.first));
    const last = -least(bounds.map((one) => -one.last));
    const fromNanos = asked.from ?? first;
    // A time of receipt that is the last one belongs to the span.
    const toNanos = asked.to ?? last + 1n;
    if (bounds.length === 0 || fromNanos >= toNanos || fromNanos > last || toNanos <= first) {
      const held =
        bounds.length === 0
          ? 'nothing'
          : `ticks received from ${formatNanos(first)} to ${formatNanos(last)}`;
      const message = `nothing to play: the tick store has ${held} of ${span.instruments.join(', ')} in this span`;
      return err({ code: 'SPAN_EMPTY', message });
    }
    // The last row of a segment need not be its newest: changes stand behind the snapshot they waited for.
    return ok(new TickStoreMarket(tracks, fromNanos, toNanos, asked.to ?? END_OF_TIME));
  }

  *events(atNanos: bigint): Generator<StoredEvent, undefined> {
    const streams: Stream[] = [];
    try {
      for (const [index, track] of this.#tracks.entries()) {
        for (const [place, kind] of PLAYED.entries()) {
          const rest = messagesOf(track, kind, atNanos, index);
          const stream = opened(rest, index * PLAYED.length + place);
          if (stream !== undefined) insert(streams, stream);
        }
      }
      for (let next = streams.shift(); next !== undefined; next = streams.shift()) {
        const { at, message } = next;
        if (at >= this.#endNanos) {
          close(next);
          continue;
        }
        yield eventOf(message, at);
        if (advance(next)) insert(streams, next);
      }
    } finally {
      for (const stream of streams) close(stream);
    }
  }
}

function trackOf(
  ticks: string,
  id: InstrumentId,
  to: bigint | undefined,
): Result<Track, StoredMarketError> {
  const found = findSegments(ticks, id);
  if (!found.ok) {
    const { code, message } = found.error;
    const unknown = code === 'TICKS_UNKNOWN_INSTRUMENT';
    return err({ code: unknown ? code : 'TICKS_DAMAGED', message });
  }
  const played: readonly TickKind[] = [...PLAYED, 'snapshots'];
  const segments = found.value.filter(
    ({ kind, day }) => played.includes(kind) && (to === undefined || day <= dayName(dayOf(to))),
  );
  const newest = segments.at(-1);
  if (newest === undefined) {
    const message = `the tick store has no trades, quotes or books of ${id} in this span`;
    return err({ code: 'SPAN_EMPTY', message });
  }
  const { priceScale, quantityScale } = newest.definition;
  const other = segments.find(
    ({ definition }) =>
      definition.priceScale !== priceScale || definition.quantityScale !== quantityScale,
  );
  if (other !== undefined) {
    const message = `${id} has other scales on ${other.day} than on ${newest.day}: they cannot be one market`;
    return err({ code: 'SCALES_DIFFER', message });
  }
  const writing = readLineage(dirname(newest.path)).findLast(({ kind }) => kind === newest.kind);
  const tick = mantissa(writing?.tickSize, priceScale);
  const step = mantissa(writing?.stepSize, quantityScale);
  const instrument: StoredInstrument = {
    id,
    priceScale,
    quantityScale,
    ...(tick !== undefined && { tickSize: tick }),
    ...(step !== undefined && { stepSize: step }),
    quoted: segments.some(({ kind }) => kind === 'bbo'),
  };
  return ok({ instrument, segments });
}

function mantissa(text: string | undefined, scale: number): number | undefined {
  const parsed = text === undefined ? undefined : parseDecimal(text, scale);
  return parsed?.ok === true && parsed.value > 0 ? parsed.value : undefined;
}

/** When the first and last row of a segment was received; undefined when it has none. */
function boundsOf({ path }: TickSegmentPlace): Result<Bounds | undefined, StoredMarketError> {
  const opened = TickSegmentReader.open(path);
  if (!opened.ok) {
    const { code, detail } = opened.error;
    return err({ code: 'TICKS_DAMAGED', message: `${path}: ${code}: ${detail}` });
  }
  using reader = opened.value;
  const { rows, firstTsInitNanos: first, lastTsInitNanos: last } = reader.stats;
  return ok(rows === 0 ? undefined : { first, last });
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((low, value) => (value < low ? value : low), values[0] ?? 0n);
}

function messagesOf(
  { segments }: Track,
  kind: (typeof PLAYED)[number],
  atNanos: bigint,
  index: number,
): Iterator<StoredMessage> {
  if (kind === 'diffs') return readBook(segments, atNanos, index);
  const own = segments.filter((place) => place.kind === kind);
  // Of trades a day leads to a time: bars are built of them. Of quotes the last.
  const from = kind === 'trades' ? atNanos - NANOS_A_DAY : lastBefore(own, atNanos);
  return plainMessages(own, from, index);
}

/** When the last row before a time was received; the time itself when there is none. */
function lastBefore(segments: readonly TickSegmentPlace[], atNanos: bigint): bigint {
  for (const place of segments.toReversed()) {
    if (startOfDay(place.day) >= atNanos) continue;
    using messages = new SegmentMessages(place);
    for (let back = NANOS_A_MINUTE; ; back *= FURTHER) {
      const last = lastWithin(messages, atNanos - back, atNanos);
      if (last !== undefined) return last;
      if (atNanos - back <= startOfDay(place.day)) break;
    }
  }
  return atNanos;
}

function lastWithin(messages: SegmentMessages, from: bigint, before: bigint): bigint | undefined {
  messages.seek(from);
  let last: bigint | undefined;
  for (let one = messages.next(); one !== undefined; one = messages.next()) {
    const at = one.records.tsInitNanos(one.from);
    if (at >= before) break;
    last = at;
  }
  return last;
}

function* plainMessages(
  segments: readonly TickSegmentPlace[],
  from: bigint,
  index: number,
): Generator<StoredMessage> {
  const first = dayName(dayOf(from < 0n ? 0n : from));
  for (const place of segments) {
    if (place.day < first) continue;
    using messages = new SegmentMessages(place, index);
    if (place.day === first) messages.seek(from);
    for (let one = messages.next(); one !== undefined; one = messages.next()) yield one;
  }
}

function opened(rest: Iterator<StoredMessage>, order: number): Stream | undefined {
  const first = rest.next();
  if (first.done === true) return undefined;
  return { rest, order, message: first.value, at: timeOf(first.value) };
}

/** Goes to the next message; false at the end. What waited for an older message came with it. */
function advance(stream: Stream): boolean {
  const next = stream.rest.next();
  if (next.done === true) return false;
  stream.message = next.value;
  const at = timeOf(next.value);
  if (at > stream.at) stream.at = at;
  return true;
}

function close(stream: Stream): void {
  stream.rest.return?.();
}

function timeOf({ records, from }: StoredMessage): bigint {
  return records.tsInitNanos(from);
}

/** Puts a stream among the others, ordered by what comes next. */
function insert(streams: Stream[], stream: Stream): void {
  let low = 0;
  let high = streams.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = streams[middle];
    if (other !== undefined && isBefore(other, stream)) low = middle + 1;
    else high = middle;
  }
  streams.splice(low, 0, stream);
}

function isBefore(left: Stream, right: Stream): boolean {
  return left.at === right.at ? left.order < right.order : left.at < right.at;
}

function eventOf({ records, from, to }: StoredMessage, receivedNanos: bigint): StoredEvent {
  const bytes = records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
  return { receivedNanos, bytes, count: to - from };
}
