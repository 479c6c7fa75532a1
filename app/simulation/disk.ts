import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Rng } from '../engine/base/rng.ts';
import { err, ok } from '../engine/base/result.ts';
import { JournalFile, type JournalFaultPlan } from '../engine/native/io/journal-file.ts';
import type { StreamFile } from '../engine/store/journal/resilient-stream.ts';
import type { SnapshotWriter } from '../engine/store/journal/snapshots.ts';
import type { OpenStream } from '../engine/store/journal/session-journal.ts';
import { SnapshotDisk } from './snapshot-disk.ts';
import type { Swarm, Tally } from './swarm.ts';
import type { Life } from './process-time.ts';
import type { VirtualTime } from './virtual-time.ts';

const SEGMENT_BYTES = 1 << 20;
const GROUP_MS = 2;
const SEGMENT_HEADER = 128;
const RECORD_HEADER = 32;
const CHAIN_KIND = 0xffff;
const SYNC_FAILED = -2;
const WRITE_FAILED = -3;
const ERRORS = [constants.errno.EIO, constants.errno.ENOSPC];
/** A process that is to die at an append writes this much before it does. */
const APPENDS_AHEAD = 40;

/** Thrown in place of what a process would have done next. */
export class SimulatedDeath extends Error {
  override readonly name = 'SimulatedDeath';
}

/** What a disk is made of. */
export interface DiskParts {
  readonly time: VirtualTime;
  readonly rng: Rng;
  readonly snapshotRng: Rng;
  readonly swarm: Swarm;
  readonly tally: Tally;
}

interface OpenFile {
  readonly folder: string;
  readonly file: JournalFile;
  durable: number;
}

/** The real journal files on a disk whose syncs happen in simulated time, which fails now and then, and which loses what was not synced when the power goes. */
export class SimulatedDisk {
  readonly #parts: DiskParts;
  readonly #open = new Set<OpenFile>();
  readonly #snapshots: SnapshotDisk;
  #well = false;
  #appendsUntilDeath = 0;

  constructor(parts: DiskParts) {
    this.#parts = parts;
    const { time, tally, swarm } = parts;
    // A stream of its own: how snapshots fare leaves the rest as it is.
    const rng = parts.snapshotRng;
    this.#snapshots = new SnapshotDisk({
      time,
      rng,
      tally,
      syncMs: () => GROUP_MS + (this.#well ? 0 : rng.nextBelow(swarm.longestSyncMs)),
      fails: () => !this.#well && rng.nextDouble() < swarm.writeFault,
    });
  }

  /** From now on nothing fails. */
  recover(): void {
    this.#well = true;
  }

  /** The process that runs dies at one of its next appends: before or after it, the seed decides. */
  dieSoon(): void {
    this.#appendsUntilDeath = 1 + this.#parts.rng.nextBelow(APPENDS_AHEAD);
  }

  /** Opens streams for one start of the process. */
  opener(life: Life): OpenStream {
    this.#appendsUntilDeath = 0;
    return (folder, { keepUntil }) => {
      const faults = this.#drawWriteFault();
      if (keepUntil !== undefined) this.#parts.tally.add('cuts for want of market records');
      const opened = JournalFile.open(folder, {
        segmentBytes: SEGMENT_BYTES,
        ...(keepUntil !== undefined && { keepUntil }),
        ...(faults && { faults }),
      });
      if (!opened.ok) return opened;
      const open: OpenFile = {
        folder,
        file: opened.value,
        durable: opened.value.recovery.lastSequence,
      };
      this.#open.add(open);
      return ok(this.#stream(open, life));
    };
  }

  /** Writes snapshots for one start of the process. */
  snapshotWriter(life: Life): SnapshotWriter {
    return this.#snapshots.writer(life);
  }

  /** The process is gone; what it wrote stands. */
  release(): void {
    this.#snapshots.release();
    for (const { file } of this.#open) file.close();
    this.#open.clear();
  }

  /** The power is gone: of what was not synced, most is cut or never was what was written. */
  losePower(): void {
    const { rng, swarm, tally } = this.#parts;
    this.#snapshots.losePower();
    for (const { file } of this.#open) file.close();
    for (const { folder, durable } of this.#open) {
      const end = endsOf(folder, durable);
      if (end === undefined) continue;
      const { path, bytes, offset } = end;
      const unsynced = bytes.length - offset;
      if (unsynced === 0) continue;
      const kept = Math.floor(unsynced * (1 - swarm.tear) * rng.nextDouble());
      const torn = Buffer.from(bytes.subarray(0, offset + kept));
      tally.add('torn tails');
      if (rng.nextBelow(2) === 0) {
        writeFileSync(path, torn);
        continue;
      }
      const garbage = Uint8Array.from({ length: unsynced - kept }, () => rng.nextBelow(256));
      writeFileSync(path, Buffer.concat([torn, garbage]));
    }
    this.#open.clear();
  }

  #happens(share: number): boolean {
    return !this.#well && share > 0 && this.#parts.rng.nextDouble() < share;
  }

  /** One write of a start fails, or writes a part only; a later one is well. */
  #drawWriteFault(): JournalFaultPlan | undefined {
    const { rng, swarm, tally } = this.#parts;
    if (!this.#happens(swarm.writeFault)) return undefined;
    tally.add('write faults');
    return {
      failWriteAt: 1 + rng.nextBelow(200),
      writeError: ERRORS[rng.nextBelow(ERRORS.length)] ?? constants.errno.EIO,
      shortBytes: rng.nextBelow(3) * 20,
    };
  }

  /** From when to when the disk of a start takes nothing. */
  #drawFullTime(): { readonly from: number; readonly to: number } {
    const { rng, swarm, tally, time } = this.#parts;
    if (!this.#happens(swarm.writeFault)) return { from: Infinity, to: Infinity };
    tally.add('times of a full disk');
    const from = time.nowMicros() + rng.nextBelow(60_000_000);
    return { from, to: from + rng.nextBelow(20_000_000) };
  }

  #stream(open: OpenFile, life: Life): StreamFile {
    const { time, rng, swarm, tally } = this.#parts;
    const { file } = open;
    const full = this.#drawFullTime();
    const listeners: (() => void)[] = [];
    let syncing = false;
    let dead = false;
    const begin = (): void => {
      if (syncing) return;
      syncing = true;
      const slow = this.#well ? 0 : rng.nextBelow(swarm.longestSyncMs);
      const target = file.status.lastSequence;
      time.setTimer(GROUP_MS + slow, () => life.whenRunning(() => sync(target)));
    };
    const sync = (target: number): void => {
      syncing = false;
      if (this.#happens(swarm.syncFault / 20)) {
        tally.add('sync faults');
        dead = true;
      } else {
        open.durable = target;
        if (file.status.lastSequence > target) begin();
      }
      for (const listener of listeners) listener();
    };
    const isFull = (): boolean => {
      return !this.#well && time.nowMicros() >= full.from && time.nowMicros() < full.to;
    };
    return {
      append: (kind, schema, tsInitNanos, payload) => {
        if (dead) return SYNC_FAILED;
        if (isFull()) return WRITE_FAILED;
        this.#maybeDie('before');
        let sequence = file.append(kind, schema, tsInitNanos, payload);
        // The fault of a start was drawn before the disk was well, and had not struck yet.
        if (sequence < 0 && this.#well && file.revive().ok) {
          sequence = file.append(kind, schema, tsInitNanos, payload);
        }
        this.#maybeDie('after');
        if (sequence > 0) begin();
        return sequence;
      },
      // The file's own word on the next segment comes from a thread, at a time nobody can repeat.
      get status() {
        const { segment, lastSequence, dead: broken } = file.status;
        const died = dead ? ('SYNC_FAILED' as const) : broken;
        return { starved: false, dead: died, segment, lastSequence };
      },
      revive: () => {
        if (isFull()) return err(constants.errno.ENOSPC);
        dead = false;
        begin();
        return file.status.dead === undefined ? ok(undefined) : file.revive();
      },
      get durableSequence() {
        return open.durable;
      },
      onDurable: (callback) => listeners.push(callback),
      close: () => {
        open.durable = file.status.lastSequence;
        const closed = file.close();
        this.#open.delete(open);
        return closed;
      },
    };
  }

  #maybeDie(when: 'before' | 'after'): void {
    if (this.#appendsUntilDeath === 0) return;
    if (when === 'after') {
      this.#appendsUntilDeath -= 1;
      if (this.#appendsUntilDeath > 0) return;
    } else if (this.#appendsUntilDeath > 1 || this.#parts.rng.nextBelow(2) === 0) {
      return;
    }
    this.#appendsUntilDeath = 0;
    throw new SimulatedDeath(`died ${when} an append`);
  }
}

/** The end of the record `durable` in the newest segment that holds records; undefined when a later segment was begun. */
function endsOf(
  folder: string,
  durable: number,
): { readonly path: string; readonly bytes: Buffer; readonly offset: number } | undefined {
  const names = readdirSync(folder).filter((name) => name.endsWith('.qdj'));
  const newest = names.sort().at(-1);
  if (newest === undefined) return undefined;
  const path = join(folder, newest);
  const bytes = readFileSync(path);
  let offset = SEGMENT_HEADER;
  for (let at = SEGMENT_HEADER; at + RECORD_HEADER <= bytes.length;) {
    const sequence = Number(bytes.readBigUInt64LE(at + 8));
    const kind = bytes.readUInt16LE(at + 18);
    at += RECORD_HEADER + Math.ceil(bytes.readUInt32LE(at) / 8) * 8;
    // Behind a journal that died stands what was allocated and never written.
    if (sequence === 0 || (kind !== CHAIN_KIND && sequence > durable)) break;
    offset = at;
  }
  return { path, bytes, offset };
}
