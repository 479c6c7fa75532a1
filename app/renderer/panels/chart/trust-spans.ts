import {
  flawsOf,
  QUALITY,
  trustOf,
  type QualityFlaw,
} from '../../../engine/domain/data-quality.ts';

/** How far bars can be trusted. `Good`: made of what came live and whole; `Filled`: told by the venue afterwards; `Late` and `Gap` as of minutes. */
export type BarTrust = 'Good' | 'Filled' | 'Late' | 'Gap';

/** Bars beside one another that can be trusted alike: from the first one's opening to the last one's close, seconds. */
export interface TrustSpan {
  readonly from: number;
  readonly to: number;
  readonly trust: BarTrust;
  readonly flaws: readonly QualityFlaw[];
}

const MINUTE_SECONDS = 60;

/** Marks of minutes, by the seconds at which they begin. */
export type MinuteMarks = ReadonlyMap<number, number>;

/** The bars between two times (seconds, both in), oldest first, joined where they can be trusted alike. `now`: of the newest bar only what has passed counts. */
export function trustSpans(
  bars: readonly { readonly time: number }[],
  barSeconds: number,
  marks: MinuteMarks,
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
): readonly TrustSpan[] {
  const spans: TrustSpan[] = [];
  for (const { time } of bars) {
    if (time + barSeconds <= from || time > to) continue;
    const { trust, flaws } = trustOfBar(time, Math.min(time + barSeconds, now), marks);
    const last = spans.at(-1);
    const alike = last?.trust === trust && last.to === time && last.flaws.join() === flaws.join();
    if (alike) spans[spans.length - 1] = { ...last, to: time + barSeconds };
    else spans.push({ from: time, to: time + barSeconds, trust, flaws });
  }
  return spans;
}

function trustOfBar(
  from: number,
  to: number,
  marks: MinuteMarks,
): { readonly trust: BarTrust; readonly flaws: readonly QualityFlaw[] } {
  let joined = 0;
  let whole = marks.size > 0;
  // Of a day that nothing is known of no minute needs a look.
  if (!whole) return { trust: 'Filled', flaws: [] };
  for (let minute = from; minute < to; minute += MINUTE_SECONDS) {
    const mark = marks.get(minute);
    if (mark === undefined || (mark & QUALITY.partial) !== 0) whole = false;
    joined |= mark ?? 0;
  }
  const trust = trustOf(joined);
  return {
    trust: trust === 'Good' && !whole ? 'Filled' : (trust ?? 'Filled'),
    flaws: flawsOf(joined),
  };
}

const WORDS: Readonly<Record<QualityFlaw, string>> = {
  silent: 'silent',
  gap: 'gap in the book',
  disconnected: 'disconnected',
  checksum: 'checksum failed',
  crossed: 'book crossed',
  divergent: 'priced otherwise elsewhere',
  outlier: 'price out of line',
  volume: 'unusual volume',
  late: 'late',
  repeated: 'sent twice',
};

/** A span in words; empty of what is as it should be. */
export function trustWords({ trust, flaws }: TrustSpan): string {
  if (trust === 'Filled') return 'refilled from venue';
  if (trust === 'Good') return '';
  return flaws
    .filter((flaw) => flaw !== 'repeated')
    .map((flaw) => WORDS[flaw])
    .join(', ');
}

const SIGNS: Readonly<Record<BarTrust, string>> = {
  Good: 'Verified',
  Filled: 'Refilled',
  Late: 'Doubtful',
  Gap: 'Gap',
};

/** A trust in one word. */
export function trustSign(trust: BarTrust): string {
  return SIGNS[trust];
}
