import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { QUALITY, type QualityMinute } from '../../engine/domain/data-quality.ts';
import { instrumentId, venueId } from '../../engine/domain/identifiers.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import { BTC } from '../../engine/kernel/testing/desk.ts';
import { openDatabase } from '../../engine/store/database.ts';
import { SqliteQualityMarks } from '../../engine/store/ticks/quality-marks.ts';
import { qd } from '../testing/running-command.ts';

/** 2023-11-14T23:58:00Z */
const AT = 1_700_006_280_000_000;
const ETH = instrumentId('ETHUSDT', venueId('BINANCE', 'sandbox'));

test('minutes that can be trusted alike are one row, over midnight, for each instrument', async () => {
  const data = mkdtempSync(join(tmpdir(), 'qd-quality-'));
  try {
    const none = await qd('ticks', 'quality', '--data', data, '--json');
    expect(none).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('"spans":[]') as string,
    });
    const opened = openDatabase(data);
    if (!opened.ok) throw new Error(opened.error.message);
    {
      using database = opened.value;
      const marks = new SqliteQualityMarks(database.sqlite);
      const minute = (after: number, mark: number): QualityMinute => [
        unixMicros(AT + after * 60_000_000),
        mark,
      ];
      const { live, gap, late, repeated } = QUALITY;
      marks.keep(
        BTC,
        [0, 1, 2, 3, 4].map((after) => minute(after, live)),
      );
      // Another run in the same minute found more.
      marks.keep(BTC, [minute(3, gap | late), minute(7, repeated)]);
      marks.keep(ETH, [minute(1, live)]);
    }
    const shown = await qd('ticks', 'quality', '--data', data);
    expect(
      shown.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['instrument', 'from', 'to', 'minutes', 'trust', 'flaws'],
      [BTC, '2023-11-14T23:58:00.000000Z', '2023-11-15T00:01:00.000000Z', '3', 'good'],
      [
        BTC,
        '2023-11-15T00:01:00.000000Z',
        '2023-11-15T00:02:00.000000Z',
        '1',
        'missing',
        'gap late',
      ],
      [BTC, '2023-11-15T00:02:00.000000Z', '2023-11-15T00:03:00.000000Z', '1', 'good'],
      [
        BTC,
        '2023-11-15T00:05:00.000000Z',
        '2023-11-15T00:06:00.000000Z',
        '1',
        'not live',
        'repeated',
      ],
      [ETH, '2023-11-14T23:59:00.000000Z', '2023-11-15T00:00:00.000000Z', '1', 'good'],
    ]);
    const range = [
      '--instrument',
      BTC,
      '--from',
      '2023-11-15T00:00:30Z',
      '--to',
      '2023-11-15T00:02:00Z',
    ];
    const part = await qd('ticks', 'quality', '--data', data, ...range, '--json');
    expect(JSON.parse(part.stdout)).toMatchObject({
      spans: [{ instrument: BTC, minutes: 1, trust: 'missing', flaws: ['gap', 'late'] }],
    });
  } finally {
    rmSync(data, { recursive: true });
  }
});
