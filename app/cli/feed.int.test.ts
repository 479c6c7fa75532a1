import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRecorded } from '../engine/market-data/testing/recorded.ts';
import type { FeedReport } from '../engine/ports/feed-verification.ts';
import { STREAMS } from './testing/recorded-streams.ts';
import { qd } from './testing/running-command.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/ws');
const LONGEST_MS = 120_000;

describe.skipIf(!isRecorded(''))('qd feed verify over every recorded stream', () => {
  test('no file of the recordings is left out', () => {
    const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(FOLDER.length + 1));
    expect(files.toSorted()).toEqual(STREAMS.flatMap(([, names]) => names).toSorted());
  });

  test.each(STREAMS)('%s %j holds no fault', { timeout: LONGEST_MS }, async (...stream) => {
    const [venue, names, books, checksums] = stream;
    const paths = names.map((name) => join(FOLDER, name));
    const { status, stdout } = await qd('feed', 'verify', '--venue', venue, '--json', ...paths);
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as FeedReport;
    const { messages, trades, snapshots, diffs, gaps } = report;
    console.log(
      `${venue} ${names[0]}: ${messages} messages, ${trades} trades, ${snapshots} snapshots, ${diffs} diffs, ${report.checksums.verified} checksums, ${gaps.unexplained} gaps, ${report.books.length} books`,
    );
    expect(report).toMatchObject({
      parseErrors: 0,
      unknownMessages: 0,
      gaps: { explained: 0, unexplained: 0 },
      checksums: { verified: checksums, failed: 0 },
      crossedBooks: 0,
      warnings: [],
    });
    expect(report.books).toHaveLength(books);
  });
});
