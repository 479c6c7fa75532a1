import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvariantError } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Effect, Input } from '../../domain/input.ts';
import { MARKET_RECORD_BYTES, type MarketRecords } from '../../native/compute/market-record.ts';
import {
  JournalFile,
  journalFault,
  type JournalFileError,
  type JournalFileOptions,
} from '../../native/io/journal-file.ts';
import { encodeInput, encodeIntent, encodeStateHash, ORDER_STREAM_SCHEMA } from './input-codec.ts';

/** Kinds of records of the order stream. */
export const RECORD_INPUT = 1;
export const RECORD_INTENT = 2;
export const RECORD_STATE_HASH = 3;

/** Kind of records of the market stream: a batch of packed market records. */
export const RECORD_MARKET = 1;

/** Version of the market stream: the layout of native/compute/market-record.ts. */
export const MARKET_STREAM_SCHEMA = 1;

/** Bytes of a segment; each stream has one and the next allocated ahead. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** What a session needs of the file of a stream. */
export type StreamFile = Pick<JournalFile, 'append' | 'durableSequence' | 'onDurable' | 'close'>;

/** Opens the file of a stream; a simulation puts its disk in between. */
export type OpenStream = (
  folder: string,
  options: JournalFileOptions,
) => Result<StreamFile, JournalFileError>;

/** Folders of a session's two streams. */
export function streamFolders(sessionFolder: string): { orders: string; market: string } {
  return { orders: join(sessionFolder, 'orders'), market: join(sessionFolder, 'market') };
}

/** SHA-256 of a kernel encoding, hexadecimal. */
export function stateHash(encoded: Uint8Array): string {
  return createHash('sha256').update(encoded).digest('hex');
}

/** The appending end of a session: inputs and intents in one stream, market records in another that may be dropped later. Everything is written before it is applied or sent; a write that fails ends the process. */
export class SessionJournal {
  readonly #orders: StreamFile;
  readonly #market: StreamFile;
  #marketCount: number;
  #records = 0;
  #lastSequence = 0;
  #bytes = 0;

  private constructor(orders: StreamFile, market: StreamFile, marketCount: number) {
    this.#orders = orders;
    this.#market = market;
    this.#marketCount = marketCount;
  }

  /** Opens or continues the session in `folder`; `marketCount` is how many market records a recovery found. */
  static open(
    folder: string,
    marketCount: number,
    openStream: OpenStream = (path, options) => JournalFile.open(path, options),
  ): Result<SessionJournal, JournalFileError> {
    const folders = streamFolders(folder);
    try {
      for (const path of [folders.orders, folders.market]) {
        mkdirSync(path, { recursive: true, mode: 0o700 });
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return err({ code: 'JOURNAL_FOLDER', osError: 0, detail });
    }
    const orders = openStream(folders.orders, { segmentBytes: SEGMENT_BYTES });
    if (!orders.ok) return orders;
    const market = openStream(folders.market, { segmentBytes: SEGMENT_BYTES });
    if (!market.ok) {
      orders.value.close();
      return market;
    }
    return ok(new SessionJournal(orders.value, market.value, marketCount));
  }

  /** Records appended by this process. */
  get records(): number {
    return this.#records;
  }

  /** Payload bytes appended by this process. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes the first `count` market records, in the order the kernel applies them. */
  appendMarket(records: MarketRecords, count: number): void {
    const payload = records.bytes.subarray(0, count * MARKET_RECORD_BYTES);
    const at = records.tsInitNanos(0);
    this.#append(this.#market, RECORD_MARKET, MARKET_STREAM_SCHEMA, at, payload);
    this.#marketCount += count;
  }

  /** Writes an input; to be applied after this returns. */
  appendInput(input: Input, atNanos: bigint): void {
    const payload = encodeInput({ marketCount: this.#marketCount, input });
    this.#append(this.#orders, RECORD_INPUT, ORDER_STREAM_SCHEMA, atNanos, payload);
  }

  /** Writes what is about to leave for a venue; to be sent after this returns its sequence. */
  appendIntent(effect: Effect, atNanos: bigint): number {
    const payload = encodeIntent(effect);
    return this.#append(this.#orders, RECORD_INTENT, ORDER_STREAM_SCHEMA, atNanos, payload);
  }

  /** Records of the order stream up to here survive the loss of power. */
  get durableSequence(): number {
    return this.#orders.durableSequence;
  }

  /** The last record of the order stream by this process; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Calls `callback` whenever `durableSequence` has grown. */
  onDurable(callback: () => void): void {
    this.#orders.onDurable(callback);
  }

  /** Writes the hash of the kernel's state here. */
  appendStateHash(encodedState: Uint8Array, atNanos: bigint): void {
    const hash = stateHash(encodedState);
    const payload = encodeStateHash({ marketCount: this.#marketCount, hash });
    this.#append(this.#orders, RECORD_STATE_HASH, ORDER_STREAM_SCHEMA, atNanos, payload);
  }

  /** Syncs and ends both streams. */
  close(): void {
    this.#market.close();
    this.#orders.close();
  }

  #append(
    file: StreamFile,
    kind: number,
    schema: number,
    atNanos: bigint,
    payload: Uint8Array,
  ): number {
    const sequence = file.append(kind, schema, atNanos, payload);
    if (sequence < 0) {
      throw new InvariantError(`journal must take every record, refused ${journalFault(sequence)}`);
    }
    if (file === this.#orders) this.#lastSequence = sequence;
    this.#records += 1;
    this.#bytes += payload.byteLength;
    return sequence;
  }
}
