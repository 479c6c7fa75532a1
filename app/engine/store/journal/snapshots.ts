import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { decodeText, encodeText } from './input-codec.ts';

/** Where a session stands and what the kernel knows there; the journal is read on from it. */
export interface SessionSnapshot {
  /** The order stream's record that holds the hash of `state`. */
  readonly sequence: number;
  readonly hash: string;
  /** The segment of the order stream that holds it. */
  readonly orderSegment: number;
  /** Market records applied before it, the market stream's record that holds the last of them, and its segment. */
  readonly marketCount: number;
  readonly marketSequence: number;
  readonly marketSegment: number;
  /** The instruments that market records number. */
  readonly instruments: readonly Instrument[];
  /** `Kernel.snapshot`. */
  readonly state: Uint8Array;
}

/** A snapshot that cannot be used: the journal is read from further back instead. */
export interface SnapshotError {
  readonly code: 'SNAPSHOT_DAMAGED' | 'SNAPSHOT_VERSION';
  readonly message: string;
}

const MAGIC = Buffer.from('QDSNAP\0\0');
const VERSION = 1;
const PREFIX_BYTES = 16;
const DIGEST_BYTES = 32;
/** Older ones stay for a newer that turns out damaged. */
const KEPT = 3;

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Magic, version, length of the header; the header as JSON; the kernel's bytes; SHA-256 of all before. */
export function encodeSnapshot(snapshot: SessionSnapshot): Uint8Array {
  const { state, ...rest } = snapshot;
  const header = encodeText(rest);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(VERSION, 8);
  prefix.writeUInt32LE(header.byteLength, 12);
  const content = Buffer.concat([prefix, header, state]);
  return Buffer.concat([content, digestOf(content)]);
}

/** Reads what `encodeSnapshot` wrote. */
export function decodeSnapshot(bytes: Uint8Array): Result<SessionSnapshot, SnapshotError> {
  const damaged = (message: string): Result<SessionSnapshot, SnapshotError> =>
    err({ code: 'SNAPSHOT_DAMAGED', message });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < PREFIX_BYTES + DIGEST_BYTES || !buffer.subarray(0, 8).equals(MAGIC)) {
    return damaged('no magic');
  }
  const version = buffer.readUInt32LE(8);
  if (version !== VERSION) {
    const message = `version must be ${VERSION}, was ${version}`;
    return err({ code: 'SNAPSHOT_VERSION', message });
  }
  const content = buffer.subarray(0, -DIGEST_BYTES);
  if (!digestOf(content).equals(buffer.subarray(-DIGEST_BYTES))) return damaged('checksum');
  const headerEnd = PREFIX_BYTES + buffer.readUInt32LE(12);
  if (headerEnd > content.length) return damaged('the header must end within the file');
  const header = decodeText(content.subarray(PREFIX_BYTES, headerEnd));
  if (!header.ok) return damaged(header.error.message);
  return ok({
    ...(header.value as Omit<SessionSnapshot, 'state'>),
    state: new Uint8Array(content.subarray(headerEnd)),
  });
}

/** The folder of a session's snapshots. */
export function snapshotFolder(sessionFolder: string): string {
  return join(sessionFolder, 'snapshots');
}

function isSnapshot(name: string): boolean {
  return /^snapshot-\d{15}\.qds$/.test(name);
}

/** The file of the snapshot taken at a record of the order stream. */
export function snapshotPath(sessionFolder: string, sequence: number): string {
  const name = `snapshot-${String(sequence).padStart(15, '0')}.qds`;
  return join(snapshotFolder(sessionFolder), name);
}

/** Paths of the snapshots of a session, newest first. */
export function snapshotPaths(sessionFolder: string): readonly string[] {
  const folder = snapshotFolder(sessionFolder);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter(isSnapshot).sort().reverse();
  return names.map((name) => join(folder, name));
}

/** Reads one snapshot file. */
export function readSnapshot(path: string): Result<SessionSnapshot, SnapshotError> {
  return decodeSnapshot(readFileSync(path));
}

/** What writes snapshots: `writeSnapshot`, or a simulation's disk. */
export type SnapshotWriter = (
  sessionFolder: string,
  snapshot: SessionSnapshot,
  kept: number | undefined,
) => Promise<void>;

/** Writes a snapshot beside the session's others, whole or not at all, and drops the oldest beyond `kept`. Rejects when the disk refuses. */
export async function writeSnapshot(
  sessionFolder: string,
  snapshot: SessionSnapshot,
  kept: number = KEPT,
): Promise<void> {
  const folder = snapshotFolder(sessionFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = snapshotPath(sessionFolder, snapshot.sequence);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(encodeSnapshot(snapshot));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const names = (await readdir(folder)).filter(isSnapshot).sort().reverse();
  for (const name of names.slice(kept)) await rm(join(folder, name), { force: true });
}
