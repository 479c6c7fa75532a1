import type { Locator, Page } from '@playwright/test';
import { present } from '../../engine/base/invariant.ts';
import { formatDecimal } from '../../engine/domain/decimal.ts';
import type { Bar } from '../../engine/domain/market.ts';
import { inputHash } from '../input-hash.ts';
import { quantile } from '../statistics.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from '../product/desk-process.ts';
import type { Seen } from './seen.ts';
import type { Observed } from '../observed.ts';
import type { Stage } from './stage.ts';
import { MINUTES_A_DAY, storedInstrument, storeMinutes } from './stored-minutes.ts';
import { Venue } from '../product/venue.ts';

const SEED = 17;
/** A million minutes and some. */
const DAYS = 695;
const SYMBOL = 'BTCUSDT';
const UPDATES_A_SECOND = 100;
const MOVE_MS = 10_000;
const STEP_MS = 16;
/** Wheel steps of each move, and the moves: out to long bars, back in time, in again, a little forward. */
const TURNS = 60;
const MOVES: readonly (readonly [x: number, y: number])[] = [
  [0, 120],
  [-60, 0],
  [0, -120],
  [60, 0],
];
/** Wheel steps after which a million minutes are in sight. */
const MOST_STEPS = 400;
const SWITCHES = 5;
/** Bars that a chart of ours holds at most, and changes of the newest that are timed. */
const HELD = 6000;
const CHANGES = 1000;

/** Pictures of a chart over a million stored minutes that is moved and zoomed while its last bar changes 100 times a second. */
export async function chart(stage: Stage): Promise<Observed> {
  const notes = await parts(stage);
  await using venue = await Venue.start({ seed: SEED });
  using folder = new DeskFolder({ 'settings.json': BENCH_SETTINGS });
  const instrument = storedInstrument(SYMBOL);
  const days = storeMinutes(folder.path, instrument, DAYS, SEED).map((bar) =>
    legendWords(bar, instrument.priceScale),
  );
  await using desk = await DeskProcess.start(folder, ['--exchange', venue.file]);
  await using context = await stage.context(true);
  const page = await desk.open(context);
  const panel = page.getByTestId('panel-chart');
  await panel.locator('.legend').getByText('O ').first().waitFor();
  const paint = await switches(page);
  venue.blow(UPDATES_A_SECOND * venue.symbols.length);
  const box = await panel.boundingBox();
  if (box === null) throw new Error('the chart is not in sight');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate('deskProbe.take()');
  const begun = performance.now();
  for (let turn = 0; performance.now() - begun < MOVE_MS; turn += 1) {
    await page.mouse.wheel(...present(MOVES[Math.floor(turn / TURNS) % MOVES.length], 'a move'));
    await page.waitForTimeout(STEP_MS);
  }
  const { frames, longTasks } = await page.evaluate<Seen>('deskProbe.take()');
  venue.calm();
  const shown = await middleShown(page, panel, box);
  const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize');
  const rising = Float64Array.from(frames).sort();
  return {
    unit: 'ms/frame',
    inputHash: inputHash(`${DAYS} days of minutes, wheel ${TURNS}, ${MOVE_MS} ms, seed ${SEED}`),
    runs: [Float64Array.from(frames)],
    agreed: frames.length > 0 && days.some((day) => shown.startsWith(day)),
    notes: [
      `frames p95 ${quantile(rising, 0.95).toFixed(1)} ms, longest task ${Math.max(0, ...longTasks).toFixed(0)} ms; ${DAYS * MINUTES_A_DAY} minutes on the disk, in the middle of them the chart says: ${shown}`,
      `from the choice of an interval to the picture with its bars: ${paint.map((ms) => ms.toFixed(0)).join(', ')} ms; the whole desk's JavaScript heap: ${(heap / 1e6).toFixed(0)} MB`,
      ...notes,
    ],
  };
}

/** The chart alone on a page of ours, and the library's given all bars. */
async function parts(stage: Stage): Promise<string[]> {
  const context = await stage.context(false);
  const open = async (kind: 'ours' | 'alone', count: number): Promise<string> => {
    const page = await context.newPage();
    await page.goto(`${stage.pages}/chart.html#${kind}`);
    await page.locator('canvas').first().waitFor();
    const painted = await page.evaluate<number>(`chartBench.paint(${count})`);
    const changes = kind === 'ours' ? CHANGES : CHANGES / 20;
    const spent = await page.evaluate<number>(`chartBench.update(${changes})`);
    const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize');
    await page.close();
    return `${count} bars painted in ${painted.toFixed(0)} ms, a change of the newest ${spent.toFixed(3)} ms, heap ${(heap / 1e6).toFixed(0)} MB`;
  };
  const ours = await open('ours', HELD);
  const alone = await open('alone', DAYS * MINUTES_A_DAY);
  await context.close();
  return [`as many as a chart of ours holds: ${ours}`, `the library given all: ${alone}`];
}

/** How the legend says a bar. */
function legendWords({ open, high, low, close }: Bar, priceScale: number): string {
  const text = (value: number): string =>
    formatDecimal(value, priceScale).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
  return ` O ${text(open)} H ${text(high)} L ${text(low)} C ${text(close)}`
    .replaceAll(/(\.\d*),/g, '$1')
    .trim();
}

/** Milliseconds from choosing minutes to the picture with them, after another interval. */
async function switches(page: Page): Promise<readonly number[]> {
  const spent: number[] = [];
  for (let round = 0; round < SWITCHES; round += 1) {
    for (const interval of ['5m', '1m']) {
      const ms = await page.evaluate<number>(`(async () => {
        const panel = document.querySelector('[data-testid="panel-chart"]');
        const choice = [...panel.querySelectorAll('[role="radio"]')].find((one) => one.textContent === '${interval}');
        const begun = performance.now();
        choice.click();
        const isThere = () => panel.querySelector('[role="img"]')?.ariaLabel.includes(' ${interval}') && panel.querySelector('.legend').textContent.includes('O ');
        do await new Promise((done) => requestAnimationFrame(done)); while (!isThere());
        await new Promise((done) => setTimeout(done));
        return performance.now() - begun;
      })()`);
      if (interval === '1m') spent.push(ms);
    }
  }
  return spent;
}

/** What the chart says of the bar in its middle when all is in sight. */
async function middleShown(
  page: Page,
  panel: Locator,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<string> {
  const legend = panel.locator('.legend');
  const middle = box.y + box.height / 2;
  // What is under the pointer stays: the newest bars, at the right.
  await page.mouse.move(box.x + box.width - 200, middle);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.mouse.wheel(0, 120);
    await page.waitForTimeout(STEP_MS);
  }
  await page.mouse.move(box.x + box.width / 2, middle);
  await page.waitForTimeout(500);
  return ((await legend.textContent()) ?? '').trim().replaceAll(/\s+/g, ' ');
}
