/** One record as plain values in the order of the layout: kind, flags, instrument, tsEvent, tsInit, price, quantity, price2, quantity2, id. */
export type PlainRecord = readonly bigint[];

/** What a message should become; SYNTAX stands for MALFORMED or TRUNCATED text. */
export interface PlainOutcome {
  readonly status: number | 'SYNTAX';
  readonly records: readonly PlainRecord[];
}

interface PlainInstrument {
  readonly symbol: string;
  readonly index: number;
  readonly priceScale: number;
  readonly quantityScale: number;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** A JSON number by its text, so that no digit passes through a double. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const MALFORMED = -1;
const MAX_SAFE = 2n ** 53n - 1n;
const MINUTE = 60_000n;
const INTERVAL_UNITS: Readonly<Record<string, bigint>> = {
  s: 1000n,
  m: MINUTE,
  h: 60n * MINUTE,
  d: 1440n * MINUTE,
  w: 10_080n * MINUTE,
};

const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

/** The slow, obvious decoder the native one must agree with: JSON.parse and decimal text by bigint. */
export function referenceDecode(
  text: string,
  instruments: readonly PlainInstrument[],
  tsInit: bigint,
): PlainOutcome {
  return outcome(text, (payload) => decodeEvent(payload, instruments, tsInit));
}

/** The same for a depth snapshot of a known instrument. */
export function referenceSnapshot(
  text: string,
  instrument: PlainInstrument,
  tsInit: bigint,
): PlainOutcome {
  return outcome(text, (payload) => {
    if (payload['lastUpdateId'] === undefined) throw new Refusal(-7);
    const tsEvent = eventNanos(payload, false);
    const id = integer(payload['lastUpdateId']);
    return book(payload['bids'], payload['asks'], instrument, 2n, (count) => [
      4n,
      tsEvent,
      tsInit,
      0n,
      count,
      0n,
      id,
    ]);
  });
}

function outcome(text: string, decode: (payload: Fields) => PlainRecord[]): PlainOutcome {
  let root: unknown;
  try {
    root = parseWithSource(text, (_key, value, context) =>
      typeof value === 'number' ? new NumberText(context.source ?? '') : value,
    );
  } catch {
    return { status: 'SYNTAX', records: [] };
  }
  try {
    if (!isObject(root)) throw new Refusal(-7);
    const wrapped = typeof root['stream'] === 'string' && isObject(root['data']);
    const records = decode(wrapped && isObject(root['data']) ? root['data'] : root);
    return { status: Number(records[0]?.[0]), records };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, records: [] };
    throw error;
  }
}

function decodeEvent(
  payload: Fields,
  instruments: readonly PlainInstrument[],
  tsInit: bigint,
): PlainRecord[] {
  const event = eventName(payload);
  if (typeof payload['s'] !== 'string') throw new Refusal(MALFORMED);
  const instrument = instruments.find(({ symbol }) => symbol === payload['s']);
  if (instrument === undefined) throw new Refusal(-3);
  const index = BigInt(instrument.index);
  const price = (value: unknown) => decimal(value, instrument.priceScale, -4);
  const quantity = (value: unknown) => {
    const mantissa = decimal(value, instrument.quantityScale, -5);
    if (mantissa < 0n) throw new Refusal(MALFORMED);
    return mantissa;
  };
  const tsEvent = eventNanos(payload, event !== 'bookTicker');
  if (event === 'trade' || event === 'aggTrade') {
    const id = integer(payload[event === 'trade' ? 't' : 'a']);
    const [px, qty] = [price(payload['p']), quantity(payload['q'])];
    const flags = boolean(payload['m']) ? 5n : 1n;
    return [[1n, flags, index, tsEvent, tsInit, px, qty, 0n, 0n, id]];
  }
  if (event === 'bookTicker') {
    const id = integer(payload['u']);
    const bid = [price(payload['b']), quantity(payload['B'])];
    const ask = [price(payload['a']), quantity(payload['A'])];
    return [[2n, 1n, index, tsEvent, tsInit, ...bid, ...ask, id]];
  }
  if (event === 'depthUpdate') {
    const [first, last] = [integer(payload['U']), integer(payload['u'])];
    const previous = payload['pu'] === undefined ? -1n : integer(payload['pu']);
    return book(payload['b'], payload['a'], instrument, 0n, (count) => [
      3n,
      tsEvent,
      tsInit,
      first,
      count,
      previous,
      last,
    ]);
  }
  const bar = payload['k'];
  if (!isObject(bar)) throw new Refusal(MALFORMED);
  const [open, close] = [millis(bar['t']), millis(bar['T'])];
  const length = intervalMillis(bar['i'], open, close);
  const prices = [bar['o'], bar['h'], bar['l'], bar['c']].map(price);
  const volumes = [quantity(bar['v']), quantity(bar['V']), integer(bar['n']), length];
  const flags = boolean(bar['x']) ? 9n : 1n;
  return [
    [7n, 0n, index, tsEvent, tsInit, ...prices, open],
    [8n, flags, index, tsEvent, tsInit, ...volumes, close],
  ];
}

function eventName(payload: Fields): string {
  const name = payload['e'];
  if (name === undefined) {
    if (['u', 's', 'b', 'B', 'a', 'A'].every((key) => payload[key] !== undefined))
      return 'bookTicker';
    throw new Refusal(-7);
  }
  const known = ['trade', 'aggTrade', 'bookTicker', 'depthUpdate', 'kline'];
  if (typeof name !== 'string' || !known.includes(name)) throw new Refusal(-7);
  return name;
}

function book(
  bids: unknown,
  asks: unknown,
  instrument: PlainInstrument,
  snapshotFlag: bigint,
  headerOf: (count: bigint) => readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint],
): PlainRecord[] {
  const levels = [
    ...levelsOf(bids).map((level) => ({ kind: 5n, level })),
    ...levelsOf(asks).map((level) => ({ kind: 6n, level })),
  ];
  const index = BigInt(instrument.index);
  const [kind, tsEvent, tsInit, first, count, previous, id] = headerOf(BigInt(levels.length));
  const flagsAt = (position: number) => snapshotFlag + (position === levels.length ? 1n : 0n);
  return [
    [kind, flagsAt(0), index, tsEvent, tsInit, first, count, previous, 0n, id],
    ...levels.map(({ kind: side, level }, position): PlainRecord => {
      const px = decimal(level[0], instrument.priceScale, -4);
      const qty = decimal(level[1], instrument.quantityScale, -5);
      if (qty < 0n) throw new Refusal(MALFORMED);
      return [side, flagsAt(position + 1), index, tsEvent, tsInit, px, qty, 0n, 0n, id];
    }),
  ];
}

function levelsOf(value: unknown): unknown[][] {
  if (!Array.isArray(value)) throw new Refusal(MALFORMED);
  return value.map((level: unknown) => {
    if (!Array.isArray(level) || level.length < 2) throw new Refusal(MALFORMED);
    return level;
  });
}

function decimal(value: unknown, scale: number, offScale: number): bigint {
  if (typeof value !== 'string') throw new Refusal(MALFORMED);
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(value);
  if (match === null || value.endsWith('\n')) throw new Refusal(MALFORMED);
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(scale))) throw new Refusal(offScale);
  const mantissa = BigInt(`${match[2] ?? ''}${fraction.slice(0, scale).padEnd(scale, '0')}`);
  if (mantissa > MAX_SAFE) throw new Refusal(-6);
  return match[1] === '-' ? -mantissa : mantissa;
}

function integer(value: unknown): bigint {
  if (!(value instanceof NumberText) || !/^[0-9]+$/.test(value.text)) throw new Refusal(MALFORMED);
  const number = BigInt(value.text);
  if (number > MAX_SAFE) throw new Refusal(-6);
  return number;
}

function boolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Refusal(MALFORMED);
  return value;
}

/** Milliseconds up to the year 2262 or microseconds from 10^14 on, as microseconds; anything between is refused. */
function microsOf(time: bigint): bigint {
  if (time * 1_000_000n < 2n ** 63n) return time * 1000n;
  if (time >= 10n ** 14n) return time;
  throw new Refusal(-6);
}

function millis(value: unknown): bigint {
  return microsOf(integer(value)) / 1000n;
}

function eventNanos(payload: Fields, required: boolean): bigint {
  const times = ['E', 'T'].filter((key) => payload[key] !== undefined);
  const values = times.map((key) => integer(payload[key]));
  const chosen = values.at(-1);
  if (chosen === undefined) {
    if (required) throw new Refusal(MALFORMED);
    return 0n;
  }
  return microsOf(chosen) * 1000n;
}

function intervalMillis(value: unknown, open: bigint, close: bigint): bigint {
  const match = typeof value === 'string' ? /^([0-9]{1,2})([smhdwM])$/.exec(value) : null;
  if (match === null) throw new Refusal(MALFORMED);
  if (match[2] === 'M' && match[1] !== '1') throw new Refusal(MALFORMED);
  if (match[2] === 'M') return close - open + 1n;
  const length = BigInt(match[1] ?? '') * (INTERVAL_UNITS[match[2] ?? ''] ?? 0n);
  if (length === 0n) throw new Refusal(MALFORMED);
  return length;
}

function isObject(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof NumberText)
  );
}
