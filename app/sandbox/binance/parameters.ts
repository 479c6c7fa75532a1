import { parseDecimalBig } from '../../engine/domain/decimal.ts';
import { missing, VenueRefusal } from './refusal.ts';

const DECIMAL = /^([0-9]{1,20})(\.[0-9]{1,20})?$/;
const INTEGER = /^[0-9]{1,20}$/;
const CLIENT_ID = /^[a-zA-Z0-9-_]{1,36}$/;
const SYMBOL = /^[A-Z0-9-_.]{1,20}$/;
/** Decimals of every number in the protocol. */
export const WIRE_SCALE = 8;

/** The named parameters of one request, read with the venue's own complaints. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === '') throw missing(name);
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missing(name);
    return value;
  }

  /** A whole number not below 0. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!INTEGER.test(value)) throw illegal(name, '^[0-9]{1,20}$');
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw illegal(name, '^[0-9]{1,20}$');
    return number;
  }

  /** `limit`, at most `largest`. */
  limit(standard: number, largest: number): number {
    const value = this.integer('limit') ?? standard;
    if (value === 0) throw new VenueRefusal(-1130, "Data sent for parameter 'limit' is not valid.");
    return Math.min(value, largest);
  }

  /** A decimal at `WIRE_SCALE`. */
  decimal(name: string): bigint | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!DECIMAL.test(value)) throw illegal(name, '^([0-9]{1,20})(\\.[0-9]{1,20})?$');
    const parsed = parseDecimalBig(value, WIRE_SCALE);
    if (!parsed.ok) throw new VenueRefusal(-1111, `Parameter '${name}' has too much precision.`);
    return parsed.value;
  }

  clientOrderId(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || CLIENT_ID.test(value)) return value;
    throw illegal(name, '^[a-zA-Z0-9-_]{1,36}$');
  }

  symbol(): string {
    const value = this.required('symbol');
    if (!SYMBOL.test(value)) throw illegal('symbol', '^[A-Z0-9-_.]{1,20}$');
    return value;
  }

  /** One of `allowed`; `code` is what the venue answers to anything else. */
  oneOf<T extends string>(
    name: string,
    allowed: readonly T[],
    code: number,
    message: string,
  ): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((entry) => entry === value);
    if (found === undefined) throw new VenueRefusal(code, message);
    return found;
  }
}

function illegal(name: string, range: string): VenueRefusal {
  return new VenueRefusal(
    -1100,
    `Illegal characters found in parameter '${name}'; legal range is '${range}'.`,
  );
}
