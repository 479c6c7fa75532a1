import { err, ok, type Result } from '../base/result.ts';
import { decimalsOf, parseDecimalBig, rescale } from '../domain/decimal.ts';
import { parsePrice, parseQuantity, type Price, type Quantity } from '../domain/price.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import type { VenueError } from './market-data-client.ts';
import { parseTimestamp } from './timestamp.ts';

// The venue sends milliseconds, or microseconds where the connection asked for them; both as whole numbers.
const FIRST_MICROS = 100_000_000_000_000;
/** Longest text of a number that is looked at: longer ones cost time and mean nothing. */
const LONGEST_NUMBER = 64;
const ISO_DATE = /^\d{4}-/;
/** Of a wrong value so many characters are told. */
const MOST_SHOWN = 100;
/** The native decoder's limit. */
const MOST_DECIMALS = 15;

/** Reads the fields of one wire object; the first field that is not as expected is what `finish` reports. */
export class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #what: string;
  #failure: VenueError | undefined;

  constructor(value: unknown, what: string) {
    this.#what = what;
    this.#fields = isRecord(value) ? value : {};
    if (!isRecord(value)) this.#fail('the message', value, 'an object');
  }

  /** `value`, or the first failure. */
  finish<T>(value: T): Result<T, VenueError> {
    return this.#failure === undefined ? ok(value) : err(this.#failure);
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  raw(name: string): unknown {
    return this.#fields[name];
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value === 'string') return value;
    this.#fail(name, value, 'a text');
    return '';
  }

  /** Absent when the venue leaves it out, or sends null or an empty text. */
  optionalText(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  flag(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value === 'boolean') return value;
    this.#fail(name, value, 'true or false');
    return false;
  }

  integer(name: string): number {
    const value = this.#fields[name];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    this.#fail(name, value, 'a whole number');
    return 0;
  }

  /** A number of decimals that values here can have. */
  scale(name: string): number {
    const value = this.integer(name);
    if (value >= 0 && value <= MOST_DECIMALS) return value;
    this.#fail(name, value, `0 to ${MOST_DECIMALS} decimals`);
    return 0;
  }

  /** The text of a step or bound, with no more decimals than values here can have. */
  stepText(name: string): string {
    const text = this.#number(name);
    if (decimalsOf(text) <= MOST_DECIMALS) return text;
    this.#fail(name, text, `a number with at most ${MOST_DECIMALS} decimals`);
    return '0';
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields[name];
    if (Array.isArray(value)) return value;
    this.#fail(name, value, 'a list');
    return [];
  }

  /** A venue time, milliseconds or microseconds since the epoch. */
  time(name: string): UnixMicros {
    const value = this.integer(name);
    const micros = value >= FIRST_MICROS ? value : value * 1000;
    if (Number.isSafeInteger(micros)) return unixMicros(micros);
    this.#fail(name, value, 'a time since the epoch');
    return unixMicros(0);
  }

  /** A venue time as ISO 8601 with up to nine decimals, as nanoseconds since the epoch. */
  nanos(name: string): bigint {
    const text = this.text(name);
    const nanos = ISO_DATE.test(text) ? parseTimestamp(text) : undefined;
    if (nanos !== undefined && Number.isSafeInteger(Number(nanos / 1000n))) return nanos;
    this.#fail(name, text, 'a time such as 2021-02-22T15:51:44.208Z');
    return 0n;
  }

  price(name: string, scale: number): Price {
    const parsed = parsePrice(this.#number(name), scale);
    if (parsed.ok) return parsed.value;
    this.#fail(name, this.#fields[name], `a price with at most ${scale} decimals`);
    return 0 as Price;
  }

  /** A price whose zero is the venue's placeholder for none. */
  optionalPrice(name: string, scale: number): Price | undefined {
    if (!this.has(name)) return undefined;
    const value = this.price(name, scale);
    return value === 0 ? undefined : value;
  }

  quantity(name: string, scale: number): Quantity {
    const parsed = parseQuantity(this.#number(name), scale);
    if (parsed.ok) return parsed.value;
    this.#fail(name, this.#fields[name], `a quantity >= 0 with at most ${scale} decimals`);
    return 0 as Quantity;
  }

  /** An amount of money; digits beyond the scale (the venue rounds notionals its own way) are rounded half to even. */
  amount(name: string, scale: number): bigint {
    const text = this.#number(name);
    const wireScale = Math.max(scale, decimalsOf(text));
    const parsed = parseDecimalBig(text, wireScale);
    if (parsed.ok) return rescale(parsed.value, wireScale, scale);
    this.#fail(name, this.#fields[name], 'a decimal number');
    return 0n;
  }

  /** Marks the message as not understood. */
  reject(name: string, expected: string): void {
    this.#fail(name, this.#fields[name], expected);
  }

  #number(name: string): string {
    const value = this.text(name);
    if (value.length <= LONGEST_NUMBER) return value;
    this.#fail(name, value, `a number of at most ${LONGEST_NUMBER} characters`);
    return '';
  }

  #fail(name: string, value: unknown, expected: string): void {
    if (this.#failure !== undefined) return;
    const seen = value === undefined ? 'absent' : beginningOf(value, MOST_SHOWN);
    this.#failure = {
      code: 'FIELD_MALFORMED',
      kind: 'Refused',
      message: `${this.#what}: ${name} must be ${expected}, was ${seen}`,
    };
  }
}

/** The object with its numbers as decimal text, for venues that write bare numbers: what was written with at most 15 digits comes out the same. */
export function numbersAsText(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'number' ? decimalText(one) : one,
    ]),
  );
}

/** A number without exponent: 1e-7 is `0.0000001`. */
export function decimalText(value: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** A wire value that is a number, or a text of one; not a number for anything else: `Number` walks a list and calls what an object names `valueOf`. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
}

/** A wire value in words: a text as it is, of a list or an object the beginning of its JSON. */
export function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : beginningOf(value, MOST_SHOWN);
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object a text is; undefined when it is none. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = valueOf(text);
  return isRecord(value) ? value : undefined;
}

/** The JSON objects of the list that a text is; undefined when it is none, or holds something else. */
export function objectsOf(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  const value = valueOf(text);
  return Array.isArray(value) && value.every(isRecord) ? value : undefined;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The first `room` characters of a value as JSON; what lies behind them is not walked, however deep or long it is. */
function beginningOf(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room)).slice(0, room);
  const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (list === undefined && !isRecord(value)) return String(value).slice(0, room);
  const members = list?.entries() ?? Object.entries(value as object);
  let text = list === undefined ? '{' : '[';
  for (const [name, member] of members) {
    if (text.length > 1) text += ',';
    if (list === undefined) text += `${JSON.stringify(name)}:`;
    if (text.length >= room) return text.slice(0, room);
    text += beginningOf(member, room - text.length);
  }
  return (text + (list === undefined ? '}' : ']')).slice(0, room);
}

/** A wire value as JSON text for people; never fails, however deep the value is nested. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return `a value that cannot be written (${String(error)})`;
  }
}
