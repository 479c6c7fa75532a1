import { afterEach, expect, test } from 'vitest';
import type { ProcessState } from '../../engine/api/host-service.ts';
import type { ProcessCommand, ProcessReport } from '../../engine/api/supervision.ts';
import { forkChild } from './forked-child.ts';
import { SupervisedProcess } from './supervisor.ts';

const ENTRY = new URL('./testing/child.ts', import.meta.url);
let supervised: SupervisedProcess | undefined;

afterEach(async () => {
  await supervised?.stop();
});

/** Runs the test child with a behaviour that may differ from start to start; every state it goes through is kept. */
function run(
  behaviourOf: (start: number) => string,
  onState: (state: ProcessState, child: SupervisedProcess) => void = () => undefined,
) {
  const states: ProcessState[] = [];
  const reports: ProcessReport[] = [];
  const troubles: string[] = [];
  const waiting: { wanted: (state: ProcessState) => boolean; resolve: () => void }[] = [];
  let starts = 0;
  const configure = (): ProcessCommand => {
    starts += 1;
    return {
      type: 'ConfigureFeed',
      config: {
        dataFolder: behaviourOf(starts),
        environment: 'sandbox',
        source: { kind: 'replay', of: { kind: 'files', files: ['none'] }, speed: 1 },
        symbols: [],
        ringPath: '',
        record: false,
        divergenceBps: 100,
      },
    };
  };
  const child: SupervisedProcess = new SupervisedProcess(
    { name: 'feed', launch: (events) => forkChild(ENTRY, [], events), configure },
    {
      onState: (state) => {
        states.push(state);
        onState(state, child);
        for (const one of waiting) if (one.wanted(state)) one.resolve();
      },
      onReport: (report) => reports.push(report),
      onTrouble: (code, text) => troubles.push(`${code} ${text}`),
    },
  );
  supervised = child;
  const until = async (wanted: (state: ProcessState) => boolean): Promise<void> => {
    if (states.some(wanted)) return;
    await new Promise<void>((resolve) => {
      waiting.push({ wanted, resolve });
    });
  };
  child.start();
  return { child, states, reports, troubles, until, starts: () => starts };
}

const is =
  (name: ProcessState['state']) =>
  ({ state }: ProcessState): boolean =>
    state === name;

test('a process that is killed is started again and its restarts are counted', async () => {
  const { child, states, until } = run(() => 'serves');
  await until(is('Running'));
  process.kill(child.state.pid ?? 0, 'SIGKILL');
  await until(({ state, restarts }) => state === 'Running' && restarts === 1);
  expect(states.map(({ state }) => state)).toEqual([
    'Starting',
    'Running',
    'Restarting',
    'Starting',
    'Running',
  ]);
  expect(states[2]?.detail).toBe('ended by SIGKILL');
});

test('one that cannot say anything sensible is ended and started again; the supervisor lives', async () => {
  const { until, starts, troubles } = run((start) => (start === 1 ? 'babbles' : 'serves'));
  await until(is('Running'));
  expect(starts()).toBe(2);
  expect(troubles).toEqual([expect.stringContaining('REPORT_MALFORMED')]);
});

test('what it writes to its standard error is told line by line', async () => {
  const { until, troubles } = run(() => 'complains');
  await until(is('Running'));
  await expect.poll(() => troubles).toEqual(['PROCESS_STDERR one', 'PROCESS_STDERR two']);
});

test('a failure that the process tells of is final, whatever it says afterwards', async () => {
  const { child, states, until, starts } = run(() => 'fails');
  await until(is('Failed'));
  await child.stop();
  expect(starts()).toBe(1);
  expect(states.at(-1)).toMatchObject({ state: 'Failed', detail: 'NO_LUCK: this time' });
});

test('one that dies ten times in a minute stays down', async () => {
  const { child, until, starts } = run(() => 'dies');
  await until(is('Failed'));
  expect(starts()).toBe(10);
  expect(child.state).toMatchObject({
    restarts: 9,
    detail: 'ended by exit 3, 10 times in a minute',
  });
}, 60_000);

test('a stop during the pause before a restart leaves it stopped', async () => {
  const { child, until } = run(() => 'dies');
  await until(is('Restarting'));
  await child.stop();
  expect(child.state.state).toBe('Stopped');
});

test('one that does not end when asked is killed', async () => {
  const { child, until } = run(() => 'stubborn');
  await until(is('Running'));
  await child.stop();
  expect(child.state.state).toBe('Stopped');
}, 30_000);

test('one that is replaced as soon as its death is told has one successor', async () => {
  const { child, states, until, starts } = run(
    () => 'serves',
    ({ state }, process) => {
      if (state === 'Restarting') process.replace();
    },
  );
  await until(is('Running'));
  const first = child.state.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await until(({ state, pid }) => state === 'Running' && pid !== first);
  const second = child.state.pid ?? 0;
  // A successor too many would be another that is running when this one is replaced.
  child.replace();
  await until(({ state, pid }) => state === 'Running' && pid !== first && pid !== second);
  expect(starts()).toBe(3);
  expect(states.filter(({ state }) => state === 'Starting')).toHaveLength(3);
});

test('one that is given up, or hangs, is replaced at once; one that was stopped is not', async () => {
  const { child, until, starts } = run((start) => (start === 1 ? 'fails' : 'stubborn'));
  await until(is('Failed'));
  expect(child.replace()).toBe(true);
  await until(is('Running'));
  process.kill(child.state.pid ?? 0, 'SIGSTOP');
  const hung = child.state.pid;
  expect(child.replace()).toBe(true);
  await until(({ state, pid }) => state === 'Running' && pid !== hung);
  expect(starts()).toBe(3);
  await child.stop();
  expect(child.replace()).toBe(false);
}, 30_000);
