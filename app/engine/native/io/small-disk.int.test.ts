import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SmallDisk } from '../../../../build-tools/test/small-disk.ts';
import { journalFault, JournalFile } from './journal-file.ts';
import { append, assertHolds, opened } from './testing/written-journal.ts';

const BYTES = 256 * 1024;
const OPTIONS = { segmentBytes: 65_536, groupMs: 1 };

describe.skipIf(!SmallDisk.possible())('a journal on a disk that is really full', () => {
  /** Takes what room is left. */
  function fill(disk: SmallDisk): string {
    const path = join(disk.path, 'filler');
    const file = openSync(path, 'w');
    try {
      for (;;) writeSync(file, Buffer.alloc(4096, 1));
    } catch {
      return path;
    } finally {
      closeSync(file);
    }
  }

  test('takes records while it has room, refuses them then, and goes on when there is room again', async () => {
    using disk = new SmallDisk(BYTES);
    const file = opened(disk.path, OPTIONS);
    let last = append(file, 1);
    const filler = fill(disk);
    let refused = '';
    while (refused === '') {
      const answer = append(file, last + 1);
      if (answer > 0) last = answer;
      else refused = journalFault(answer);
    }
    expect(refused).toBe('NO_SEGMENT');
    rmSync(filler);
    const again = (): number => append(file, last + 1);
    await expect.poll(again, { timeout: 20_000, interval: 1 }).toBe(last + 1);
    file.close();
    assertHolds(disk.path, last + 1);
  });

  test('says at the start that it has no room, or may not write', () => {
    using disk = new SmallDisk(BYTES);
    const filler = fill(disk);
    expect(JournalFile.open(disk.path, OPTIONS)).toMatchObject({ error: { code: 'ENOSPC' } });
    rmSync(filler);
    disk.makeReadOnly();
    expect(JournalFile.open(disk.path, OPTIONS)).toMatchObject({ error: { code: 'EROFS' } });
  });
});
