import {
  QUALITY,
  type QualityCounts,
  type QualityFlaw,
  type QualityMinute,
} from '../domain/data-quality.ts';
import type { DataState } from '../domain/market.ts';
import { unixMicros } from '../domain/time.ts';
import { bookReasonOf, type DroppedBecause } from '../ports/market-data-client.ts';
import { RobustScale } from './robust-scale.ts';

const MINUTE_MICROS = 60_000_000;
/** Minutes that are kept: two days. */
const MOST_MINUTES = 2880;
/** A message that was under way for so long is late. */
const LATE_MICROS = 1_000_000;
/** Delays that the figures are taken of. */
const DELAYS = 256;
/** A price that moves so many times the median movement of a second is an outlier: for a normal one once in 10^20 seconds. */
const OUTLIER_TIMES = 15;
/** And so many ticks at least: a quiet market moves by one. */
const OUTLIER_TICKS = 5;
/** A minute with so many times the median volume of the hour before it. */
const VOLUME_TIMES = 20;
const VOLUME_MINUTES = 60;
const ENOUGH_MINUTES = 10;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Delays between the venue and us, by its clock as we measured it. */
export interface DelayFigures {
  readonly medianMicros: number;
  readonly p99Micros: number;
}

/** When it is looked at, in the market's time, microseconds. */
export interface QualityLook {
  readonly nowMicros: number;
  readonly sinceMicros: number;
  /** The venue's clock less ours, when it was measured. */
  readonly offsetMicros?: number | undefined;
}

/** A touch in mantissas; a side that is absent is 0. */
interface Touch {
  readonly bid: number;
  readonly ask: number;
}

/** How far one instrument's data could be trusted, minute by minute, and what was wrong with it. */
export class InstrumentQuality {
  readonly counts: Mutable<QualityCounts> = {
    gaps: 0,
    disconnects: 0,
    silences: 0,
    checksumFailures: 0,
    crossed: 0,
    locked: 0,
    duplicates: 0,
    outOfOrder: 0,
    outliers: 0,
    volumeAnomalies: 0,
    divergences: 0,
  };
  /** Counts changes of marks: a reader compares it with what it read last. */
  version = 0;
  readonly #tickSize: number;
  readonly #minutes: { readonly minute: number; mark: number; version: number }[] = [];
  readonly #delays = new Float64Array(DELAYS);
  readonly #moves = new RobustScale();
  readonly #volumes: number[] = [];
  #delayCount = 0;
  #offsetMicros: number | undefined;
  #now = 0;
  #state: DataState = 'Stale';
  #flaw: QualityFlaw | undefined;
  #begun = false;
  #divergent = false;
  #touch: Touch = { bid: 0, ask: 0 };
  #secondPrice = 0;
  #volume = 0;

  constructor(tickSize: number) {
    this.#tickSize = tickSize;
  }

  /** The book is in another state. */
  onState(state: DataState, reasonCode: number): void {
    this.#state = state;
    const reason = bookReasonOf(reasonCode);
    if (state === 'Live') {
      this.#flaw = undefined;
      return;
    }
    if (reason === undefined || reason === 'none') return;
    if (reason === 'starting' || reason === 'sought') return;
    this.#flaw = reason;
    this.#mark(QUALITY[reason]);
    if (reason === 'gap') this.counts.gaps += 1;
    if (reason === 'disconnected') this.counts.disconnects += 1;
    if (reason === 'silent') this.counts.silences += 1;
    if (reason === 'checksum') this.counts.checksumFailures += 1;
    if (reason === 'crossed') this.counts.crossed += 1;
  }

  /** Best prices came; times in microseconds, the venue's 0 when it told none. */
  onQuote(bid: number, ask: number, tsEvent: number, tsInit: number): void {
    this.#delay(tsEvent, tsInit);
    this.#touch = { bid, ask };
    if (bid <= 0 || ask <= 0 || bid < ask) return;
    if (bid === ask) this.counts.locked += 1;
    else this.counts.crossed += 1;
    this.#mark(QUALITY.crossed);
  }

  /** A trade came; times as of quotes. */
  onTrade(price: number, quantity: number, tsEvent: number, tsInit: number): void {
    this.#delay(tsEvent, tsInit);
    this.#volume += quantity;
    const { bid, ask } = this.#touch;
    if (bid <= 0 || ask <= 0) return;
    this.#judge(price, Math.min(Math.max(price, bid), ask));
  }

  /** Something was dropped on the way in. */
  onDropped(because: DroppedBecause): void {
    if (because === 'Duplicate') this.counts.duplicates += 1;
    else this.counts.outOfOrder += 1;
    this.#mark(QUALITY.repeated);
  }

  /** The price went too far from that of the same elsewhere, or came back. */
  onDivergence(divergent: boolean): void {
    if (divergent && !this.#divergent) this.counts.divergences += 1;
    this.#divergent = divergent;
    if (divergent) this.#mark(QUALITY.divergent);
  }

  /** Takes in what an earlier run knew of minutes; what this one knows is joined to it. */
  remember(minutes: readonly QualityMinute[]): void {
    const own = new Map(this.#minutes.map((one) => [one.minute, one]));
    this.version += 1;
    for (const [startsAt, mark] of minutes) {
      const minute = Math.floor(startsAt / MINUTE_MICROS);
      const known = own.get(minute) ?? { minute, mark: 0, version: 0 };
      known.mark |= mark;
      known.version = this.version;
      own.set(minute, known);
    }
    const all = [...own.values()].sort((left, right) => left.minute - right.minute);
    this.#minutes.splice(0, this.#minutes.length, ...all.slice(-MOST_MINUTES));
  }

  /** Looks at it, once a second or so: what comes until the next look counts to the minute of this one. `sinceMicros`: from when on the data was as it is. */
  look({ nowMicros, sinceMicros, offsetMicros }: QualityLook): void {
    this.#offsetMicros = offsetMicros;
    const since = Math.max(sinceMicros, this.#now, nowMicros - MOST_MINUTES * MINUTE_MICROS);
    for (let at = since; at < nowMicros; at += MINUTE_MICROS) this.#pass(at);
    this.#pass(nowMicros);
    const { bid, ask } = this.#touch;
    if (bid <= 0 || ask <= 0 || this.#state !== 'Live') return;
    const mid = (bid + ask) / 2;
    if (this.#secondPrice > 0) {
      this.#judge(mid, this.#secondPrice);
      this.#moves.add(Math.abs(mid / this.#secondPrice - 1));
    }
    this.#secondPrice = mid;
  }

  /** The minutes whose marks changed after `version`, oldest first. */
  minutesSince(version: number): readonly QualityMinute[] {
    return this.#minutes
      .filter((one) => one.version > version)
      .map(({ minute, mark }) => [unixMicros(minute * MINUTE_MICROS), mark]);
  }

  /** Of the last 256 messages that told a time; undefined while the venue's clock was not measured. */
  get delays(): DelayFigures | undefined {
    const count = Math.min(this.#delayCount, DELAYS);
    if (count === 0) return undefined;
    const sorted = this.#delays.slice(0, count).sort();
    const at = (share: number): number => sorted[Math.floor((count - 1) * share)] ?? 0;
    return { medianMicros: at(0.5), p99Micros: at(0.99) };
  }

  /** It is `atMicros` now, and the data is as it is; time that goes back stays in the minute that is. */
  #pass(atMicros: number): void {
    const before = Math.floor(this.#now / MINUTE_MICROS);
    this.#now = Math.max(this.#now, atMicros);
    const minute = Math.floor(this.#now / MINUTE_MICROS);
    if (minute > before && before > 0) this.#closeMinute(minute === before + 1);
    if (this.#state === 'Live') {
      this.#mark(this.#begun ? QUALITY.live : QUALITY.live | QUALITY.partial);
      this.#begun = true;
    } else if (this.#flaw !== undefined) this.#mark(QUALITY[this.#flaw]);
    if (this.#divergent) this.#mark(QUALITY.divergent);
  }

  #closeMinute(whole: boolean): void {
    const volume = this.#volume;
    this.#volume = 0;
    if (!whole || volume === 0) return;
    if (this.#volumes.length >= ENOUGH_MINUTES) {
      const sorted = this.#volumes.toSorted((left, right) => left - right);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      if (volume > VOLUME_TIMES * median) {
        this.counts.volumeAnomalies += 1;
        this.#markMinute(this.#minutes.at(-1), QUALITY.volume);
      }
    }
    this.#volumes.push(volume);
    if (this.#volumes.length > VOLUME_MINUTES) this.#volumes.shift();
  }

  #judge(price: number, expected: number): void {
    const { median } = this.#moves;
    const moved = Math.abs(price - expected);
    if (median === undefined || moved <= OUTLIER_TICKS * this.#tickSize) return;
    if (moved <= OUTLIER_TIMES * median * expected) return;
    this.counts.outliers += 1;
    this.#mark(QUALITY.outlier);
  }

  #delay(tsEvent: number, tsInit: number): void {
    if (tsEvent <= 0 || this.#offsetMicros === undefined) return;
    const micros = tsInit - tsEvent + this.#offsetMicros;
    this.#delays[this.#delayCount % DELAYS] = micros;
    this.#delayCount += 1;
    if (micros > LATE_MICROS) this.#mark(QUALITY.late);
  }

  #mark(bits: number): void {
    // Before the first look no minute is known.
    if (this.#now === 0) return;
    const minute = Math.floor(this.#now / MINUTE_MICROS);
    const last = this.#minutes.at(-1);
    if (last?.minute === minute) {
      this.#markMinute(last, bits);
      return;
    }
    this.version += 1;
    this.#minutes.push({ minute, mark: bits, version: this.version });
    if (this.#minutes.length > MOST_MINUTES) this.#minutes.shift();
  }

  #markMinute(minute: { mark: number; version: number } | undefined, bits: number): void {
    if (minute === undefined || (minute.mark & bits) === bits) return;
    this.version += 1;
    minute.mark |= bits;
    minute.version = this.version;
  }
}
