import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SmallDisk } from '../../build-tools/test/small-disk.ts';
import { qd } from './testing/running-command.ts';

const MB = 1 << 20;

describe.skipIf(!SmallDisk.possible())('a start on a disk', () => {
  test('that has no room for a journal says so', async () => {
    using disk = new SmallDisk(8 * MB);
    const engine = await qd('--data', disk.path, 'engine', '--seed', '71');
    expect(engine.status).toBe(1);
    expect(engine.stderr).toContain('trade failed: ENOSPC: the journal cannot be opened');
    expect(engine.stderr).toContain(disk.path);
    expect(engine.stderr).toContain('(no space is left on the disk)');
  });

  test('that may not be written says so', async () => {
    using disk = new SmallDisk(MB);
    for (const name of ['run', 'journal', 'ticks']) mkdirSync(join(disk.path, name));
    disk.makeReadOnly();
    const engine = await qd('--data', disk.path, 'engine');
    expect(engine.status).toBe(1);
    expect(engine.stderr).toContain(`data folder ${disk.path} cannot be written (EROFS`);
    expect(engine.stderr.trim().split('\n')).toHaveLength(1);
  });
});
