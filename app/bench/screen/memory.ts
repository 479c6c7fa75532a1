import { inputHash } from '../input-hash.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from './desk.ts';
import type { ScreenRun } from './screen-run.ts';
import type { Stage } from './stage.ts';
import { threeWindows } from './three-windows.ts';
import { Venue } from './venue.ts';

const SEED = 17;
const RATE = 5000;
const LOOKS = 12;
const LOOK_MS = 5000;
const MEGABYTE = 2 ** 20;

/** Resident memory of every process of the desk and of the pages' own heaps, over a minute of trades. */
export async function memory(stage: Stage): Promise<ScreenRun> {
  await using venue = await Venue.start({ seed: SEED });
  const instruments = venue.symbols.slice(0, 3).map((symbol) => `${symbol}.BINANCE@sandbox`);
  using folder = new DeskFolder({
    'settings.json': BENCH_SETTINGS,
    'workspace.json': threeWindows(instruments),
  });
  await using desk = await DeskProcess.start(folder, ['--exchange', venue.file]);
  await using context = await stage.context(true);
  const page = await desk.open(context);
  await page.locator('.tape').waitFor();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  venue.blow(RATE);
  const totals: number[] = [];
  let parts = '';
  for (let look = 0; look < LOOKS; look += 1) {
    await page.waitForTimeout(LOOK_MS);
    const processes = desk.memory();
    const { metrics } = await session.send('Performance.getMetrics');
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
    const engine = [...processes.values()].reduce((sum, bytes) => sum + bytes, 0);
    totals.push((engine + heap) / MEGABYTE);
    parts = [...processes, ['page (heap)', heap] as const]
      .map(([name, bytes]) => `${name} ${Math.round(bytes / MEGABYTE)}`)
      .join(', ');
  }
  venue.calm();
  const grown = (totals.at(-1) ?? 0) - (totals[Math.floor(LOOKS / 2)] ?? 0);
  return {
    unit: 'MB',
    inputHash: inputHash(`one window of four panels, ${RATE} trades/s for a minute, seed ${SEED}`),
    runs: [Float64Array.from(totals)],
    agreed: totals.length === LOOKS,
    notes: [
      `the work is smaller than asked: one window of chart, ladder, tape and watchlist for a minute; in the second half it grew by ${grown.toFixed(0)} MB`,
      parts,
    ],
  };
}
