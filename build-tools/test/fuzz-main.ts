// Fuzzes readers of outside bytes in a process of their own, where a look at the coverage is cheap:
//   node build-tools/test/fuzz-main.ts READERS CORPUS SECONDS SEED [COUNT]
// READERS is a module that exports them. With COUNT it goes on until each reader had so many inputs, and fails when SECONDS
// are over before. Ends with 1 and the input at the first that a reader does not stand. QD_FUZZ_SAVE=1 writes what was found
// to CORPUS.
import { pathToFileURL } from 'node:url';
import { Xoshiro128 } from '../../app/engine/base/rng.ts';
import { CoverageProbe } from './coverage.ts';
import { Fuzzer } from './fuzzer.ts';
import type { Reader } from './fuzz-reader.ts';
import { Watchdog } from './fuzz-watch.ts';

const [module = '', corpus = '', seconds = '1', seed = '1', count] = process.argv.slice(2);
const { READERS } = (await import(pathToFileURL(module).href)) as {
  readonly READERS: readonly Reader[];
};
// Most inputs are refused by an exception, and most of its time is the stack that nobody reads.
Error.stackTraceLimit = 0;
const rng = new Xoshiro128(Number(seed));
// What draws the inputs is no reader.
const isRead = (url: string): boolean => url.includes('/app/') && !url.endsWith('/base/rng.ts');
using probe = new CoverageProbe((url) => isRead(url) || url.includes(module));
const watch = new Watchdog(READERS.map(({ name }) => name));
const fuzzers = READERS.map((reader) => ({
  reader,
  fuzzer: new Fuzzer(reader, probe, corpus, watch),
}));
const before = fuzzers.map(({ fuzzer }) => fuzzer.covered);
const until = performance.now() + Number(seconds) * 1_000;
const asked = count === undefined ? Infinity : Number(count);
const open = (): typeof fuzzers => fuzzers.filter(({ fuzzer }) => fuzzer.inputs < asked);
do for (const { fuzzer } of open()) fuzzer.run(rng);
while (performance.now() < until && open().length > 0);
let inputs = 0;
for (const [index, { reader, fuzzer }] of fuzzers.entries()) {
  inputs += fuzzer.inputs;
  const found = fuzzer.covered - (before[index] ?? 0);
  const counts = `${fuzzer.inputs} inputs, ${fuzzer.covered} characters covered (${found} new), corpus ${fuzzer.corpus}`;
  console.log(`${reader.name}: ${counts}, slowest ${fuzzer.slowestMs.toFixed(1)} ms`);
  if (process.env['QD_FUZZ_SAVE'] === '1') fuzzer.save();
}
const least = Math.min(...fuzzers.map(({ fuzzer }) => fuzzer.inputs));
console.log(
  `reached ${inputs} inputs to readers of outside bytes, each ${least} or more, seed ${seed}`,
);
if (count !== undefined && least < asked) {
  throw new Error(`fewer than the ${asked} inputs a reader that a long run asks for`);
}
