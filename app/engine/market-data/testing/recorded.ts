import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedReport, RecordedWire, WireLine } from '../../ports/feed-verification.ts';
import { StreamVerifier } from '../stream-verifier.ts';
import { readWireRecording } from '../wire-recording.ts';

const DATA = join(import.meta.dirname, '../../../../../shared/data');
const FOLDER = join(DATA, 'ws');

/** True when a recorded stream is there; says so when it is not. */
export function isRecorded(file: string): boolean {
  const present = existsSync(join(FOLDER, file));
  if (!present) console.warn(`a recorded stream is not verified: ${join(FOLDER, file)} is absent`);
  return present;
}

/** All lines of recorded streams, one file after the other. */
export async function recordedLines(...files: readonly string[]): Promise<WireLine[]> {
  const lines: WireLine[] = [];
  for (const file of files) {
    for await (const item of readWireRecording(join(FOLDER, file))) {
      if (!item.ok) throw new Error(item.error.message);
      lines.push(item.value);
    }
  }
  return lines;
}

/** What a venue's verifier makes of them. */
export function verifyStream(wire: RecordedWire, lines: readonly WireLine[]): FeedReport {
  const verifier = new StreamVerifier(wire);
  for (const line of lines) verifier.add(line);
  return verifier.finish();
}

/** The answers over REST of a recorded stream, as values. */
export async function recordedAnswers(file: string): Promise<unknown[]> {
  const lines = await recordedLines(file);
  return lines
    .filter(({ kind }) => kind === 'Answer')
    .map(({ raw }): unknown => JSON.parse(Buffer.from(raw).toString()));
}

/** A single message of a venue; undefined, and said, when it is not there. */
export function fixtureOf(file: string): unknown {
  const path = join(DATA, 'fixtures', file);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  console.warn(`a message of a venue is not read: ${path} is absent`);
  return undefined;
}
