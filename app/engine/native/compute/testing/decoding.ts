import type { Decoder } from '../decode.ts';
import { MarketRecords } from '../market-record.ts';
import type { PlainRecord } from './reference-decoder.ts';

/** Records [from, to) as plain values. */
export function plainRecords(records: MarketRecords, from: number, to: number): PlainRecord[] {
  const plain: PlainRecord[] = [];
  for (let i = from; i < to; i++) {
    const numbers = [
      records.price(i),
      records.quantity(i),
      records.price2(i),
      records.quantity2(i),
      records.id(i),
    ];
    const head = [records.kind(i), records.flags(i), records.instrument(i)];
    plain.push([
      ...head.map(BigInt),
      records.tsEventNanos(i),
      records.tsInitNanos(i),
      ...numbers.map(BigInt),
    ]);
  }
  return plain;
}

/** Decodes one message. */
export function decodeOne(
  decoder: Decoder,
  bytes: Uint8Array,
  tsInit: bigint,
): { readonly status: number; readonly records: readonly PlainRecord[] } {
  const out = new MarketRecords(200);
  const status = new Int32Array(1);
  const written = decoder.decode(
    bytes,
    new Uint32Array([bytes.length]),
    1,
    new BigInt64Array([tsInit]),
    out,
    status,
  );
  return { status: status[0] ?? 0, records: plainRecords(out, 0, written) };
}
