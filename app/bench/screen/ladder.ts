import { inputHash } from '../input-hash.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from '../product/desk-process.ts';
import { armed } from './key-to-wire.ts';
import type { Seen } from './seen.ts';
import type { Observed } from '../observed.ts';
import type { Stage } from './stage.ts';

const SEED = 17;
const PRESSES = 30;
const WARM_UP = 5;
const MOST_TRIES = 3 * (PRESSES + WARM_UP);
const PAUSE_MS = 120;
/** Rows below the best bid at which orders rest. */
const LEAST_DEPTH = 6;

/** From a press on the ladder to the end of the picture with the order's tag. */
export async function ladder(stage: Stage): Promise<Observed> {
  using folder = new DeskFolder({ 'settings.json': BENCH_SETTINGS });
  await using desk = await DeskProcess.start(folder, ['--seed', String(SEED), '--limits', 'open']);
  await using context = await stage.context(true);
  const page = await desk.open(context);
  await armed(page);
  const panel = page.getByTestId('panel-ladder');
  const samples: number[] = [];
  for (let tries = 0; samples.length < PRESSES + WARM_UP && tries < MOST_TRIES; tries += 1) {
    const cell = await page.evaluate<{ x: number; y: number } | null>(CELL);
    if (cell === null) {
      await page.keyboard.press('c');
      await page.waitForTimeout(PAUSE_MS);
      continue;
    }
    await page.evaluate('deskProbe.take()');
    await page.mouse.click(cell.x, cell.y);
    await page.waitForTimeout(PAUSE_MS);
    const { presses, tags } = await page.evaluate<Seen>('deskProbe.take()');
    const [down] = presses;
    const painted = tags.find((at) => down !== undefined && at > down);
    if (down !== undefined && painted !== undefined) samples.push(painted - down);
    await panel.getByRole('button', { name: 'Cancel all' }).click();
    await panel.locator('[data-testid="ladder-order-tag"]').first().waitFor({ state: 'detached' });
  }
  return {
    unit: 'ms',
    inputHash: inputHash(`press a bid cell ${PRESSES} times, sandbox seed ${SEED}`),
    runs: [Float64Array.from(samples.slice(WARM_UP))],
    agreed: samples.length === PRESSES + WARM_UP,
    notes: ['the sandbox changes the book some 30 times a second, of the 200 asked'],
  };
}

/** The middle of the bid cell some rows under the best bid; null while it is not in sight. */
const CELL = `(() => {
  const rows = [...document.querySelectorAll('[data-testid="ladder-row"]')];
  const best = rows.findIndex((row) => row.classList.contains('bb'));
  const row = best < 0 ? undefined : rows[best + ${LEAST_DEPTH}];
  const cell = row?.querySelector('[data-side="Buy"]');
  if (cell === null || cell === undefined) return null;
  const { left, top, width, height } = cell.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
})()`;
