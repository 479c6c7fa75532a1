import { present } from '../../base/invariant.ts';
import { RING_RECORD_BYTES, RingReader } from './ring.ts';

/** What the reading child of the ring's test reports when it has seen `total` records. */
export interface RingChildReport {
  readonly received: number;
  readonly lost: number;
  readonly wrong: number;
}

const [path, totalText] = process.argv.slice(2);
const total = Number(totalText);
const opened = RingReader.open(present(path, 'path'), { fromOldest: true });
if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail}`);
const reader = opened.value;
const buffer = new Uint8Array(RING_RECORD_BYTES * 1024);
const words = new BigInt64Array(buffer.buffer);
let received = 0;
let lost = 0;
let wrong = 0;

reader.onReadable(() => {
  const read = reader.read(buffer, 1024);
  lost += read.lost;
  for (let i = 0; i < read.count; i += 1) {
    const expected = BigInt(received + lost);
    for (let word = 1; word < 8; word += 1) if (words[i * 8 + word] !== expected) wrong += 1;
    received += 1;
  }
  process.send?.(received + lost);
  if (received + lost < total) return;
  reader.close();
  process.send?.({ received, lost, wrong } satisfies RingChildReport);
  process.disconnect();
});
process.send?.(0);
