import type { CDPSession, Page } from '@playwright/test';
import { present } from '../../engine/base/invariant.ts';
import { inputHash } from '../input-hash.ts';
import { theilSen } from '../statistics.ts';
import { benchDesk, FULL_DESK } from './bench-desk.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from '../product/desk-process.ts';
import type { Observed, Watch } from '../observed.ts';
import type { Stage } from './stage.ts';
import { storedInstrument, storeMinutes } from './stored-minutes.ts';
import { Venue } from '../product/venue.ts';

const SEED = 17;
const RATE = 5000;
/** More than 100,000 minutes of each instrument. */
const DAYS = 71;
/** Wheel steps after which a chart shows them. */
const STEPS_OUT = 45;
const STEP_MS = 16;
const WARM_UP_LOOKS = 12;
const LOOK_MS = 5000;
const MEGABYTE = 2 ** 20;
const MINUTE_MS = 60_000;
const LOOKS_AN_HOUR = 3_600_000 / LOOK_MS;

/** Resident memory of every process of the desk and of the pages' own heaps: twenty charts of 100,000 bars, fifty ladders and the blotters, over minutes of trades. */
export async function memory(stage: Stage, { minutes }: Watch): Promise<Observed> {
  const looks = (minutes * MINUTE_MS) / LOOK_MS;
  await using venue = await Venue.start({ seed: SEED });
  const instruments = venue.symbols.map(storedInstrument);
  using folder = new DeskFolder({
    'settings.json': BENCH_SETTINGS,
    'workspace.json': benchDesk(
      FULL_DESK,
      instruments.map(({ id }) => id),
    ),
  });
  for (const instrument of instruments) storeMinutes(folder.path, instrument, DAYS, SEED);
  await using desk = await DeskProcess.start(folder, ['--exchange', venue.file]);
  await using contexts = new AsyncDisposableStack();
  const pages: Page[] = [];
  const sessions: CDPSession[] = [];
  for (const _ of FULL_DESK) {
    const context = contexts.use(await stage.context(true));
    await context.addCookies((await pages[0]?.context().cookies()) ?? []);
    const page = await desk.open(context);
    await page.locator('[data-testid^="panel-"]').first().waitFor();
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    await session.send('HeapProfiler.enable');
    pages.push(page);
    sessions.push(session);
  }
  await zoomOut(present(pages[0], 'the window of charts'));
  const panels = await Promise.all(
    pages.map((page) => page.locator('[data-testid^="panel-"]').count()),
  );
  venue.blow(RATE);
  const rows: Map<string, number>[] = [];
  for (let look = 0; look < WARM_UP_LOOKS + looks; look += 1) {
    await pages[0]?.waitForTimeout(LOOK_MS);
    const row = new Map(desk.processes().map((one) => [one.name, one.residentBytes]));
    for (const [at, session] of sessions.entries()) {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
      row.set(`window ${at + 1} (heap)`, heap);
    }
    if (look >= WARM_UP_LOOKS) rows.push(row);
  }
  venue.calm();
  const totals = rows.map((row) => sum([...row.values()]) / MEGABYTE);
  const parts = [...(rows.at(-1)?.keys() ?? [])].map((name) => {
    const course = rows.map((row) => (row.get(name) ?? 0) / MEGABYTE);
    const slope = theilSen(course) * LOOKS_AN_HOUR;
    return `${name} ${Math.round(course.at(-1) ?? 0)} (${slope.toFixed(0)} an hour)`;
  });
  return {
    unit: 'MB',
    inputHash: inputHash(`full desk, ${RATE} trades/s, ${looks} looks, seed ${SEED}`),
    runs: [Float64Array.from(totals)],
    agreed: sum(panels) > 0,
    notes: [
      `${panels.join(' + ')} panels in ${pages.length} windows, ${venue.sent} trades in ${minutes + 1} minutes: not the eight hours asked, and no blotter of 100,000 rows (the desk keeps 5,000 orders); the browser's own processes are not counted`,
      `after a minute's warm-up it grew by ${(theilSen(totals) * LOOKS_AN_HOUR).toFixed(0)} MB an hour (Theil-Sen)`,
      parts.join(', '),
    ],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

async function zoomOut(page: Page): Promise<void> {
  for (const chart of await page.getByTestId('panel-chart').all()) {
    const box = await chart.boundingBox();
    if (box === null) continue;
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2);
    for (let step = 0; step < STEPS_OUT; step += 1) {
      await page.mouse.wheel(0, 120);
      await page.waitForTimeout(STEP_MS);
    }
  }
}
