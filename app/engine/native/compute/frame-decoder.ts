import { OUT_FULL, type Decoder } from './decode.ts';
import { MarketRecords } from './market-record.ts';

/** A message as it came, and when (ours, nanoseconds). */
export interface Frame {
  readonly data: Uint8Array;
  readonly receivedNanos: bigint;
}

/** Whom a decoded batch is told. */
export interface FrameHandlers {
  /** Records of whole messages, in order; valid during the call. */
  onRecords(records: MarketRecords, count: number): void;
  /** A message that gave no records, with the decoder's status. */
  onRefused(data: Uint8Array, status: number): void;
}

const FIRST_CAPACITY = 4_096;

/** Hands batches of frames to the native decoder and copes with messages larger than its output. */
export class FrameDecoder {
  #records = new MarketRecords(FIRST_CAPACITY);

  /** Decodes all frames, in order. */
  decode(decoder: Decoder, frames: readonly Frame[], handlers: FrameHandlers): void {
    for (let from = 0; from < frames.length;) {
      from += this.#decodeSome(decoder, frames.slice(from), handlers);
    }
  }

  /** Returns how many frames were dealt with. */
  #decodeSome(decoder: Decoder, frames: readonly Frame[], handlers: FrameHandlers): number {
    const ends = new Uint32Array(frames.length);
    const times = new BigInt64Array(frames.length);
    const status = new Int32Array(frames.length);
    let size = 0;
    frames.forEach(({ data, receivedNanos }, index) => {
      size += data.byteLength;
      ends[index] = size;
      times[index] = receivedNanos;
    });
    const [only] = frames;
    const bytes = frames.length === 1 && only !== undefined ? only.data : joined(frames, size);
    const count = decoder.decode(bytes, ends, frames.length, times, this.#records, status);
    if (count > 0) handlers.onRecords(this.#records, count);
    for (const [index, frame] of frames.entries()) {
      const code = status[index] ?? 0;
      if (code === OUT_FULL) {
        // Not even one message fits: make room.
        if (index === 0) this.#records = new MarketRecords(this.#records.capacity * 2);
        return index;
      }
      if (code < 0) handlers.onRefused(frame.data, code);
    }
    return frames.length;
  }
}

function joined(frames: readonly Frame[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const { data } of frames) {
    bytes.set(data, at);
    at += data.byteLength;
  }
  return bytes;
}
