import type { ConsolidatedMessage, MeasuresMessage } from '../../api/consolidated-book.ts';
import { DEPTH_BANDS_BPS, FLOW_SECONDS } from '../../domain/book-measures.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { LeftOut } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import {
  crossingQuantity,
  joinSide,
  ownLimit,
  type Factor,
  type JoinedLevel,
  type JoinSource,
} from '../../market-data/joined-book.ts';
import { sameElsewhere, type Conversion } from '../../market-data/same-elsewhere.ts';
import { BookMeasures, type SideMeasures } from '../../native/compute/book-measures.ts';
import { BookTop, L2Book, type BookSide } from '../../native/compute/book.ts';
import {
  FLAG_LAST,
  KIND_ASK_LEVEL,
  KIND_BID_LEVEL,
  KIND_SNAPSHOT_HEADER,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { InstrumentFeed } from './instrument-feed.ts';

/** Prices a side that are joined, when no more are to be told: what is measured of levels needs twenty. */
const LEAST_LEVELS = 100;
const BPS_ONE = 10_000;
const TWICE_BPS = 20_000n;
/** Pause between two looks, and the longest one: flow ages without a change of the book. */
const PAUSE_MICROS = 100_000;
const LONGEST_MICROS = 1_000_000;
const MICROS_A_SECOND = 1_000_000;
/** Fees are whole millionths of the price. */
const MILLION = 1_000_000n;
const SAME: Factor = { numerator: 1n, denominator: 1n };

/** What a consolidated book is made of. */
export interface ConsolidatedParts {
  readonly feed: InstrumentFeed;
  readonly all: readonly InstrumentFeed[];
  /** Levels a side that are told, at most 1,000. */
  readonly levels: number;
  /** What venues charge takers, in millionths; absent: prices without fees. */
  readonly fees?: ReadonlyMap<VenueId, number>;
}

interface Member {
  readonly feed: InstrumentFeed;
  readonly conversion: Conversion;
  readonly rate: InstrumentFeed | undefined;
  readonly feeMillionths: number | undefined;
  readonly top: BookTop;
  readonly measures: BookMeasures;
  readonly stopFlow: () => void;
}

/** What is measured of a book, and of its sides as far as they are known. */
interface Measured {
  readonly measures: BookMeasures;
  readonly bid: SideMeasures;
  readonly ask: SideMeasures;
}

interface JoinedMember {
  readonly member: Member;
  readonly source: JoinSource;
}

/** The books of one instrument at all venues as one, while somebody looks at it. */
export class ConsolidatedBook implements Disposable {
  readonly #members: readonly Member[];
  readonly #levels: number;
  readonly #depth: number;
  readonly #book: L2Book;
  readonly #measures = new BookMeasures();
  readonly #records: MarketRecords;
  #since: number | undefined;
  #version = -1;
  #takenAt: number | undefined;

  constructor({ feed, all, levels, fees }: ConsolidatedParts) {
    this.#levels = levels;
    this.#depth = Math.max(levels, LEAST_LEVELS);
    this.#book = new L2Book({ maxLevels: this.#depth });
    this.#records = new MarketRecords(2 * this.#depth + 1);
    const byId = new Map(all.map((one) => [one.instrument.id, one]));
    const elsewhere = sameElsewhere(
      feed.instrument,
      all.map(({ instrument }) => instrument),
    );
    const listings = [{ instrument: feed.instrument, conversion: { kind: 'Same' } as const }];
    this.#members = [...listings, ...elsewhere].flatMap(({ instrument, conversion }) => {
      const one = byId.get(instrument.id);
      if (one === undefined) return [];
      const rate = conversion.kind === 'Rate' ? byId.get(conversion.by.id) : undefined;
      const made = { top: new BookTop(this.#depth), measures: new BookMeasures() };
      const feeMillionths = fees?.get(instrument.venue);
      return { feed: one, conversion, rate, feeMillionths, ...made, stopFlow: one.watchFlow() };
    });
  }

  /** The book as it is now; undefined while nothing changed and within 100 ms of the last one. */
  take(nowMicros: number): Omit<ConsolidatedMessage, 'subscription'> | undefined {
    this.#since ??= nowMicros;
    const age = nowMicros - (this.#takenAt ?? -Infinity);
    // A clock that is set back keeps nothing back.
    const within = (micros: number): boolean => age >= 0 && age < micros;
    if (within(PAUSE_MICROS)) return undefined;
    const version = this.#members.reduce((sum, member) => sum + versionOf(member), 0);
    if (version === this.#version && within(LONGEST_MICROS)) return undefined;
    this.#version = version;
    this.#takenAt = nowMicros;
    return this.#join(nowMicros);
  }

  [Symbol.dispose](): void {
    for (const { stopFlow } of this.#members) stopFlow();
  }

  #join(nowMicros: number): Omit<ConsolidatedMessage, 'subscription'> {
    const judged = this.#members.map((member) => ({ member, leftOut: leftOutOf(member) }));
    const inside = judged.flatMap(({ member, leftOut }) => (leftOut === undefined ? member : []));
    const priceScale = Math.max(0, ...inside.map(({ feed }) => feed.instrument.priceScale));
    const quantityScale = Math.max(0, ...inside.map(({ feed }) => feed.instrument.quantityScale));
    const joined = inside.map((member) => joinedMember(member, priceScale, quantityScale));
    const sources = joined.map(({ source }) => source);
    const bids = joinSide('Bid', sources, this.#depth);
    const asks = joinSide('Ask', sources, this.#depth);
    this.#fill(bids, asks);
    const flowOf = (seconds: number): number =>
      joined.reduce(
        (sum, { member, source }) =>
          sum + member.feed.book.flow(nowMicros, seconds) * source.quantity,
        0,
      );
    const crossing = crossingQuantity(bids, asks);
    return {
      priceScale,
      quantityScale,
      venues: judged.map(({ member, leftOut }) => ({
        instrument: member.feed.instrument.id,
        ...(member.rate && { rate: member.rate.instrument.id }),
        ...(member.feeMillionths !== undefined && { feeMillionths: member.feeMillionths }),
        ...(leftOut === undefined
          ? { measures: this.#venueMeasures(member, nowMicros) }
          : { leftOut }),
      })),
      bids: bids.slice(0, this.#levels).map(row),
      asks: asks.slice(0, this.#levels).map(row),
      ...(crossing > 0 && { crossing: quantity(crossing) }),
      measures: this.#told(
        { measures: this.#measures, ...joinedSides(this.#measures, joined) },
        { priceScale, quantityScale },
        flowOf,
        nowMicros,
      ),
    };
  }

  #venueMeasures({ feed, measures }: Member, nowMicros: number): MeasuresMessage {
    const flowOf = (seconds: number): number => feed.book.flow(nowMicros, seconds);
    const { bid, ask } = measures;
    return this.#told({ measures, bid, ask }, feed.instrument, flowOf, nowMicros);
  }

  /** The joined levels as a book of their own, so that one and the same code measures all books. */
  #fill(bids: readonly JoinedLevel[], asks: readonly JoinedLevel[]): void {
    const records = this.#records;
    const count = bids.length + asks.length;
    records.set(0, KIND_SNAPSHOT_HEADER, 0, 0, 0n, 0n, 0, count, 0, 0, 0);
    let at = 1;
    for (const [kind, side] of [
      [KIND_BID_LEVEL, bids],
      [KIND_ASK_LEVEL, asks],
    ] as const) {
      for (const level of side) {
        records.set(at, kind, FLAG_LAST, 0, 0n, 0n, level.price, level.quantity, 0, 0, 0);
        at += 1;
      }
    }
    this.#book.apply(records, 0, at);
    this.#book.measure(this.#measures);
  }

  #told(
    { measures, bid, ask }: Measured,
    scales: { readonly priceScale: number; readonly quantityScale: number },
    flowOf: (seconds: number) => number,
    nowMicros: number,
  ): MeasuresMessage {
    const { priceScale, quantityScale } = scales;
    const { midFine, micropriceFine, spreadBps, imbalances } = measures;
    const watched = nowMicros - (this.#since ?? nowMicros);
    return {
      priceScale,
      quantityScale,
      ...(midFine !== undefined && { midFine }),
      ...(micropriceFine !== undefined && { micropriceFine }),
      ...(spreadBps !== undefined && { spreadBps }),
      imbalances: imbalances.map(orNull),
      // A span that was not watched whole has no flow yet.
      flows: FLOW_SECONDS.map((seconds) =>
        watched < seconds * MICROS_A_SECOND ? null : flowOf(seconds),
      ),
      bid: sideTold(bid),
      ask: sideTold(ask),
    };
  }
}

/** Why a venue's book is not joined now; undefined when it is. */
function leftOutOf({ feed, conversion, rate }: Member): LeftOut | undefined {
  const { book, instrument, state } = feed;
  if (instrument.quantityUnit !== undefined && instrument.quantityUnit !== instrument.base) {
    return 'OtherUnit';
  }
  if (conversion.kind === 'None') return 'NoConversion';
  if (state !== 'Live') return state;
  if (book.crossed) return 'Crossed';
  if (book.levels('Bid') + book.levels('Ask') === 0) return 'Empty';
  return conversion.kind === 'Rate' && twiceMid(rate) <= 0n ? 'ConversionDoubted' : undefined;
}

/** Of the joined book: each venue's own book is asked how much it has in the bands, so that no more levels are joined than are told; it is known as far as the shortest of them. */
function joinedSides(
  { twoSided, bid, ask }: BookMeasures,
  joined: readonly JoinedMember[],
): Pick<Measured, 'bid' | 'ask'> {
  const sum = BigInt(bid.bestPrice) + BigInt(ask.bestPrice);
  const inBands = (side: BookSide): readonly (number | undefined)[] =>
    DEPTH_BANDS_BPS.map((bps) =>
      twoSided && sum > 0n
        ? joined.reduce((total, one) => capped(total + quantityWithin(side, one, sum, bps)), 0)
        : undefined,
    );
  const reach = (side: 'bid' | 'ask'): number | undefined => {
    const known = joined.flatMap(({ member }) => member.measures[side].reachBps ?? []);
    const all = known.length > 0 && known.length === joined.length;
    return all ? Math.min(...known) : undefined;
  };
  return {
    bid: { ...bid, reachBps: reach('bid'), within: inBands('Bid') },
    ask: { ...ask, reachBps: reach('ask'), within: inBands('Ask') },
  };
}

/** What a venue has at most `bps` from the middle of the joined book, of which `sum` is twice; sums stop at 2^53 - 1. */
function quantityWithin(
  side: BookSide,
  { member, source }: JoinedMember,
  sum: bigint,
  bps: number,
): number {
  const parts = BigInt(side === 'Bid' ? BPS_ONE - bps : BPS_ONE + bps);
  const limit = ownLimit(side, source, { numerator: sum * parts, denominator: TWICE_BPS });
  const { book } = member.feed;
  const most = Number.MAX_SAFE_INTEGER;
  const own =
    side === 'Bid' ? book.depthBetween(side, limit, most) : book.depthBetween(side, -most, limit);
  return capped(own * source.quantity);
}

function capped(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

function sideTold({ slope, reachBps, within }: SideMeasures): MeasuresMessage['bid'] {
  return {
    ...(slope !== undefined && { slope }),
    ...(reachBps !== undefined && { reachBps }),
    within: within.map(orNull),
  };
}

function joinedMember(member: Member, priceScale: number, quantityScale: number): JoinedMember {
  const { feed, feeMillionths = 0, top } = member;
  const { instrument } = feed;
  feed.book.top(top);
  feed.book.measure(member.measures);
  const finer = 10n ** BigInt(priceScale - instrument.priceScale);
  const rate = rateOf(member);
  const whole = times(rate, { numerator: finer, denominator: 1n });
  const charged = (sign: bigint): Factor =>
    feeMillionths === 0
      ? whole
      : times(whole, {
          numerator: MILLION + sign * BigInt(feeMillionths),
          denominator: MILLION,
        });
  const source: JoinSource = {
    top,
    bid: charged(-1n),
    ask: charged(1n),
    quantity: 10 ** (quantityScale - instrument.quantityScale),
  };
  return { member, source };
}

/** Twice the middle of a touch; 0 when it cannot be trusted. */
function twiceMid(feed: InstrumentFeed | undefined): bigint {
  const [bid, ask] = feed?.touch ?? [0, 0];
  return BigInt(bid) + BigInt(ask);
}

/** How many units of our quote currency one unit of the member's is: the middle of the converting touch, exact. */
function rateOf({ conversion, rate }: Member): Factor {
  if (conversion.kind !== 'Rate' || rate === undefined) return SAME;
  const sum = twiceMid(rate);
  const one = 2n * 10n ** BigInt(rate.instrument.priceScale);
  return conversion.inverse
    ? { numerator: one, denominator: sum }
    : { numerator: sum, denominator: one };
}

function times(left: Factor, right: Factor): Factor {
  return {
    numerator: left.numerator * right.numerator,
    denominator: left.denominator * right.denominator,
  };
}

/** Grows with every change of what the member brings. */
function versionOf({ feed, rate }: Member): number {
  return feed.depthVersion + (rate?.quoteVersion ?? 0);
}

function row(level: JoinedLevel): ConsolidatedMessage['bids'][number] {
  return [price(level.price), quantity(level.quantity), level.parts.map(quantity)];
}

function orNull(value: number | undefined): number | null {
  return value ?? null;
}
