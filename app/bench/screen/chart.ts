import { inputHash } from '../input-hash.ts';
import { quantile } from '../statistics.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from './desk.ts';
import type { Seen } from './seen.ts';
import type { ScreenRun } from './screen-run.ts';
import type { Stage } from './stage.ts';

const SEED = 17;
const MOVE_MS = 10_000;
const STEP_MS = 16;
/** Wheel steps out, then in. */
const TURNS = 40;

/** Pictures of a chart that is moved and zoomed through its past while its last bar changes. */
export async function chart(stage: Stage): Promise<ScreenRun> {
  using folder = new DeskFolder({ 'settings.json': BENCH_SETTINGS });
  await using desk = await DeskProcess.start(folder, ['--seed', String(SEED), '--limits', 'open']);
  await using context = await stage.context(true);
  const page = await desk.open(context);
  const panel = page.getByTestId('panel-chart');
  await panel.locator('canvas').first().waitFor();
  const box = await panel.boundingBox();
  if (box === null) throw new Error('the chart is not in sight');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.evaluate('deskProbe.take()');
  const begun = performance.now();
  for (let turn = 0; performance.now() - begun < MOVE_MS; turn += 1) {
    const out = Math.floor(turn / TURNS) % 2 === 0;
    await page.mouse.wheel(out ? -60 : 60, out ? 120 : -120);
    await page.waitForTimeout(STEP_MS);
  }
  const { frames, longTasks } = await page.evaluate<Seen>('deskProbe.take()');
  const rising = Float64Array.from(frames).sort();
  return {
    unit: 'ms/frame',
    inputHash: inputHash(`wheel ${TURNS} out, ${TURNS} in, over ${MOVE_MS} ms, seed ${SEED}`),
    runs: [Float64Array.from(frames)],
    agreed: frames.length > 0,
    notes: [
      `frames p95 ${quantile(rising, 0.95).toFixed(1)} ms, longest task ${Math.max(0, ...longTasks).toFixed(0)} ms; the levels of detail are the intervals of the venue, so that the chart never holds a million bars`,
    ],
  };
}
