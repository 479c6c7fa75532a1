import type { Page } from '@playwright/test';
import { inputHash } from '../input-hash.ts';
import { quantile } from '../statistics.ts';
import type { Samples } from '../workload.ts';
import { benchDesk, THREE_WINDOWS } from './bench-desk.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess } from '../product/desk-process.ts';
import type { PaintedTrade, Seen } from './seen.ts';
import type { Observed } from '../observed.ts';
import type { Stage } from './stage.ts';
import { FIFTY_COINS, Venue } from '../product/venue.ts';

const SEED = 17;
const INSTRUMENTS = FIFTY_COINS.instruments.length;
/** Trades a second. The last is what the design asks for. */
const RATES = [1000, 5000, 20_000, 50_000] as const;
const SETTLE_MS = 2000;
/** The last rate is held for as long as the design asks, the others are for comparison. */
const RUN_MS = { last: 60_000, others: 8000 };
const DAY_MS = 86_400_000;

interface Watched {
  readonly page: Page;
  readonly symbol: string;
}

/** From a trade leaving its source to the end of the picture that shows it, in three windows of four panels each. */
export async function updateToPaint(stage: Stage): Promise<Observed> {
  await using venue = await Venue.start({ seed: SEED, instruments: FIFTY_COINS });
  const symbols = venue.symbols.slice(0, 3);
  for (const symbol of symbols) venue.watch(symbol);
  const files = {
    'settings.json': BENCH_SETTINGS,
    'workspace.json': benchDesk(
      THREE_WINDOWS,
      symbols.map((symbol) => `${symbol}.BINANCE@sandbox`),
    ),
  };
  using folder = new DeskFolder(files);
  await using desk = await DeskProcess.start(folder, ['--exchange', venue.file]);
  await using contexts = new AsyncDisposableStack();
  const windows: Watched[] = [];
  for (const symbol of symbols) {
    // Windows of one profile are tabs of one window here, and only the one in front makes pictures.
    const context = contexts.use(await stage.context(true));
    await context.addCookies((await windows[0]?.page.context().cookies()) ?? []);
    const page = await desk.open(context);
    const tape = page.locator('.tape');
    const show = page.getByRole('button', { name: /^Show/ }).first();
    await tape.or(show).first().waitFor();
    if (await show.isVisible()) await show.click();
    await tape.waitFor();
    const shown = await page.getByTestId('panel-chart').locator('.sym').textContent();
    windows.push({ page, symbol: shown ?? symbol });
  }
  const runs: Samples[] = [];
  const notes = [`${INSTRUMENTS} instruments; stamps are whole milliseconds`];
  let agreed = true;
  for (const rate of RATES) {
    const { samples, right, note } = await underLoad(venue, windows, rate);
    agreed &&= right;
    notes.push(note);
    if (rate === RATES.at(-1)) runs.push(samples);
  }
  return { unit: 'ms', inputHash: inputHash(INPUT), runs, agreed, notes };
}

const INPUT = `trades of ${INSTRUMENTS} instruments in turn, ${RATES.join('/')} a second, sandbox seed ${SEED}`;

/** What three windows painted while `rate` trades a second came. */
async function underLoad(
  venue: Venue,
  windows: readonly Watched[],
  rate: number,
): Promise<{ readonly samples: Samples; readonly right: boolean; readonly note: string }> {
  venue.blow(rate);
  const before = venue.sent;
  const begun = performance.now();
  await pause(SETTLE_MS);
  for (const { page } of windows) await page.evaluate('deskProbe.take()');
  venue.mostWaiting = 0;
  await pause(rate === RATES.at(-1) ? RUN_MS.last : RUN_MS.others);
  const seen = await Promise.all(
    windows.map(async ({ page, symbol }) => ({
      symbol,
      seen: await page.evaluate<Seen>('deskProbe.take()'),
    })),
  );
  const sent = ((venue.sent - before) / (performance.now() - begun)) * 1000;
  venue.calm();
  const painted = seen.flatMap(({ symbol, seen: { trades } }) =>
    trades.map((trade) => ({ symbol, trade })),
  );
  const right = painted.every(({ symbol, trade }) =>
    venue.wasSent(symbol, trade.stamp, trade.price),
  );
  const samples = Float64Array.from(painted, ({ trade }) => lateness(trade)).sort();
  const longest = Math.max(0, ...seen.flatMap(({ seen: { longTasks } }) => longTasks));
  const frames = Float64Array.from(seen.flatMap(({ seen: each }) => each.frames)).sort();
  const words = [
    `${rate} trades/s (${Math.round(sent)} sent): ${samples.length} painted in ${windows.length} windows`,
    `p50 ${quantile(samples, 0.5).toFixed(1)} ms, p99 ${quantile(samples, 0.99).toFixed(1)} ms`,
    `frames p95 ${quantile(frames, 0.95).toFixed(1)} ms, longest task ${longest.toFixed(0)} ms`,
    `most that waited at the source ${Math.round(venue.mostWaiting / 1024)} KB`,
  ];
  return { samples, right, note: words.join('; ') };
}

function lateness({ stamp, at }: PaintedTrade): number {
  return (at - stamp + DAY_MS) % DAY_MS;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
