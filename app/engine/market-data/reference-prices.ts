import { pricedAlike } from '../domain/data-quality.ts';
import type { InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Divergence } from '../domain/market.ts';
import { sameElsewhere, type Conversion } from './same-elsewhere.ts';

/** A divergence counts when it lasts so long, and is over when it has been gone so long: venues lead and lag each other. */
const LASTS_MICROS = 1_000_000;
const BPS_ONE = 10_000;

/** The middle of an instrument's touch as a number of its quote currency; undefined while it is not to be trusted. */
export type PriceNow = (instrument: Instrument) => number | undefined;

/** An instrument went beyond the limit; without a divergence it is back within it. */
export interface DivergenceChange {
  readonly instrument: Instrument;
  readonly divergence: Divergence | undefined;
}

/** The source of a reference price changed; undefined: none can be trusted. */
export interface SourceSwitch {
  readonly pair: string;
  readonly from: InstrumentId | undefined;
  readonly to: InstrumentId | undefined;
}

/** A reference price: its sources, the primary one first, and that which gives it now. */
export interface ReferencePrice {
  readonly pair: string;
  readonly sources: readonly InstrumentId[];
  readonly source: InstrumentId | undefined;
  readonly switches: number;
  /** Of the last switch, microseconds; 0 before the first. */
  readonly switchedAt: number;
}

interface Watched {
  readonly instrument: Instrument;
  /** The same at other venues, and how many units of ours one unit of their quote currency is. */
  readonly peers: readonly { readonly instrument: Instrument; readonly rate: PriceOfOne }[];
  /** Since when it is on the other side of the limit. */
  otherSince: number | undefined;
  divergence: Divergence | undefined;
}

type PriceOfOne = (now: PriceNow) => number | undefined;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * What is priced alike on several venues, compared continuously. A price is held against the other one, or of three and more
 * against the median of all that can be trusted, another quote currency converted at a watched rate. Reference prices come from the first source that can be trusted.
 */
export class ReferencePrices {
  readonly #limitBps: number;
  readonly #watched: Watched[] = [];
  readonly #references: Mutable<ReferencePrice>[] = [];

  /** `instruments`: those of the traded venue first, then those of the others in the order of their rank. */
  constructor(instruments: readonly Instrument[], limitBps: number) {
    this.#limitBps = limitBps;
    for (const instrument of instruments) {
      const peers = sameElsewhere(instrument, instruments).flatMap((other) => {
        const rate = rateOf(other.conversion);
        return rate === undefined ? [] : [{ instrument: other.instrument, rate }];
      });
      if (peers.length === 0) continue;
      this.#watched.push({ instrument, peers, otherSince: undefined, divergence: undefined });
    }
    const byPair = Map.groupBy(instruments, (one) => pricedAlike(one));
    for (const [pair, sources] of byPair) {
      if (pair === undefined || sources.length < 2) continue;
      const ids = sources.map(({ id }) => id);
      const begun = { source: undefined, switches: 0, switchedAt: 0 };
      this.#references.push({ pair, sources: ids, ...begun });
    }
  }

  /** Compares all of them; what changed is returned. */
  look(
    now: PriceNow,
    nowMicros: number,
  ): { readonly divergences: readonly DivergenceChange[]; readonly switches: SourceSwitch[] } {
    const divergences = this.#watched.flatMap((one) => this.#compare(one, now, nowMicros));
    return { divergences, switches: this.#choose(now, nowMicros) };
  }

  /** Reference prices as they stand. */
  get references(): readonly ReferencePrice[] {
    return this.#references;
  }

  #compare(one: Watched, now: PriceNow, nowMicros: number): DivergenceChange[] {
    const bps = differenceOf(one, now);
    // What cannot be compared is not said to differ; that it is stale is said elsewhere.
    const beyond = bps !== undefined && Math.abs(bps) > this.#limitBps;
    if (beyond === (one.divergence !== undefined)) {
      one.otherSince = undefined;
      return [];
    }
    one.otherSince ??= nowMicros;
    if (nowMicros - one.otherSince < LASTS_MICROS) return [];
    one.otherSince = undefined;
    one.divergence = beyond ? { bps, limitBps: this.#limitBps } : undefined;
    return [{ instrument: one.instrument, divergence: one.divergence }];
  }

  #choose(now: PriceNow, nowMicros: number): SourceSwitch[] {
    const switches: SourceSwitch[] = [];
    const trusted = new Map<InstrumentId, Instrument>();
    for (const { instrument } of this.#watched) {
      if (now(instrument) !== undefined) trusted.set(instrument.id, instrument);
    }
    for (const reference of this.#references) {
      const to = reference.sources.find((id) => trusted.has(id));
      const from = reference.source;
      if (to === from) continue;
      reference.source = to;
      if (from === undefined && reference.switches === 0) continue;
      reference.switches += 1;
      reference.switchedAt = nowMicros;
      switches.push({ pair: reference.pair, from, to });
    }
    return switches;
  }
}

/** How many units of ours one unit of a quote currency elsewhere is; undefined when nothing that is watched converts it. */
function rateOf(conversion: Conversion): PriceOfOne | undefined {
  switch (conversion.kind) {
    case 'Same':
      return () => 1;
    case 'None':
      return undefined;
    case 'Rate': {
      const { by, inverse } = conversion;
      return (now) => {
        const price = now(by);
        return price === undefined || !inverse ? price : 1 / price;
      };
    }
  }
}

/** How far an instrument lies from the same elsewhere, in whole basis points; undefined when either cannot be trusted. */
function differenceOf({ instrument, peers }: Watched, now: PriceNow): number | undefined {
  const own = now(instrument);
  const elsewhere = peers.flatMap(({ instrument: peer, rate }) => {
    const price = now(peer);
    const one = rate(now);
    return price === undefined || one === undefined ? [] : [price * one];
  });
  if (own === undefined || elsewhere.length === 0) return undefined;
  // Of two none is right; of more the one that is apart is wrong, and drags the others' median with it unless all count.
  const counted = elsewhere.length === 1 ? elsewhere : [...elsewhere, own];
  const sorted = counted.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? 0;
  return Math.round((own / ((low + high) / 2) - 1) * BPS_ONE);
}
