import { InvariantError } from '../../base/invariant.ts';
import type { Result } from '../../base/result.ts';
import { journalFault, type JournalFile, type JournalFault } from '../../native/io/journal-file.ts';

/** What a session needs of the file of a stream. One without `revive` that dies ends the process. */
export type StreamFile = Pick<JournalFile, 'append' | 'durableSequence' | 'onDurable' | 'close'> & {
  readonly status?: {
    readonly starved: boolean;
    readonly dead: JournalFault | undefined;
    readonly segment: number;
    readonly lastSequence: number;
  };
  readonly durableLink?: { readonly sequence: number; readonly chain: string };
  revive?(): Result<void, number>;
};

/** One record as it is to be written. */
export interface StreamRecord {
  readonly kind: number;
  readonly schema: number;
  readonly atNanos: bigint;
  readonly payload: Uint8Array;
}

/** How a stream stands. `Starved`: it takes records, and the segment after the present one could not be allocated. `Failed`: records wait in memory. */
export type StreamHealth = 'Ready' | 'Starved' | 'Failed';

/** Records and bytes that may wait in memory for a disk that takes nothing; beyond them the process ends. */
const MOST_WAITING = 200_000;
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** The file of a stream whose disk may fail: what it does not take waits in memory, in order, and is written before anything later. */
export class ResilientStream {
  readonly #file: StreamFile;
  readonly #waiting: StreamRecord[] = [];
  #waitingBytes = 0;
  /** Why the last append was refused. */
  fault: JournalFault | undefined;

  constructor(file: StreamFile) {
    this.#file = file;
  }

  get durableSequence(): number {
    return this.#file.durableSequence;
  }

  /** The segment being written; undefined where the file has none. */
  get segment(): number | undefined {
    return this.#file.status?.segment;
  }

  /** The last end of a block that is durable; undefined where the file knows none. */
  get durableLink(): StreamFile['durableLink'] {
    return this.#file.durableLink;
  }

  /** Records that wait for the disk. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get health(): StreamHealth {
    if (this.#waiting.length > 0) return 'Failed';
    const { dead, starved = false } = this.#file.status ?? {};
    if (dead !== undefined) return 'Failed';
    return starved ? 'Starved' : 'Ready';
  }

  /** Calls `callback` whenever durability or the state of the file changed. */
  onDurable(callback: () => void): void {
    this.#file.onDurable(callback);
  }

  /** The record's sequence; undefined when it waits in memory. */
  append(record: StreamRecord): number | undefined {
    const sequence = this.#waiting.length === 0 ? this.#write(record) : undefined;
    if (sequence !== undefined) return sequence;
    this.#waiting.push(record);
    this.#waitingBytes += record.payload.byteLength;
    if (this.#waiting.length > MOST_WAITING || this.#waitingBytes > MOST_WAITING_BYTES) {
      throw new InvariantError(
        `journal records that wait must be at most ${MOST_WAITING} in ${MOST_WAITING_BYTES} bytes: the disk takes nothing (${this.fault})`,
      );
    }
    return undefined;
  }

  /** The record's sequence; undefined when it could not be written and is forgotten. */
  appendNow(record: StreamRecord): number | undefined {
    return this.#write(record);
  }

  /** Revives a dead file and writes what waits; gives the sequence of the last record written, if any was. */
  retry(): number | undefined {
    if (this.#file.status?.dead !== undefined) this.#revive();
    let last: number | undefined;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const sequence = this.#write(next);
      if (sequence === undefined) return last;
      last = sequence;
      this.#waiting.shift();
      this.#waitingBytes -= next.payload.byteLength;
    }
    return last;
  }

  close(): void {
    this.#file.close();
  }

  #write(record: StreamRecord): number | undefined {
    const answer = this.#append(record);
    if (answer > 0) return answer;
    this.fault = journalFault(answer);
    switch (this.fault) {
      case 'SYNC_FAILED':
      case 'WRITE_BROKEN': {
        if (!this.#revive()) return undefined;
        const again = this.#append(record);
        return again > 0 ? again : undefined;
      }
      case 'WRITE_FAILED':
      case 'NO_SEGMENT':
      case 'SYNC_BEHIND':
        return undefined;
      case 'CLOSED':
      case 'TOO_LARGE':
      case 'KIND_RESERVED':
        throw new InvariantError(`journal must take every record, refused ${this.fault}`);
    }
  }

  #append({ kind, schema, atNanos, payload }: StreamRecord): number {
    return this.#file.append(kind, schema, atNanos, payload);
  }

  #revive(): boolean {
    if (this.#file.revive === undefined) {
      throw new InvariantError(`journal must take every record, refused ${this.fault}`);
    }
    return this.#file.revive().ok;
  }
}
