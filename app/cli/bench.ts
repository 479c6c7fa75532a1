import { Command } from 'commander';
import type { Watch } from '../bench/observed.ts';
import { BENCHMARKS } from '../bench/registry.ts';
import {
  runBenchmarks,
  selectBenchmarks,
  type BenchReport,
  type BenchResult,
} from '../bench/run.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';

const THOUSAND = 1000;
const MILLION = 1_000_000;

function figure(value: number): string {
  return value >= THOUSAND ? Math.round(value).toString() : value.toPrecision(3);
}

function rate(perSecond: number | undefined): string {
  if (perSecond === undefined) return '';
  if (perSecond >= MILLION) return `${figure(perSecond / MILLION)} M/s`;
  return `${figure(perSecond / THOUSAND)} k/s`;
}

function verdict({ agreed, meetsFloor }: BenchResult): string {
  if (!agreed) return 'WRONG RESULT';
  if (meetsFloor === null) return '';
  return meetsFloor ? 'holds' : 'missed';
}

function show({ machine, node, results, skipped }: BenchReport): void {
  const [before, after] = machine.load;
  printLine(
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${node}, load ${before.toFixed(1)} to ${after.toFixed(1)}`,
  );
  printTable(
    [
      'name',
      'unit',
      'p50',
      'p95',
      'p99',
      'p99.9',
      'rate',
      'spread',
      'baseline',
      'p50',
      'ratio',
      'floor',
      '',
    ],
    results.map((result) => [
      result.name,
      result.unit,
      figure(result.p50),
      result.p95 === null ? '' : figure(result.p95),
      figure(result.p99),
      figure(result.p999),
      rate(result.perSecond),
      `${Math.round(result.spread * 100)} %`,
      result.baseline?.name ?? '',
      result.baseline === null ? '' : figure(result.baseline.p50),
      result.ratio === null ? '' : figure(result.ratio),
      result.floor ?? '',
      verdict(result),
    ]),
  );
  for (const { name, notes } of results) {
    for (const note of notes) printLine(`${name}: ${note}`);
  }
  if (skipped !== null) printLine(`${skipped.names.join(', ')}: ${skipped.reason}`);
}

const MOST_MINUTES = 600;

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (/^\d+$/.test(text) && minutes >= 1 && minutes <= MOST_MINUTES) return minutes;
  throw new CommandFailure(
    WRONG_INPUT,
    `--minutes must be a whole number from 1 to ${MOST_MINUTES}, was ${text}`,
  );
}

async function bench(names: readonly string[], watch: Watch, json: boolean): Promise<void> {
  const selected = selectBenchmarks(names);
  if (!selected.ok) {
    const known = BENCHMARKS.map(({ name }) => name).join(', ');
    const line = `no benchmark is or begins with ${selected.error.unknown}; there are ${known}`;
    throw new CommandFailure(WRONG_INPUT, line);
  }
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.once('SIGINT', interrupt);
  const tell = ({ name }: BenchResult): void => {
    if (process.stderr.isTTY) process.stderr.write(`${name} done\n`);
  };
  const ran = await runBenchmarks(selected.value, watch, tell, interruption.signal);
  process.removeListener('SIGINT', interrupt);
  if (interruption.signal.aborted) throw new CommandFailure(FAILED, 'interrupted');
  if (!ran.ok) throw new CommandFailure(FAILED, `${ran.error.code}: ${ran.error.message}`);
  if (json) printJson(ran.value);
  else show(ran.value);
  if (ran.value.results.some(({ agreed }) => !agreed)) process.exitCode = FAILED;
}

/** `qd bench`: the benchmarks of docs/benchmarks.md. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the hot paths against their baselines and floors')
    .argument('[names...]', 'benchmarks, or what their names begin with; all when none is given')
    .option('--minutes <minutes>', 'how long feed-load and screen-memory are watched', '5')
    .option('--json', 'print one JSON document')
    .action(
      async (names: string[], options: { readonly minutes: string; readonly json?: boolean }) => {
        await bench(names, { minutes: minutesOf(options.minutes) }, options.json === true);
      },
    );
}
