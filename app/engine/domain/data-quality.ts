import type { Instrument } from './instrument.ts';
import type { UnixMicros } from './time.ts';

/** What is known of a minute of an instrument's data: bits of its mark. */
export const QUALITY = {
  /** A second of it at least came live, with a book that was whole. */
  live: 1,
  /** Nothing came for longer than it should take. */
  silent: 2,
  /** The book missed a change and was taken anew. */
  gap: 4,
  disconnected: 8,
  /** The venue's checksum of the book was not ours. */
  checksum: 16,
  /** The best bid was not below the best ask. */
  crossed: 32,
  /** The price lay too far from that of the same elsewhere. */
  divergent: 64,
  /** A price jumped farther than its own movement explains. */
  outlier: 128,
  /** Far more was traded than in the hour before. */
  volume: 256,
  /** A message was under way for over a second. */
  late: 512,
  /** The venue sent something twice, or later than what followed it. */
  repeated: 1024,
  /** It did not come live from its beginning: the engine had just begun. */
  partial: 2048,
} as const;
export type QualityFlaw = Exclude<keyof typeof QUALITY, 'live' | 'partial'>;

/** A minute and its mark. */
export type QualityMinute = readonly [startsAt: UnixMicros, mark: number];

/** How far a span of time can be trusted. `Good`: live and whole; `Late`: something of it is doubtful; `Gap`: something is missing. */
export type TrustLevel = 'Good' | 'Late' | 'Gap';

const MISSING = QUALITY.gap | QUALITY.disconnected | QUALITY.checksum;
const DOUBTFUL =
  QUALITY.silent |
  QUALITY.crossed |
  QUALITY.divergent |
  QUALITY.outlier |
  QUALITY.volume |
  QUALITY.late;

/** The level of a mark, or of several joined by `|`; undefined when nothing came live. A repeated message was dropped: it harms nothing. */
export function trustOf(mark: number): TrustLevel | undefined {
  if ((mark & MISSING) !== 0) return 'Gap';
  if ((mark & DOUBTFUL) !== 0) return 'Late';
  return (mark & QUALITY.live) === 0 ? undefined : 'Good';
}

/** The flaws of a mark. */
export function flawsOf(mark: number): readonly QualityFlaw[] {
  const flaws = Object.keys(QUALITY).filter(
    (name): name is QualityFlaw => name !== 'live' && name !== 'partial',
  );
  return flaws.filter((name) => (mark & QUALITY[name]) !== 0);
}

/** What has been counted of an instrument's data since the engine began. */
export interface QualityCounts {
  readonly gaps: number;
  readonly disconnects: number;
  readonly silences: number;
  readonly checksumFailures: number;
  readonly crossed: number;
  readonly locked: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly outliers: number;
  readonly volumeAnomalies: number;
  readonly divergences: number;
}

/** What is priced alike: a pair of assets, spot or perpetual. Absent for what expires: it has a price of its own. */
export function pricedAlike(instrument: Instrument): string | undefined {
  const { base, quote, derivative } = instrument;
  if (derivative !== undefined && derivative !== 'Perpetual') return undefined;
  return derivative === undefined ? `${base}/${quote}` : `${base}/${quote} perpetual`;
}
