import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { KRAKEN_V1_RECORDED } from './recorded-v1.ts';
import { KRAKEN_RECORDED } from './recorded-wire.ts';

const FILES = ['kraken/ws_48.txt.gz', 'kraken/ws_49.txt.gz', 'kraken/ws_50.txt.gz'] as const;
const SECOND = 'derived/kraken_v2_book1000.tsv.gz';
/** One frame in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 397;

const recording = (): Promise<WireLine[]> => recordedLines(...FILES);
const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(KRAKEN_V1_RECORDED, lines);
const textOf = ({ raw }: WireLine): string => Buffer.from(raw).toString();
const isChange = ({ kind, raw }: WireLine): boolean =>
  kind === 'Received' && /"c":"\d+"\},"book-/.test(Buffer.from(raw).toString());

describe.skipIf(![...FILES, SECOND].every(isRecorded))(
  "Kraken's recorded stream of version 1",
  () => {
    test('holds no fault, and every checksum that was sent is right', async () => {
      const report = verify(await recording());
      expect(hasFault(report)).toBe(false);
      expect(report).toMatchObject({
        messages: 3178,
        trades: 10,
        snapshots: 6,
        diffs: 3037,
        checksums: { verified: 3037, failed: 0 },
        staleDiffs: 0,
        warnings: [],
      });
    });

    test('is read as the version 2 that another hand wrote of it, digit by digit', async () => {
      const lines = await recording();
      const ours = lines
        .filter(({ kind, raw }) => kind === 'Received' && raw[0] === 0x5b)
        .flatMap((line) => KRAKEN_V1_RECORDED.rewrite?.(textOf(line)) ?? [])
        .filter((text) => text.startsWith('{"channel":"book"'));
      const theirs = (await recordedLines(SECOND))
        .map(textOf)
        .filter((text) => text.startsWith('{"channel":"book"'));
      // The checksums of snapshots were computed by that hand.
      const alike = (text: string): string =>
        text.includes('"type":"snapshot"') ? text.replace(/"checksum":.*$/, '') : text;
      expect(ours.map(alike)).toEqual(theirs.map(alike));
    });

    test('its books are those of that second recording, level by level', async () => {
      const report = verify(await recording());
      const second = verifyStream(KRAKEN_RECORDED, await recordedLines(SECOND));
      expect(report.books).toHaveLength(6);
      const byName = ({ books }: FeedReport): unknown =>
        books.toSorted((left, right) => (left.instrument < right.instrument ? -1 : 1));
      expect(byName(report)).toEqual(byName(second));
    });

    test('a frame that is lost is found by a checksum, or changed no level that counts', async () => {
      const lines = await recording();
      const changed = lines.flatMap((line, at) => (isChange(line) ? [at] : []));
      expect(changed).toHaveLength(3037);
      let found = 0;
      let tried = 0;
      for (let pick = 0; pick < changed.length; pick += STEP) {
        const { checksums, staleDiffs } = verify(lines.toSpliced(changed[pick] ?? 0, 1));
        tried += 1;
        if (checksums.failed > 0 || staleDiffs > 0) found += 1;
      }
      console.log(`${tried} frames lost, ${found} found by a checksum`);
      expect(found).toBeGreaterThan(0);
    });

    test('a message that is cut is named, and no number of it is taken', async () => {
      const lines = await recording();
      const at = lines.findIndex(isChange);
      const line = lines[at];
      if (line === undefined) throw new Error('the recording has no change');
      for (const cut of [line.raw.subarray(0, -1), line.raw.subarray(0, 30)]) {
        const report = verify(lines.toSpliced(at, 1, { ...line, raw: cut }));
        expect(report.parseErrors).toBe(1);
      }
    });
  },
);
