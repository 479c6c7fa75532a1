import type { Page } from '@playwright/test';
import { inputHash } from '../input-hash.ts';
import { quantile } from '../statistics.ts';
import type { Samples } from '../workload.ts';
import type { Observed } from '../observed.ts';
import type { Stage } from './stage.ts';

const REPEATS = 3;
const RUN_MS = 5000;
const PER_SECOND = 10_000;
const MOONSHOT = 50_000;
/** The page's own: rows, columns, seed. */
const INPUT = '100000 rows, 10 columns, seed 17, filter usdt, sorted by value';

/** Frames of the product's blotter over rows that change, and of the grid alone told the same. */
export async function blotter(stage: Stage): Promise<Observed> {
  const context = await stage.context(false);
  const open = async (kind: 'ours' | 'naive'): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${stage.pages}/blotter.html#${kind}`);
    await page.locator('.ag-row').first().waitFor({ timeout: 60_000 });
    return page;
  };
  const run = async (page: Page, perSecond: number): Promise<Samples> => {
    await page.bringToFront();
    const frames = await page.evaluate<number[]>(`blotterBench.run(${RUN_MS}, ${perSecond})`);
    return Float64Array.from(frames);
  };
  const ours = await open('ours');
  const runs: Samples[] = [];
  let agreed = true;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    // From the top, from the middle, from the end.
    await ours.evaluate(`blotterBench.scroll(${repeat / (REPEATS - 1)})`);
    runs.push(await run(ours, PER_SECOND));
    agreed = (await isRight(ours)) && agreed;
  }
  await ours.evaluate('blotterBench.scroll(0)');
  const fast = (await run(ours, MOONSHOT)).toSorted();
  await ours.close();
  const naive = await open('naive');
  const alone = (await run(naive, PER_SECOND)).toSorted();
  await context.close();
  return {
    unit: 'ms/frame',
    inputHash: inputHash(INPUT),
    runs,
    agreed,
    notes: [
      `AG Grid told the same: p95 ${quantile(alone, 0.95).toFixed(1)} ms`,
      `at 50,000 changes a second: p95 ${quantile(fast, 0.95).toFixed(1)} ms, p99 ${quantile(fast, 0.99).toFixed(1)} ms`,
    ],
  };
}

/** Waits until the last changes are drawn: then the rows in sight must be those of a plain sort. */
async function isRight(page: Page): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await page.evaluate<boolean>('blotterBench.isRight()')) return true;
    await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
  }
  return false;
}
