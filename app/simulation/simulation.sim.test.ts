import { expect, test } from 'vitest';
import { runSeeds, SEED } from '../../build-tools/test/seeds.ts';
import type { Step } from './script.ts';
import { canary, describeFailure, KINDS, LONG_RANGE, worldOf } from './seeds.ts';
import { CALM, type Swarm } from './swarm.ts';
import { runWorld } from './world.ts';

const DETERMINISM_STEPS = 80;
/** Awake, 100 days. */
const DAYS = { of: 'simulated seconds', count: 100 * 86_400 };
const NIGHTLY = { of: 'trials', count: 5000, and: DAYS, seconds: 14_000, resumes: true } as const;
const FAILED_ONCE: Swarm = {
  ...CALM,
  loss: 0.2597760678609135,
  silence: 0.844621376213408,
  replay: 0.07497533746142943,
  delay: 0.8359750028223623,
  longestDelayMs: 2017,
  refusal: 0.27313570810346965,
  serverError: 0.18597748131610972,
  writeFault: 0.01198032340480888,
  longestSyncMs: 747,
  tear: 0.9897660360968065,
  selfTrade: 'None',
};

test('whatever fails on the way, nothing wrong is ever sent or told, and engine and venue agree within a minute after it', async () => {
  const name = 'whole engine against the sandbox';
  const trial = async (seed: number): Promise<Readonly<Record<string, number>>> => {
    const spec = worldOf(seed);
    const outcome = await runWorld(spec);
    if (outcome.violation !== undefined) {
      throw new Error(await describeFailure(spec, outcome, `npm run simulate -- --seed ${seed}`));
    }
    const { steps, inputs, orders, fills, restarts, simulatedMs, sleptMs, tally } = outcome;
    const seconds = Math.round((simulatedMs - sleptMs) / 1000);
    const counted = { steps, inputs, orders, fills, restarts, 'simulated seconds': seconds };
    return { ...counted, ...Object.fromEntries(tally.counts) };
  };
  const reached = await runSeeds(name, 50, trial, NIGHTLY);
  expect(reached['fills']).toBeGreaterThan(0);
  expect(reached['restarts']).toBeGreaterThan(0);
  if ((reached['trials'] ?? 0) < LONG_RANGE) return;
  expect(KINDS.filter((kind) => reached[kind] === undefined)).toEqual([]);
});

test.each([SEED, SEED + 1])('seed %i twice gives equal journals and states', async (seed) => {
  const first = await runWorld(worldOf(seed, DETERMINISM_STEPS));
  const second = await runWorld(worldOf(seed, DETERMINISM_STEPS));
  expect(first.violation).toBeUndefined();
  expect(first.journalHash).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toEqual(first);
});

test('an exchange that silently doubles one fill is found, with a short script', async () => {
  const spec = canary(SEED);
  const outcome = await runWorld(spec);
  expect(outcome.violation?.rule).toBe('FILL_INVENTED');
  const told = await describeFailure(spec, outcome, 'npm run simulate', 40);
  const steps = told.split('\n').filter((line) => line.startsWith('  {'));
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.length).toBeLessThan(spec.script.length / 2);
});

test('an order placed and filled elsewhere before the first comparison is not counted twice', async () => {
  const script: readonly Step[] = [
    { kind: 'elsewhere', afterMs: 37_731, side: 'Buy', size: 7350, behind: 2 },
  ];
  const outcome = await runWorld({ seed: 53, swarm: FAILED_ONCE, script });
  expect(outcome.violation?.message).toBeUndefined();
  expect(outcome.fills).toBeGreaterThan(0);
});

test.each([20240824, 20240829, 20240857])(
  'the world of seed %i, in which the account trades with itself',
  async (seed) => {
    const spec = worldOf(seed);
    const swarm = { ...spec.swarm, selfTrade: 'None' } as const;
    const outcome = await runWorld({ ...spec, swarm });
    expect(outcome.violation?.message).toBeUndefined();
  },
);

test.each([
  ['a disk that refuses loses what the feed says of its data', 20_242_070],
  ['exits that the ban kept from leaving are sent after a restart', 20_241_850],
  ['a ban is slept through with the clock set back', 20_240_910],
  ['the answer of a ban is read after a sleep', 20_242_397],
  ['a write fails for the last time when all is well', 20_241_385],
  ['the clock is measured for longer than an order is waited for', 20_245_829],
  ['a trade is made elsewhere while what was held before is not known', 20_244_269],
  ['an entry that filled in part still works at the end', 20_244_117],
  ['a process dies between taking a fill and telling that its exits are not sent', 20_242_699],
  ['a process is stopped while the clock is set forward and back by the same', 20_250_836],
])('a world in which %s', async (_what, seed) => {
  const outcome = await runWorld(worldOf(seed));
  expect(outcome.violation?.message).toBeUndefined();
});

const DAY_MICROS = 86_400_000_000;
const OPEN = { kind: 'open', afterMs: 3000 } as const;

test('a process that was stopped sends nothing on the quotes that waited for it', async () => {
  const order = { type: 'Limit', size: 18_110, behind: 5, post: false, ioc: false } as const;
  const script: readonly Step[] = [
    OPEN,
    OPEN,
    { kind: 'freeze', afterMs: 3365, ms: 41_940 },
    { kind: 'submit', afterMs: 54_682, side: 'Buy', ...order },
  ];
  const outcome = await runWorld({ seed: 7, swarm: CALM, script });
  expect(outcome.violation?.message).toBeUndefined();
});

test('a trade made elsewhere while disconnected is found by the venue’s clock, when ours is a day ahead', async () => {
  const script: readonly Step[] = [
    { kind: 'clock', afterMs: 3939, micros: DAY_MICROS },
    { kind: 'open', afterMs: 28_267 },
    { kind: 'silence', afterMs: 1 },
    { kind: 'elsewhere', afterMs: 3911, side: 'Buy', size: 3440, behind: -4 },
  ];
  const outcome = await runWorld({ seed: 23, swarm: CALM, script });
  expect(outcome.violation?.message).toBeUndefined();
  expect(outcome.fills).toBeGreaterThan(0);
});

test('quotes from before a sleep are old after it, also when our clock was ahead', async () => {
  const order = { type: 'Limit', size: 1460, behind: 3, post: true, ioc: false } as const;
  const script: readonly Step[] = [
    { kind: 'clock', afterMs: 33_219, micros: -DAY_MICROS },
    { kind: 'freeze', afterMs: 2192, ms: 16_109 },
    { kind: 'open', afterMs: 4321 },
    { kind: 'submit', afterMs: 2923, side: 'Buy', ...order },
    { kind: 'sleep', afterMs: 692, ms: 32_512 },
  ];
  const outcome = await runWorld({ seed: 36, swarm: CALM, script });
  expect(outcome.violation?.message).toBeUndefined();
});

test('quotes from before a sleep are old after it, also when the clock was set back in it by more', async () => {
  const order = { type: 'Limit', behind: 4, post: false, ioc: false } as const;
  const script: readonly Step[] = [
    { kind: 'open', afterMs: 26_805 },
    { kind: 'freeze', afterMs: 37, ms: 54_157 },
    { kind: 'open', afterMs: 11 },
    { kind: 'clock', afterMs: 53, micros: -3_600_000_000 },
    { kind: 'submit', afterMs: 3037, side: 'Sell', size: 16_380, ...order, behind: 5 },
    { kind: 'submit', afterMs: 35, side: 'Sell', size: 4420, ...order },
    { kind: 'sleep', afterMs: 94, ms: 46_616 },
  ];
  const { seed, swarm } = worldOf(20_241_543);
  const outcome = await runWorld({ seed, swarm, script });
  expect(outcome.violation?.message).toBeUndefined();
});

test('quotes that waited while the clock was set forward and back are not taken for fresh', async () => {
  const script: readonly Step[] = [
    { kind: 'cut', afterMs: 1564 },
    { kind: 'freeze', afterMs: 2817, ms: 46_167 },
    { kind: 'clock', afterMs: 1020, micros: 3_600_000_000 },
    { kind: 'open', afterMs: 65 },
    { kind: 'clock', afterMs: 15_794, micros: -DAY_MICROS },
    {
      kind: 'submit',
      afterMs: 4062,
      side: 'Sell',
      type: 'StopLimit',
      size: 15_900,
      behind: 1,
      post: false,
      ioc: false,
      trigger: 0,
    },
    { kind: 'open', afterMs: 3746 },
  ];
  const { seed, swarm } = worldOf(20_242_062);
  const outcome = await runWorld({ seed, swarm, script });
  expect(outcome.violation?.message).toBeUndefined();
});

test('a feed that begins anew after the clock was set back is as fresh as the one before', async () => {
  const script: readonly Step[] = [
    OPEN,
    OPEN,
    { kind: 'clock', afterMs: 2000, micros: -DAY_MICROS },
    { kind: 'feedDies', afterMs: 2000 },
  ];
  const outcome = await runWorld({ seed: 1, swarm: CALM, script });
  expect(outcome.violation?.message).toBeUndefined();
});

test('a feed that begins before the step of the clock was seen is fresh too', async () => {
  const script: readonly Step[] = [
    { kind: 'clock', afterMs: 67, micros: -3_600_000_000 },
    { kind: 'feedDies', afterMs: 136 },
  ];
  const { seed, swarm } = worldOf(20_242_434);
  const outcome = await runWorld({ seed, swarm, script });
  expect(outcome.violation?.message).toBeUndefined();
});

test('who is banned neither asks nor connects until it is over', async () => {
  const script: readonly Step[] = [
    { kind: 'spend', afterMs: 53, weight: 14_000, orders: 0 },
    { kind: 'cut', afterMs: 30_000 },
  ];
  const outcome = await runWorld({ seed: 7, swarm: { ...CALM, limits: 'venue' }, script });
  expect(outcome.violation?.message).toBeUndefined();
  expect(outcome.tally.counts.get('answers 418')).toBeGreaterThan(0);
});

test('who is told of a ban after the clock was set forward keeps still until it is over', async () => {
  const order = { on: 0, type: 'Limit', size: 5510, behind: 6, post: false, ioc: false } as const;
  const script: readonly Step[] = [
    { kind: 'clock', afterMs: 36_296, micros: -DAY_MICROS },
    { kind: 'losePower', afterMs: 3880 },
    { kind: 'open', afterMs: 2389 },
    { kind: 'submit', afterMs: 98, side: 'Buy', ...order },
    { kind: 'submit', afterMs: 98, side: 'Sell', ...order },
    { kind: 'spend', afterMs: 2927, weight: 14_000, orders: 0 },
    { kind: 'clock', afterMs: 63, micros: DAY_MICROS },
    { kind: 'cancel', afterMs: 3435, pick: 0 },
    { kind: 'cancel', afterMs: 3435, pick: 0 },
  ];
  const outcome = await runWorld({ seed: 20_240_863, swarm: { ...CALM, limits: 'venue' }, script });
  expect(outcome.violation?.message).toBeUndefined();
  expect(outcome.tally.counts.get('answers 418')).toBeGreaterThan(0);
});

test.each([20_240_983, 20_240_990, 20_241_005])(
  'who reads at a wakening that he asked too often waits from then on, seed %i',
  async (seed) => {
    const swarm: Swarm = {
      ...CALM,
      loss: 0.2336372000074105,
      silence: 0.20278875089904902,
      delay: 0.6464884479168658,
      longestDelayMs: 3784,
      refusal: 0.39164264340449534,
      writeFault: 0.07650023894080835,
      tear: 0.8891639804683222,
      durableBeforeSend: true,
      selfTrade: 'None',
      limits: 'venue',
    };
    const order = { type: 'Market', size: 11_890, behind: 6, post: false, ioc: false } as const;
    const limit = { ...order, type: 'Limit' } as const;
    const script: readonly Step[] = [
      { kind: 'cancel', afterMs: 923, pick: 35 },
      { kind: 'submit', afterMs: 4428, on: 3, side: 'Sell', ...limit, size: 15_290 },
      { kind: 'cancel', afterMs: 3864, pick: 27 },
      { kind: 'cancelElsewhere', afterMs: 30_916, pick: 7 },
      { kind: 'cancelElsewhere', afterMs: 2018, pick: 4 },
      { kind: 'cut', afterMs: 3074 },
      { kind: 'submit', afterMs: 3111, on: 5, side: 'Sell', ...order },
      { kind: 'submit', afterMs: 1780, on: 5, side: 'Buy', ...limit, size: 18_870, behind: 3 },
      { kind: 'spend', afterMs: 3268, weight: 6000, orders: 14 },
      { kind: 'sleep', afterMs: 2969, ms: 36_362 },
    ];
    const outcome = await runWorld({ seed, swarm, script });
    expect(outcome.violation?.message).toBeUndefined();
    expect(outcome.tally.counts.get('answers 429')).toBeGreaterThan(0);
  },
);

test('orders placed elsewhere are found by name after a sleep, when our clock was set back before it', async () => {
  const swarm: Swarm = {
    ...CALM,
    loss: 0.19175602155411117,
    silence: 0.27115539096583285,
    delay: 0.48449589355506095,
    longestDelayMs: 4504,
    limits: 'venue',
  };
  const script: readonly Step[] = [
    { kind: 'elsewhere', afterMs: 1702, side: 'Sell', size: 15_080, behind: 1 },
    { kind: 'clock', afterMs: 12, micros: -3_600_000_000 },
    { kind: 'elsewhere', afterMs: 2877, side: 'Sell', size: 14_080, behind: 1 },
    { kind: 'elsewhere', afterMs: 2257, side: 'Buy', size: 860, behind: -4 },
    { kind: 'elsewhere', afterMs: 86, side: 'Buy', size: 15_090, behind: 0 },
    { kind: 'elsewhere', afterMs: 4152, side: 'Buy', size: 13_310, behind: 4 },
    { kind: 'sleep', afterMs: 3303, ms: 27_050_371 },
  ];
  const outcome = await runWorld({ seed: 20_240_943, swarm, script });
  expect(outcome.violation?.message).toBeUndefined();
  expect(outcome.fills).toBeGreaterThan(0);
});

test('without faults of disk and network only deaths are left, and the engine comes back from each', async () => {
  const outcome = await runWorld({ ...worldOf(SEED), swarm: CALM });
  expect(outcome.violation?.message).toBeUndefined();
  expect(outcome.restarts).toBeGreaterThan(0);
});
