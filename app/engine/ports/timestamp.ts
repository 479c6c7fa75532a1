const NANOS_A_SECOND = 1_000_000_000n;
const NANOS_A_MILLISECOND = 1_000_000n;
const NANOS_A_MICROSECOND = 1000n;
/** Digits of a whole number of seconds, milliseconds or microseconds since the epoch in the years 2001 to 2286. */
const SECONDS_DIGITS = 11;
const MILLIS_DIGITS = 14;
const MICROS_DIGITS = 17;

/** Reads ISO 8601 (with up to nine decimals; UTC where it names no offset) or an integer since the epoch, its unit told by its size, as nanoseconds. */
export function parseTimestamp(text: string): bigint | undefined {
  if (/^\d{1,19}$/.test(text)) {
    const value = BigInt(text);
    if (text.length <= SECONDS_DIGITS) return value * NANOS_A_SECOND;
    if (text.length <= MILLIS_DIGITS) return value * NANOS_A_MILLISECOND;
    return text.length <= MICROS_DIGITS ? value * NANOS_A_MICROSECOND : value;
  }
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, date, time = '00:00', fraction = '', offset = 'Z'] = match;
  const millis = Date.parse(`${date}T${time}${offset}`);
  if (Number.isNaN(millis)) return undefined;
  return BigInt(millis) * NANOS_A_MILLISECOND + BigInt(fraction.padEnd(9, '0'));
}
