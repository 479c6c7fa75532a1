import {
  DEPTH_BANDS_BPS,
  FINE_DECIMALS,
  FLOW_SECONDS,
  IMBALANCE_DEPTHS,
} from '../../../engine/domain/book-measures.ts';
import { compactQuantity, decimalText, groupThousands, MINUS } from '../../format/number-text.ts';
import type { MeasuresMessage } from '../../state/market-store.ts';

/** Below it a spread is shown with four decimals. */
const FINE_SPREAD_BPS = 0.1;
const PERCENT = 100;
const NOT_KNOWN = '\u2013';

/** A book that is measured: the joined one or that of one venue. */
export interface MeasuredBook {
  /** Absent while the venue is left out. */
  readonly measures: MeasuresMessage | undefined;
  /** Decimals of its prices. */
  readonly decimals: number;
}

/** One measure of all books, ready to print. */
export interface MeasureRow {
  readonly label: string;
  /** What it is, in a sentence. */
  readonly meaning: string;
  readonly texts: readonly string[];
  /** Of a measure that leans to a side. */
  readonly leans: readonly ('buy' | 'sell' | '')[];
}

/** What is measured of these books, a row a measure. */
export function measureRows(books: readonly MeasuredBook[]): readonly MeasureRow[] {
  const row = (
    label: string,
    meaning: string,
    text: (measures: MeasuresMessage, decimals: number) => string | undefined,
    lean: (measures: MeasuresMessage) => number | null | undefined = () => 0,
  ): MeasureRow => ({
    label,
    meaning,
    texts: books.map(({ measures, decimals }) => {
      const shown = measures === undefined ? undefined : text(measures, decimals);
      return shown ?? NOT_KNOWN;
    }),
    leans: books.map(({ measures }) => sideOf(measures === undefined ? 0 : lean(measures))),
  });
  return [
    row('Mid', 'Half way from the best bid to the best ask', (one, decimals) =>
      fineText(one.midFine, one, decimals + 1),
    ),
    row(
      'Microprice',
      'Best prices weighted with the size of the other side: drawn to the side that has less',
      (one, decimals) => fineText(one.micropriceFine, one, decimals + FINE_DECIMALS),
    ),
    row('Spread, bp', 'Best ask less best bid, of the mid; below 0 it is crossed', (one) =>
      spreadText(one.spreadBps),
    ),
    ...IMBALANCE_DEPTHS.map((depth, at) =>
      row(
        depth === 1 ? 'Imbalance, best' : `Imbalance, ${depth} levels`,
        'Bids less asks of bids and asks together, by size',
        (one) => percentText(one.imbalances[at]),
        (one) => one.imbalances[at],
      ),
    ),
    ...FLOW_SECONDS.map((seconds, at) =>
      row(
        `Flow, ${seconds} s`,
        'Order flow imbalance at the best prices: what came to the bid and left the ask, less the reverse (Cont, Kukanov, Stoikov); of all the sum of the venues',
        (one) => signedQuantity(one.flows[at], one.quantityScale),
        (one) => one.flows[at],
      ),
    ),
    ...DEPTH_BANDS_BPS.map((bps, at) =>
      row(
        `Bids | asks in ${bps} bp`,
        'Size at most so far from the mid; \u2265: no level is known that far away',
        (one) =>
          pair(one, (side) => {
            const size = side.within[at];
            if (size === null || size === undefined) return undefined;
            const more = (side.reachBps ?? 0) < bps ? '\u2265' : '';
            return more + compactQuantity(size, one.quantityScale);
          }),
      ),
    ),
    row(
      'Slope, bids | asks',
      'Size that each further basis point from the mid adds: least squares through the best 20 levels',
      (one) =>
        pair(one, ({ slope }) =>
          slope === undefined ? undefined : compactQuantity(slope, one.quantityScale),
        ),
    ),
  ];
}

function pair(
  { bid, ask }: MeasuresMessage,
  text: (side: MeasuresMessage['bid']) => string | undefined,
): string | undefined {
  const [ofBids, ofAsks] = [text(bid), text(ask)];
  if (ofBids === undefined && ofAsks === undefined) return undefined;
  return `${ofBids ?? NOT_KNOWN} | ${ofAsks ?? NOT_KNOWN}`;
}

function fineText(
  mantissa: number | undefined,
  { priceScale }: MeasuresMessage,
  decimals: number,
): string | undefined {
  const scale = priceScale + FINE_DECIMALS;
  if (mantissa === undefined) return undefined;
  return decimalText(mantissa, scale, Math.min(scale, decimals));
}

/** A tick of a dear instrument is a thousandth of a basis point. */
function spreadText(bps: number | undefined): string | undefined {
  return ratioText(bps, bps !== undefined && Math.abs(bps) < FINE_SPREAD_BPS ? 4 : 2);
}

function ratioText(value: number | undefined, decimals: number): string | undefined {
  if (value === undefined) return undefined;
  const text = groupThousands(Math.abs(value).toFixed(decimals));
  return value < 0 ? MINUS + text : text;
}

function percentText(ratio: number | null | undefined): string | undefined {
  if (ratio === null || ratio === undefined) return undefined;
  const whole = Math.round(ratio * PERCENT);
  return `${signOf(whole)}${Math.abs(whole)} %`;
}

function signedQuantity(value: number | null | undefined, scale: number): string | undefined {
  if (value === null || value === undefined) return undefined;
  return signOf(value) + compactQuantity(Math.abs(value), scale);
}

function signOf(value: number): string {
  if (value === 0) return '';
  return value < 0 ? MINUS : '+';
}

function sideOf(lean: number | null | undefined): MeasureRow['leans'][number] {
  if (lean === null || lean === undefined || lean === 0) return '';
  return lean > 0 ? 'buy' : 'sell';
}
