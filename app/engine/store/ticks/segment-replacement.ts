import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TickKind } from '../../domain/market.ts';
import { MARKET_RECORD_BYTES, type MarketRecords } from '../../native/compute/market-record.ts';
import { holdsKind, TickSegmentWriter } from '../../native/io/tick-segment.ts';
import {
  stepsOf,
  writeLineage,
  type LineageEntry,
  type Steps,
  type TickOrigin,
} from './lineage.ts';
import { dayOf, prepareSegment, type TickDefinition } from './tick-folders.ts';

/** A segment written as a whole in place of what was there: to a file beside, which is synced and renamed. What is not committed leaves nothing. Throws the system's error, or when the day began with other scales. */
export class SegmentReplacement implements Disposable {
  readonly #path: string;
  readonly #beside: string;
  readonly #instrument: TickDefinition & Partial<Steps>;
  readonly #kind: TickKind;
  readonly #day: number;
  readonly #writer: TickSegmentWriter;
  #first: bigint | undefined;

  constructor(
    ticks: string,
    instrument: TickDefinition & Partial<Steps>,
    day: number,
    kind: TickKind,
  ) {
    this.#path = prepareSegment(ticks, instrument, day, kind);
    this.#beside = `${this.#path}.new`;
    this.#instrument = instrument;
    this.#kind = kind;
    this.#day = day;
    rmSync(this.#beside, { force: true });
    const opened = TickSegmentWriter.open(this.#beside, kind);
    if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
    this.#writer = opened.value;
  }

  /** Adds records. Throws for one of another kind or day. */
  append(records: MarketRecords, count: number): void {
    for (let row = 0; row < count; row += 1) {
      if (!holdsKind(this.#kind, records.kind(row))) {
        throw new Error(`records of ${this.#kind} are of no kind ${records.kind(row)}`);
      }
    }
    if (count === 0) return;
    const [first, last] = [records.tsInitNanos(0), records.tsInitNanos(count - 1)];
    // Of daily bars a segment holds a year.
    const days = this.#kind === 'bars-1d' ? 366 : 1;
    if (dayOf(first) < this.#day || dayOf(last) >= this.#day + days) {
      throw new Error('records must be of the day of their segment');
    }
    this.#first ??= first;
    const bytes = records.bytes.subarray(0, count * MARKET_RECORD_BYTES);
    this.#check(this.#writer.append(bytes, count));
  }

  /** Makes what was added survive the loss of power, beside what it is to replace; where it lies. */
  seal(): string {
    this.#check(this.#writer.sync());
    return this.#beside;
  }

  /** Puts it in place, with a line of lineage that says what is told too. */
  commit({ source, writtenBy, withoutSteps }: TickOrigin, told: Partial<LineageEntry> = {}): void {
    this.seal();
    const path = this.#path;
    const replaces =
      told.replaces === undefined && existsSync(path)
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : undefined;
    writeLineage(dirname(path), {
      kind: this.#kind,
      firstRow: 0,
      fromNanos: this.#first ?? 0n,
      source,
      writtenBy,
      ...(withoutSteps === true ? {} : stepsOf(this.#instrument)),
      ...(replaces === undefined ? {} : { replaces }),
      ...told,
    });
    renameSync(this.#beside, path);
  }

  [Symbol.dispose](): void {
    this.#writer.close();
    rmSync(this.#beside, { force: true });
  }

  #check(answer: ReturnType<TickSegmentWriter['sync']>): void {
    if (answer.ok) return;
    throw new Error(`${this.#beside}: the system refused with error ${answer.error}`);
  }
}
