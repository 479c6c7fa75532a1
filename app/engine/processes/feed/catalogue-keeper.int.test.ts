import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../../native/compute/market-record.ts';
import { TickRecorder } from '../../store/ticks/tick-recorder.ts';
import { CatalogueKeeper } from './catalogue-keeper.ts';

/** 2023-11-14T22:13:20Z */
const AT = 1_700_000_000_000_000_000n;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-keeper-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function keeper(problems: string[] = [], dataFolder = folder): CatalogueKeeper {
  const onProblem = (problem: string): void => void problems.push(problem);
  return new CatalogueKeeper({ dataFolder, nowNanos: () => AT, onProblem });
}

test('its thread takes in what is recorded and answers what it has', async () => {
  const problems: string[] = [];
  await using catalogue = keeper(problems);
  expect(await catalogue.read({})).toEqual({ ok: true, value: [] });
  const records = new MarketRecords(1);
  records.set(0, KIND_TRADE, FLAG_LAST, 0, AT, AT, 10_050, 1, 0, 0, 1);
  using recorder = new TickRecorder(join(folder, 'ticks'), [INSTRUMENT], {
    source: 'a test',
    writtenBy: 'a test',
  });
  recorder.append(records.bytes, 1);
  recorder.flush();
  await Promise.all([catalogue.refresh(), catalogue.refresh()]);
  const read = await catalogue.read({ instrument: INSTRUMENT.id });
  expect(read).toMatchObject({ ok: true, value: [{ kind: 'trades', rows: 1, firstNanos: AT }] });
  expect(problems).toEqual([]);
});

test('a folder that takes no database is said once, and the feed lives on', async () => {
  const problems: string[] = [];
  await using catalogue = keeper(problems, join(folder, 'none'));
  await catalogue.refresh();
  await catalogue.refresh();
  expect(problems).toEqual([expect.stringContaining('quarterdeck.db cannot be used')]);
  expect(await catalogue.read({})).toMatchObject({ ok: false });
});
