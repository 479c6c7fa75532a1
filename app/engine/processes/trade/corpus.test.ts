import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STATE_FORMAT } from '../../domain/state-format.ts';
import { JournalFile } from '../../native/io/journal-file.ts';
import { verifyJournal } from '../../native/io/journal-reader.ts';
import { encodeStateHash, encodeText } from '../../store/journal/input-codec.ts';
import {
  RECORD_INPUT,
  RECORD_STATE_HASH,
  stateHash,
  streamFolders,
} from '../../store/journal/session-journal.ts';
import { snapshotPaths } from '../../store/journal/snapshots.ts';
import { CORPUS, endsOf, expectedOf, writeCorpus } from '../testing/corpus.ts';
import { openSession } from './open-session.ts';
import { replaySession, type SessionReplay } from './session-replay.ts';

const releases = readdirSync(CORPUS).sort();
const root = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'),
) as { readonly version: string };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-corpus-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function replayed(session: string): SessionReplay {
  const replay = replaySession(session);
  if (!replay.ok) throw new Error(`${replay.error.code}: ${replay.error.message}`);
  return replay.value;
}

test('this release has its session in the corpus', () => {
  expect(releases).toContain(root.version);
});

describe.each(releases)('the session of release %s', (release) => {
  const session = join(CORPUS, release, 'session');
  const expected = expectedOf(join(CORPUS, release));

  test('is intact', () => {
    for (const stream of Object.values(streamFolders(session))) {
      expect(verifyJournal(stream)).toMatchObject({
        value: { damages: [], osError: 0, tornBytes: 0 },
      });
    }
  });

  // When this fails: CONTRIBUTING.md, "Versions of what is on disk".
  test('runs again to what it ended with', () => {
    const { kernel, read, inputs, intents, ...compared } = replayed(session);
    const { marketCount } = read;
    expect({ inputs, intents, marketCount }).toEqual({
      inputs: expected.inputs,
      intents: expected.intents,
      marketCount: expected.marketRecords,
    });
    expect(endsOf(kernel)).toEqual(expected.ends);
    if (expected.stateFormat !== STATE_FORMAT) {
      expect(compared).toMatchObject({ otherFormat: expected.stateFormat });
      return;
    }
    expect(compared.hashes).toBeGreaterThan(0);
    expect(compared.firstDifference).toBeUndefined();
    expect(stateHash(kernel.encodeState())).toBe(expected.hash);
  });

  test('is gone on with, from its snapshot, or politely not', () => {
    cpSync(session, folder, { recursive: true });
    const opened = openSession(folder);
    if (expected.stateFormat !== STATE_FORMAT) {
      expect(opened).toMatchObject({ error: { code: 'STATE_FORMAT_DIFFERS' } });
      return;
    }
    if (!opened.ok) throw new Error(opened.error.message);
    expect(opened.value).toMatchObject({ recovered: true, ignoredSnapshots: [] });
    expect(stateHash(opened.value.kernel.encodeState())).toBe(expected.hash);
    opened.value.journal.close();
    expect(snapshotPaths(session)).toHaveLength(1);
  });
});

test('its script writes the same session every time', async () => {
  const written = await writeCorpus(folder);
  expect(stateHash(replayed(join(folder, 'session')).kernel.encodeState())).toBe(written.hash);
  expect(await writeCorpus(folder)).toEqual(written);
});

describe('what a newer or older release wrote', () => {
  function append(kind: number, schema: number, payload: Uint8Array): void {
    const { orders } = streamFolders(folder);
    const file = JournalFile.open(orders, { segmentBytes: 16_384 });
    if (!file.ok) throw new Error(file.error.detail);
    expect(file.value.append(kind, schema, 2_000_000_000_000_000_000n, payload)).toBeGreaterThan(0);
    file.value.close();
  }

  beforeEach(() => {
    cpSync(join(CORPUS, root.version, 'session'), folder, { recursive: true });
    rmSync(join(folder, 'snapshots'), { recursive: true });
  });

  test.each([
    [1, undefined],
    [STATE_FORMAT + 1, STATE_FORMAT + 1],
  ])('a state hash of format %d is not compared, and both formats are named', (named, format) => {
    const { marketRecords: marketCount } = expectedOf(join(CORPUS, root.version));
    const record = { marketCount, hash: '00', ...(format !== undefined && { format }) };
    append(RECORD_STATE_HASH, 1, encodeStateHash(record));
    const replay = replayed(folder);
    expect(replay.otherFormat).toBe(named);
    expect(replay.firstDifference).toBeUndefined();
    const opened = openSession(folder);
    expect(opened).toMatchObject({ error: { code: 'STATE_FORMAT_DIFFERS' } });
    const message = opened.ok ? '' : opened.error.message;
    expect(message).toContain(`state format ${named}, this release has ${STATE_FORMAT}`);
  });

  test('a state hash of our format that differs is told as what it is', () => {
    const { marketRecords: marketCount } = expectedOf(join(CORPUS, root.version));
    const hash = encodeStateHash({ marketCount, hash: '00', format: STATE_FORMAT });
    append(RECORD_STATE_HASH, 1, hash);
    expect(openSession(folder)).toMatchObject({ error: { code: 'STATE_HASH_DIFFERS' } });
  });

  test('a record of a later schema is refused with its number', () => {
    append(RECORD_INPUT, 7, encodeText({ marketCount: 0, input: { type: 'Later' } }));
    const opened = openSession(folder);
    expect(opened).toMatchObject({ error: { code: 'RECORD_MALFORMED' } });
    expect(opened.ok ? '' : opened.error.message).toContain('schema must be 1, was 7');
  });
});
