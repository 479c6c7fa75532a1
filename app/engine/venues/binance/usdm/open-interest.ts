import { decimalsOf } from '../../../domain/decimal.ts';
import { FLAG_LAST, KIND_OPEN_INTEREST } from '../../../native/compute/market-record.ts';
import { FieldReader } from '../../../ports/wire-fields.ts';
import type { AskedFact } from '../market.ts';

/** `GET /fapi/v1/openInterest`: in units of the base, one side; no stream tells it. */
export const OPEN_INTEREST: AskedFact = {
  path: '/fapi/v1/openInterest',
  weight: 1,
  everyMs: 15_000,
  read: (answer, index, tsInitNanos, records) => {
    const reader = new FieldReader(answer, 'openInterest');
    const scale = decimalsOf(reader.stepText('openInterest'));
    const quantity = reader.quantity('openInterest', scale);
    const at = BigInt(reader.time('time')) * 1_000n;
    const read = reader.finish(undefined);
    if (read.ok) {
      records.set(
        0,
        KIND_OPEN_INTEREST,
        FLAG_LAST,
        index,
        at,
        tsInitNanos,
        0,
        quantity,
        0,
        scale,
        0,
      );
    }
    return read;
  },
};
