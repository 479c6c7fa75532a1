import type { InstrumentId } from '../../domain/identifiers.ts';
import {
  BOOK_SNAPSHOT,
  KIND_BOOK_STATUS,
  KIND_SNAPSHOT_HEADER,
  type MarketRecords,
} from '../../native/compute/market-record.ts';
import { SegmentMessages, type StoredMessage } from './segment-messages.ts';
import { dayName, dayOf, findSegments, startOfDay, type TickSegmentPlace } from './tick-folders.ts';

const NANOS_A_MINUTE = 60_000_000_000n;
/** Changes stand behind the snapshot they waited for: times go back by so much at most. */
const DISORDER = NANOS_A_MINUTE;
/** How much further back the next look for a snapshot goes. */
const FURTHER = 10n;

/** The segments of a book's day. */
interface BookDay {
  readonly day: string;
  readonly changes: TickSegmentPlace;
  readonly snapshots: TickSegmentPlace | undefined;
}

/** Where a snapshot stands. */
interface SnapshotPlace {
  readonly id: number;
  readonly nanos: bigint;
}

/** Where reading a book begins; without an id no snapshot stands there. */
interface Beginning {
  readonly day: string;
  readonly nanos: bigint;
  readonly id?: number;
}

/**
 * The stored messages of an instrument's book, in the order in which they counted when they were kept, day by day: applied
 * one after the other they are the book. A change whose snapshot is not there is left out. Throws when a segment
 * cannot be opened, or nothing of the instrument is stored.
 */
export function* readStoredBook(ticks: string, instrument: InstrumentId): Generator<StoredMessage> {
  const found = findSegments(ticks, instrument);
  if (!found.ok) throw new Error(found.error.message);
  yield* readBook(found.value);
}

/** The same of segments of one instrument; with `atNanos` from the last snapshot that was received before that time. `number` is put into records as their instrument. */
export function* readBook(
  segments: readonly TickSegmentPlace[],
  atNanos?: bigint,
  number?: number,
): Generator<StoredMessage> {
  const days = daysOf(segments);
  const begin = atNanos === undefined ? undefined : beginningOf(days, atNanos);
  let stands = false;
  for (const { day, changes, snapshots } of days) {
    if (begin !== undefined && day < begin.day) continue;
    using told = new SegmentMessages(changes, number);
    using whole = snapshots && new SegmentMessages(snapshots, number);
    if (begin?.day === day) {
      const { id, nanos } = begin;
      if (id === undefined || !goTo(told, { id, nanos })) told.seek(nanos);
      whole?.seek(nanos - DISORDER);
    }
    for (let message = told.next(); message !== undefined; message = told.next()) {
      if (isMark(message)) {
        const snapshot = whole && snapshotOf(whole, placeOf(message));
        stands = snapshot !== undefined;
        if (snapshot !== undefined) yield snapshot;
      } else if (stands || message.records.kind(message.from) === KIND_BOOK_STATUS) {
        yield message;
      }
    }
  }
}

function daysOf(segments: readonly TickSegmentPlace[]): readonly BookDay[] {
  const of = (day: string, kind: TickSegmentPlace['kind']): TickSegmentPlace | undefined =>
    segments.find((place) => place.day === day && place.kind === kind);
  return [...new Set(segments.map(({ day }) => day))].flatMap((day) => {
    const changes = of(day, 'diffs');
    return changes === undefined ? [] : [{ day, changes, snapshots: of(day, 'snapshots') }];
  });
}

/** Where a book begins: at the last snapshot received before a time that has its mark among the changes, else at that time. */
function beginningOf(days: readonly BookDay[], atNanos: bigint): Beginning {
  for (const { day, changes, snapshots } of days.toReversed()) {
    if (snapshots === undefined || startOfDay(day) >= atNanos) continue;
    using whole = new SegmentMessages(snapshots);
    using told = new SegmentMessages(changes);
    let before = atNanos;
    for (let back = NANOS_A_MINUTE; ; back *= FURTHER) {
      const last = lastOf(whole, before - back, before);
      if (last !== undefined && goTo(told, last)) return { ...last, day };
      // Its mark was lost: the one before it is looked for.
      if (last !== undefined) before = last.nanos;
      else if (before - back <= startOfDay(day)) break;
    }
  }
  return { day: dayName(dayOf(atNanos)), nanos: atNanos };
}

function lastOf(whole: SegmentMessages, from: bigint, before: bigint): SnapshotPlace | undefined {
  whole.seek(from);
  let last: SnapshotPlace | undefined;
  for (let one = whole.next(); one !== undefined; one = whole.next()) {
    const place = placeOf(one);
    if (place.nanos >= before) break;
    if (one.records.kind(one.from) === KIND_SNAPSHOT_HEADER) last = place;
  }
  return last;
}

/** Goes to the mark of a snapshot, so that it is the next message; false when it is not there. */
function goTo(told: SegmentMessages, { id, nanos }: SnapshotPlace): boolean {
  told.seek(nanos - DISORDER);
  for (let one = told.next(); one !== undefined; one = told.next()) {
    const place = placeOf(one);
    if (isMark(one) && place.id === id && place.nanos === nanos) {
      told.back();
      return true;
    }
    if (place.nanos > nanos + DISORDER) return false;
  }
  return false;
}

/** The snapshot that a mark stands for; those before it were lost with their marks. */
function snapshotOf(whole: SegmentMessages, mark: SnapshotPlace): StoredMessage | undefined {
  for (let one = whole.next(); one !== undefined; one = whole.next()) {
    const { id, nanos } = placeOf(one);
    if (id === mark.id && nanos === mark.nanos) return one;
  }
  return undefined;
}

function isMark({ records, from }: StoredMessage): boolean {
  return records.kind(from) === KIND_BOOK_STATUS && records.price(from) === BOOK_SNAPSHOT;
}

function placeOf({ records, from }: { records: MarketRecords; from: number }): SnapshotPlace {
  return { id: records.id(from), nanos: records.tsInitNanos(from) };
}
