import type { Page } from '@playwright/test';
import { inputHash } from '../input-hash.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from '../product/desk-process.ts';
import type { Seen } from './seen.ts';
import type { Observed } from '../observed.ts';
import type { Stage } from './stage.ts';
import { Venue } from '../product/venue.ts';

const SEED = 17;
const STROKES = 60;
const WARM_UP = 5;
const MOST_TRIES = 3 * (STROKES + WARM_UP);
/** A hand is not faster. */
const PAUSE_MS = 120;

/** From a hotkey down in the browser to the order's request at the exchange's port. */
export async function keyToWire(stage: Stage): Promise<Observed> {
  await using venue = await Venue.start({ seed: SEED });
  using folder = new DeskFolder({ 'settings.json': BENCH_SETTINGS });
  await using desk = await DeskProcess.start(folder, ['--exchange', venue.file]);
  await using context = await stage.context(true);
  const page = await desk.open(context);
  await armed(page);
  await page.getByTestId('panel-ladder').locator('[data-testid="ladder-row"]').first().click();
  const samples: number[] = [];
  let single = true;
  for (let tries = 0; samples.length < STROKES + WARM_UP && tries < MOST_TRIES; tries += 1) {
    await page.evaluate('deskProbe.take()');
    const before = venue.orders.length;
    // Both sides in turn, so that neither money runs out.
    await page.keyboard.press(samples.length % 2 === 0 ? 'j' : 'k');
    const went = await settles(() => venue.orders.length > before);
    const { keys } = await page.evaluate<Seen>('deskProbe.take()');
    const [down] = keys;
    const out = venue.orders[before];
    single &&= keys.length === 1 && venue.orders.length <= before + 1;
    // A stroke while the one before has no answer sends nothing.
    if (went && down !== undefined && out !== undefined) samples.push(out - down);
    await page.waitForTimeout(PAUSE_MS);
  }
  return {
    unit: 'ms',
    inputHash: inputHash(`join the bid by key, ${STROKES} times, sandbox seed ${SEED}`),
    runs: [Float64Array.from(samples.slice(WARM_UP))],
    agreed: single && samples.length === STROKES + WARM_UP,
    notes: [
      'the wire is the port of the exchange: browser, WebSocket, trade, journal, risk, signing, WebSocket and one hop more',
    ],
  };
}

/** Unlocks and arms by key. */
export async function armed(page: Page): Promise<void> {
  await page.getByTestId('truth-strip').getByText('Agrees with the venue').waitFor();
  await page.keyboard.press('Control+U');
  await page.locator('[data-testid="trading-state"][data-state="Active"]').waitFor();
  await page.keyboard.press('Control+L');
  await page.locator('[data-testid="arm-button"][data-arming="Armed"]').waitFor();
}

/** True once it holds; false when it does not within a second. */
async function settles(holds: () => boolean): Promise<boolean> {
  const limit = performance.now() + 1000;
  while (!holds()) {
    if (performance.now() > limit) return false;
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  return true;
}
