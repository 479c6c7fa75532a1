import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flawsOf, QUALITY } from '../../domain/data-quality.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { InstrumentQuality } from '../../market-data/instrument-quality.ts';
import { until } from '../../ports/contract/until.ts';
import { BOOK_REASON } from '../../ports/market-data-client.ts';
import { CatalogueKeeper } from './catalogue-keeper.ts';
import { QualityKeeper } from './quality-keeper.ts';

const MINUTE = 60_000_000;
/** 2023-11-14T23:58:00Z */
const AT = 1_700_006_280_000_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-quality-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of the engine that looks at one instrument. */
function run(
  stack: AsyncDisposableStack,
  nowMicros: number,
  { remembers = true, dataFolder = folder } = {},
) {
  const problems: string[] = [];
  const catalogue = stack.use(
    new CatalogueKeeper({
      dataFolder,
      nowNanos: () => BigInt(nowMicros) * 1000n,
      onProblem: (problem) => problems.push(problem),
    }),
  );
  const quality = new InstrumentQuality(1);
  const instruments = [{ instrument: INSTRUMENT, quality }];
  const keeper = stack.use(
    new QualityKeeper({ catalogue, instruments, nowMicros: () => nowMicros, remembers }),
  );
  return { quality, keeper, problems };
}

function live(quality: InstrumentQuality, ...minutes: readonly number[]): void {
  quality.onState('Live', BOOK_REASON.none);
  for (const minute of minutes) {
    const nowMicros = AT + minute * MINUTE;
    quality.look({ nowMicros, sinceMicros: nowMicros });
  }
}

test('a run knows what the runs of the last two days knew, and adds to it', async () => {
  {
    await using stack = new AsyncDisposableStack();
    const { quality, keeper } = run(stack, AT);
    live(quality, 0, 1, 2);
    await keeper.keep();
    // What comes after the last writing is written at the end.
    quality.onState('Stale', BOOK_REASON.disconnected);
  }
  await using stack = new AsyncDisposableStack();
  const { quality, problems } = run(stack, AT + 3 * MINUTE);
  await until('it was remembered', () => quality.minutesSince(0).length === 3);
  expect(quality.minutesSince(0)).toEqual([
    [AT, QUALITY.live | QUALITY.partial],
    [AT + MINUTE, QUALITY.live],
    [AT + 2 * MINUTE, QUALITY.live | QUALITY.disconnected],
  ]);
  live(quality, 4);
  expect(quality.minutesSince(0).map(([, mark]) => flawsOf(mark))).toEqual([
    [],
    [],
    ['disconnected'],
    [],
  ]);
  expect(problems).toEqual([]);
  await using late = new AsyncDisposableStack();
  const other = run(late, AT + 2 * 1440 * MINUTE + MINUTE);
  await until('two days are remembered', () => other.quality.minutesSince(0).length === 2);
  const invented = run(late, AT + 3 * MINUTE, { remembers: false });
  await invented.keeper.keep();
  expect(invented.quality.minutesSince(0)).toEqual([]);
});

test('what cannot be kept is said once, and nothing is lost of it', async () => {
  await using stack = new AsyncDisposableStack();
  const { quality, keeper, problems } = run(stack, AT, {
    remembers: false,
    dataFolder: join(folder, 'none'),
  });
  live(quality, 0);
  await keeper.keep();
  await keeper.keep();
  expect(problems).toEqual([expect.stringContaining('quarterdeck.db cannot be used')]);
  expect(quality.minutesSince(0)).toHaveLength(1);
});
