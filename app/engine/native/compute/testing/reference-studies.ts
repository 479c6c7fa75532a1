import type { StudyKind } from '../../../domain/study.ts';

/** A bar as the tests make it: opening in seconds, plain prices. */
export interface PlainBar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

type Column = readonly number[];
type Rule = (bars: readonly PlainBar[], parameters: Column) => readonly Column[];

const closes = (bars: readonly PlainBar[]): number[] => bars.map(({ close }) => close);
const typicals = (bars: readonly PlainBar[]): number[] =>
  bars.map(({ high, low, close }) => (high + low + close) / 3);
const total = (values: Column): number => values.reduce((sum, value) => sum + value, 0);
const mean = (values: Column): number => total(values) / values.length;

/** `make` of the newest `length` of each place; NaN where there are fewer, or where one is none. */
function rolling(values: Column, length: number, make: (part: Column) => number): number[] {
  return values.map((_, at) => {
    const part = values.slice(Math.max(0, at + 1 - length), at + 1);
    return part.length < length || part.some(Number.isNaN) ? Number.NaN : make(part);
  });
}

/** A recursive average that gives the newest number the weight `alpha`; what is none at the beginning is left out. */
function smoothed(values: Column, length: number, alpha: number): number[] {
  const first = values.findIndex((value) => !Number.isNaN(value));
  const seed = first + length - 1;
  const out = values.map(() => Number.NaN);
  if (first < 0 || seed >= values.length) return out;
  out[seed] = mean(values.slice(first, seed + 1));
  for (let at = seed + 1; at < values.length; at += 1) {
    out[at] = alpha * (values[at] ?? 0) + (1 - alpha) * (out[at - 1] ?? 0);
  }
  return out;
}

const exponential = (values: Column, length: number): number[] =>
  smoothed(values, length, 2 / (length + 1));
const wilder = (values: Column, length: number): number[] => smoothed(values, length, 1 / length);

function ranges(bars: readonly PlainBar[]): number[] {
  return bars.map(({ high, low }, at) => {
    const before = bars[at - 1]?.close;
    if (before === undefined) return high - low;
    return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
  });
}

function extremes(bars: readonly PlainBar[], length: number): readonly [Column, Column] {
  const highs = bars.map(({ high }) => high);
  const lows = bars.map(({ low }) => low);
  return [
    rolling(highs, length, (part) => Math.max(...part)),
    rolling(lows, length, (part) => Math.min(...part)),
  ];
}

const zip = (left: Column, right: Column, make: (a: number, b: number) => number): number[] =>
  left.map((value, at) => make(value, right[at] ?? Number.NaN));

function bands(middle: Column, reach: Column): readonly Column[] {
  return [middle, zip(middle, reach, (a, b) => a + b), zip(middle, reach, (a, b) => a - b)];
}

function changes(values: Column): number[] {
  return values.map((value, at) => value - (values[at - 1] ?? Number.NaN));
}

function quotient(part: number, whole: number, otherwise: number): number {
  if (Number.isNaN(part) || Number.isNaN(whole)) return Number.NaN;
  return whole === 0 ? otherwise : part / whole;
}

function weighted(part: Column): number {
  const weights = part.map((_, at) => at + 1);
  return total(part.map((value, at) => value * (at + 1))) / total(weights);
}

function deviation(part: Column): number {
  const middle = mean(part);
  return Math.sqrt(mean(part.map((value) => (value - middle) ** 2)));
}

const vwap: Rule = (bars, [deviations = 0]) => {
  const day = (bar: PlainBar): number => Math.floor(bar.time / 86_400);
  const first = bars.findIndex(
    (bar, at) => bar.time % 86_400 === 0 || (at > 0 && day(bar) !== day(bars[at - 1] ?? bar)),
  );
  const prices = typicals(bars);
  const columns: number[][] = [[], [], []];
  for (const [at, bar] of bars.entries()) {
    let weight = 0;
    let money = 0;
    const session = bars.flatMap((one, index) =>
      index <= at && index >= first && day(one) === day(bar) ? [index] : [],
    );
    for (const index of first < 0 || at < first ? [] : session) {
      weight += bars[index]?.volume ?? 0;
      money += (prices[index] ?? 0) * (bars[index]?.volume ?? 0);
    }
    const middle = weight > 0 ? money / weight : Number.NaN;
    const squares = total(
      session.map((index) => ((prices[index] ?? 0) - middle) ** 2 * (bars[index]?.volume ?? 0)),
    );
    const reach = deviations * Math.sqrt(squares / weight);
    columns[0]?.push(middle);
    columns[1]?.push(middle + reach);
    columns[2]?.push(middle - reach);
  }
  return columns;
};

const adx: Rule = (bars, [length = 1]) => {
  const ups = changes(bars.map(({ high }) => high));
  const downs = changes(bars.map(({ low }) => low)).map((change) => -change);
  const taken = zip(ups, downs, (up, down) => (Number.isNaN(up) || up <= down || up < 0 ? 0 : up));
  const given = zip(downs, ups, (down, up) =>
    Number.isNaN(down) || down <= up || down < 0 ? 0 : down,
  );
  const spans = ranges(bars);
  // Movement begins with the second bar.
  for (const column of [taken, given, spans]) column.fill(Number.NaN, 0, 1);
  const size = wilder(spans, length);
  const share = (column: Column): number[] =>
    zip(wilder(column, length), size, (part, whole) => 100 * quotient(part, whole, 0));
  const [plus, minus] = [share(taken), share(given)];
  const index = zip(plus, minus, (a, b) => 100 * quotient(Math.abs(a - b), a + b, 0));
  return [wilder(index, length), plus, minus];
};

const obv: Rule = (bars) => {
  let sum = 0;
  return [
    changes(closes(bars)).map((change, at) => {
      sum += Math.sign(change || 0) * (bars[at]?.volume ?? 0);
      return sum;
    }),
  ];
};

const mfi: Rule = (bars, [length = 1]) => {
  const prices = typicals(bars);
  const signs = changes(prices).map(Math.sign);
  const flow = (sign: number): number[] =>
    rolling(
      signs.map((one, at) => {
        if (Number.isNaN(one)) return Number.NaN;
        return one === sign ? (prices[at] ?? 0) * (bars[at]?.volume ?? 0) : 0;
      }),
      length,
      total,
    );
  return [
    zip(flow(1), flow(-1), (up, down) => {
      if (Number.isNaN(up)) return Number.NaN;
      if (up + down === 0) return 50;
      return down === 0 ? 100 : 100 - 100 / (1 + up / down);
    }),
  ];
};

const sar: Rule = (bars, [step = 0, most = 0]) => {
  const out: number[] = [Number.NaN];
  const [one, two] = bars;
  if (one === undefined || two === undefined) return [bars.map(() => Number.NaN)];
  let up = two.close >= one.close;
  let best = up ? Math.max(one.high, two.high) : Math.min(one.low, two.low);
  let stop = up ? one.low : one.high;
  let speed = step;
  out.push(stop);
  for (let at = 2; at < bars.length; at += 1) {
    const [older, old, bar] = [bars[at - 2] ?? one, bars[at - 1] ?? one, bars[at] ?? one];
    let next = stop * (1 - speed) + best * speed;
    next = up ? Math.min(next, old.low, older.low) : Math.max(next, old.high, older.high);
    const broken = up ? bar.low < next : bar.high > next;
    if (broken) {
      [next, best, up, speed] = [best, up ? bar.low : bar.high, !up, step];
    } else if (up ? bar.high > best : bar.low < best) {
      best = up ? bar.high : bar.low;
      speed = Math.min(most, speed + step);
    }
    stop = next;
    out.push(stop);
  }
  return [out];
};

const superTrend: Rule = (bars, [length = 1, multiplier = 0]) => {
  const reach = wilder(ranges(bars), length);
  const lower: number[] = [];
  const upper: number[] = [];
  const columns: number[][] = [[], []];
  let up = true;
  for (const [at, { high, low, close }] of bars.entries()) {
    const span = multiplier * (reach[at] ?? Number.NaN);
    const before = bars[at - 1]?.close ?? Number.NaN;
    const [floor, roof] = [(high + low) / 2 - span, (high + low) / 2 + span];
    const [oldFloor = Number.NaN, oldRoof = Number.NaN] = [lower[at - 1], upper[at - 1]];
    lower.push(before >= oldFloor && oldFloor > floor ? oldFloor : floor);
    upper.push(before <= oldRoof && oldRoof < roof ? oldRoof : roof);
    const [nowFloor = 0, nowRoof = 0] = [lower[at], upper[at]];
    if (up ? close < nowFloor : close > nowRoof) up = !up;
    columns[0]?.push(up ? nowFloor : Number.NaN);
    columns[1]?.push(up || Number.isNaN(span) ? Number.NaN : nowRoof);
  }
  return columns;
};

const middles = (bars: readonly PlainBar[], length: number): number[] =>
  zip(...extremes(bars, length), (high, low) => (high + low) / 2);

const place = (bars: readonly PlainBar[], length: number): number[] => {
  const [highs, lows] = extremes(bars, length);
  return closes(bars).map((close, at) => {
    const [high = 0, low = 0] = [highs[at], lows[at]];
    return quotient(close - low, high - low, 0.5);
  });
};

const macd: Rule = (bars, [fast = 1, slow = 1, signal = 1]) => {
  const quick = exponential(closes(bars), fast);
  const line = zip(quick, exponential(closes(bars), slow), (a, b) => a - b);
  const follow = exponential(line, signal);
  return [line, follow, zip(line, follow, (a, b) => a - b)];
};

const rsi: Rule = (bars, [length = 1]) => {
  const moves = changes(closes(bars));
  const half = (sign: number): number[] =>
    wilder(
      moves.map((move) => (Number.isNaN(move) ? Number.NaN : Math.max(0, sign * move))),
      length,
    );
  return [
    zip(half(1), half(-1), (rise, fall) => {
      if (rise === 0 && fall === 0) return 50;
      return fall === 0 ? 100 : 100 - 100 / (1 + rise / fall);
    }),
  ];
};

/** Every study a second time: over whole arrays, from its definition, slow. NaN is none. */
export const REFERENCE_STUDIES: Readonly<Record<StudyKind, Rule>> = {
  Sma: (bars, [length = 1]) => [rolling(closes(bars), length, mean)],
  Ema: (bars, [length = 1]) => [exponential(closes(bars), length)],
  Wma: (bars, [length = 1]) => [rolling(closes(bars), length, weighted)],
  Vwap: vwap,
  Bollinger: (bars, [length = 1, deviations = 0]) =>
    bands(
      rolling(closes(bars), length, mean),
      rolling(closes(bars), length, (part) => deviations * deviation(part)),
    ),
  Keltner: (bars, [length = 1, atr = 1, multiplier = 0]) =>
    bands(
      exponential(closes(bars), length),
      wilder(ranges(bars), atr).map((span) => span * multiplier),
    ),
  Donchian: (bars, [length = 1]) => [middles(bars, length), ...extremes(bars, length)],
  Rsi: rsi,
  Macd: macd,
  Stochastic: (bars, [length = 1, smooth = 1, signal = 1]) => {
    const raw = place(bars, length).map((part) => 100 * part);
    const quick = rolling(raw, smooth, mean);
    return [quick, rolling(quick, signal, mean)];
  },
  Atr: (bars, [length = 1]) => [wilder(ranges(bars), length)],
  Adx: adx,
  Cci: (bars, [length = 1]) => [
    rolling(typicals(bars), length, (part) => {
      if (part.every((value) => value === part[0])) return 0;
      const middle = mean(part);
      const off = mean(part.map((value) => Math.abs(value - middle)));
      return ((part.at(-1) ?? 0) - middle) / (0.015 * off);
    }),
  ],
  Obv: obv,
  Mfi: mfi,
  WilliamsR: (bars, [length = 1]) => [place(bars, length).map((part) => -100 * (1 - part))],
  Roc: (bars, [length = 1]) => [
    closes(bars).map((close, at) => {
      const before = bars[at - length]?.close;
      return before === undefined ? Number.NaN : (100 * (close - before)) / before;
    }),
  ],
  ParabolicSar: sar,
  Ichimoku: (bars, [tenkan = 1, kijun = 1, senkou = 1]) => {
    const [quick, base] = [middles(bars, tenkan), middles(bars, kijun)];
    const lead = zip(quick, base, (a, b) => (a + b) / 2);
    return [quick, base, lead, middles(bars, senkou), closes(bars)];
  },
  SuperTrend: superTrend,
};
