import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { present } from '../../engine/base/invariant.ts';
import { inputHash } from '../input-hash.ts';
import type { Observed, Watch } from '../observed.ts';
import { theilSen } from '../statistics.ts';
import { BENCH_SETTINGS, DeskFolder, DeskProcess, type ProcessFigures } from './desk-process.ts';
import { FIFTY_COINS, Venue, type MadeMessage } from './venue.ts';

const PROGRAM = join(import.meta.dirname, '../../cli/main.ts');
const SEED = 17;
const RATE = 50_000;
/** Of ten messages. */
const MIX: readonly MadeMessage[] = [
  ...Array<MadeMessage>(5).fill('trade'),
  ...Array<MadeMessage>(4).fill('bookTicker'),
  'depthUpdate',
];
const LOOK_MS = 5000;
const WARM_UP_LOOKS = 12;
const SETTLE_MS = 3000;
const MINUTE_MS = 60_000;
const LOOKS_AN_HOUR = 3_600_000 / LOOK_MS;
const MEGABYTE = 2 ** 20;

/** What the feed takes of a core while 50,000 messages a second come, of which it keeps every row; its memory and what was lost are in the notes. */
export async function feedLoad({ minutes }: Watch): Promise<Observed> {
  await using venue = await Venue.start({ seed: SEED, instruments: FIFTY_COINS });
  using folder = new DeskFolder({ 'settings.json': BENCH_SETTINGS });
  const looks: ProcessFigures[] = [];
  let sentPerSecond = 0;
  {
    await using desk = await DeskProcess.start(folder, ['--exchange', venue.file, '--record']);
    while (!venue.isQuoted) await pause(LOOK_MS / 50);
    await pause(SETTLE_MS);
    venue.blow(RATE, MIX);
    const begun = performance.now();
    for (let look = 0; look <= WARM_UP_LOOKS + (minutes * MINUTE_MS) / LOOK_MS; look += 1) {
      await pause(Math.max(0, begun + (look + 1) * LOOK_MS - performance.now()));
      const feed = desk.processes().find(({ name }) => name.startsWith('feed/'));
      if (look >= WARM_UP_LOOKS) looks.push(present(feed, 'the feed process'));
    }
    sentPerSecond = (venue.sent / (performance.now() - begun)) * 1000;
    venue.calm();
    await venue.drained();
    await pause(SETTLE_MS);
  }
  const shares = looks.slice(1).map(({ processorMs }, at) => {
    const before = present(looks[at], 'the look before');
    return ((processorMs - before.processorMs) / LOOK_MS) * 100;
  });
  const resident = looks.map(({ residentBytes }) => residentBytes / MEGABYTE);
  const slope = theilSen(resident) * LOOKS_AN_HOUR;
  const kept = keptRows(folder.path);
  const { trade, bookTicker, depthUpdate } = venue.told;
  return {
    unit: '% of a core',
    inputHash: inputHash(`${RATE} messages/s of ${FIFTY_COINS.instruments.length} coins, ${SEED}`),
    runs: [Float64Array.from(shares)],
    agreed: kept.get('trades') === trade && kept.get('bbo') === bookTicker,
    notes: [
      `${Math.round(sentPerSecond)} messages/s sent for ${minutes + 1} minutes, the first not counted; half trades, four in ten quotes, one in ten a change of ten levels; most that waited at the source ${Math.round(venue.mostWaiting / 1024)} KB`,
      `told and kept: trades ${trade}, ${kept.get('trades') ?? 0}; quotes ${bookTicker}, ${kept.get('bbo') ?? 0}; ${depthUpdate} changes of books as ${kept.get('diffs') ?? 0} rows`,
      `memory ${Math.round(Math.max(...resident))} MB at most (300 asked), ${slope.toFixed(1)} MB an hour (Theil-Sen; 1 asked)`,
      [...kept].map(([kind, rows]) => `${kind} ${rows}`).join(', '),
    ],
  };
}

/** Rows on disk by kind. */
function keptRows(folder: string): ReadonlyMap<string, number> {
  const args = [PROGRAM, '--data', folder, 'ticks', 'ls', '--json'];
  const text = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const { segments } = JSON.parse(text) as {
    readonly segments: readonly { readonly kind: string; readonly rows: number }[];
  };
  const rows = new Map<string, number>();
  for (const one of segments) rows.set(one.kind, (rows.get(one.kind) ?? 0) + one.rows);
  return rows;
}
