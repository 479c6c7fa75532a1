import { invariant } from '../base/invariant.ts';

/** Plain data the canonical encoding takes. Numbers are safe integers; absent properties are not written. */
export type Plain =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | EncodedList
  | readonly Plain[]
  | { readonly [key: string]: Plain };

type Container = EncodedList | readonly Plain[] | { readonly [key: string]: Plain };

const TAG = { absent: 0, no: 1, yes: 2, integer: 3, big: 4, text: 5, list: 6, record: 7 } as const;

class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Forgets what was written and keeps its room. */
  clear(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  written(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** An unsigned integer, 7 bits a byte, low first. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** UTF-16 code units: every string has exactly one encoding, lone surrogates included. */
  text(value: string): void {
    const { length } = value;
    this.varint(length);
    this.#reserve(length);
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit < 0x80 && this.#length < this.#bytes.length) {
        this.#bytes[this.#length] = unit;
        this.#length += 1;
      } else this.varint(unit);
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function write(out: ByteWriter, value: Plain): void {
  switch (typeof value) {
    case 'undefined':
      out.byte(TAG.absent);
      return;
    case 'boolean':
      out.byte(value ? TAG.yes : TAG.no);
      return;
    case 'number':
      invariant(Number.isSafeInteger(value), `state must hold safe integers, was ${value}`);
      out.byte(TAG.integer);
      out.byte(value < 0 ? 1 : 0);
      out.varint(Math.abs(value));
      return;
    case 'bigint':
      out.byte(TAG.big);
      out.text(value.toString());
      return;
    case 'string':
      out.byte(TAG.text);
      out.text(value);
      return;
    default:
      writeContainer(out, value);
  }
}

function isList(value: Container): value is readonly Plain[] {
  return Array.isArray(value);
}

function writeContainer(out: ByteWriter, value: Container): void {
  if (value instanceof EncodedList) {
    out.byte(TAG.list);
    out.varint(value.size);
    out.append(value.bytes);
    return;
  }
  if (isList(value)) {
    out.byte(TAG.list);
    out.varint(value.length);
    for (const item of value) write(out, item);
    return;
  }
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  out.byte(TAG.record);
  out.varint(keys.length);
  for (const key of keys) {
    out.text(key);
    write(out, value[key]);
  }
}

// A state is large and encoded often: its room is asked for once.
const scratch = new ByteWriter();

/** The one encoding of `value`: keys in code-unit order, whole numbers, no platform dependence. */
export function encodeCanonical(value: Plain): Uint8Array {
  scratch.clear();
  write(scratch, value);
  return scratch.written();
}

/** A list that is encoded already; stands in a record where the list would. */
export class EncodedList {
  readonly size: number;
  readonly bytes: Uint8Array;

  constructor(size: number, bytes: Uint8Array) {
    this.size = size;
    this.bytes = bytes;
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#offset];
    invariant(value !== undefined, `state must not end at byte ${this.#offset}`);
    this.#offset += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const next = this.byte();
      value += (next % 0x80) * factor;
      if (next < 0x80) return value;
      factor *= 0x80;
    }
  }

  text(): string {
    const length = this.varint();
    let text = '';
    for (let index = 0; index < length; index += 1) text += String.fromCharCode(this.varint());
    return text;
  }
}

function read(input: ByteReader): Plain {
  const tag = input.byte();
  switch (tag) {
    case TAG.absent:
      return undefined;
    case TAG.no:
      return false;
    case TAG.yes:
      return true;
    case TAG.integer: {
      const negative = input.byte() === 1;
      const magnitude = input.varint();
      return negative ? -magnitude : magnitude;
    }
    case TAG.big:
      return BigInt(input.text());
    case TAG.text:
      return input.text();
    case TAG.list: {
      const length = input.varint();
      const items: Plain[] = [];
      for (let index = 0; index < length; index += 1) items.push(read(input));
      return items;
    }
    default: {
      invariant(tag === TAG.record, `state tag must be 0..7, was ${tag}`);
      const length = input.varint();
      const record: Record<string, Plain> = {};
      for (let index = 0; index < length; index += 1) {
        const key = input.text();
        record[key] = read(input);
      }
      return record;
    }
  }
}

/** The value `encodeCanonical` wrote; throws on bytes it did not write. */
export function decodeCanonical(bytes: Uint8Array): Plain {
  const input = new ByteReader(bytes);
  const value = read(input);
  invariant(input.done, 'state must end with its value');
  return value;
}
