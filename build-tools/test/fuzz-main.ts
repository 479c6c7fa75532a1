// Fuzzes readers of outside bytes in a process of their own, where a look at the coverage is cheap:
//   node build-tools/test/fuzz-main.ts READERS CORPUS SECONDS SEED
// READERS is a module that exports them. Ends with 1 and the input at the first that throws. QD_FUZZ_SAVE=1 writes what was
// found to CORPUS.
import { pathToFileURL } from 'node:url';
import { Xoshiro128 } from '../../app/engine/base/rng.ts';
import { CoverageProbe } from './coverage.ts';
import { Fuzzer, type Reader } from './fuzzer.ts';

const [module = '', corpus = '', seconds = '1', seed = '1'] = process.argv.slice(2);
const { READERS } = (await import(pathToFileURL(module).href)) as {
  readonly READERS: readonly Reader[];
};
const rng = new Xoshiro128(Number(seed));
using probe = new CoverageProbe((url) => url.includes('/app/') || url.includes(module));
const fuzzers = READERS.map((reader) => ({ reader, fuzzer: new Fuzzer(reader, probe, corpus) }));
const before = fuzzers.map(({ fuzzer }) => fuzzer.covered);
const until = performance.now() + Number(seconds) * 1_000;
do for (const { fuzzer } of fuzzers) fuzzer.run(rng);
while (performance.now() < until);
let inputs = 0;
for (const [index, { reader, fuzzer }] of fuzzers.entries()) {
  inputs += fuzzer.inputs;
  const found = fuzzer.covered - (before[index] ?? 0);
  const counts = `${fuzzer.inputs} inputs, ${fuzzer.covered} characters covered (${found} new), corpus ${fuzzer.corpus}`;
  console.log(`${reader.name}: ${counts}, slowest ${fuzzer.slowestMs.toFixed(1)} ms`);
  if (process.env['QD_FUZZ_SAVE'] === '1') fuzzer.save();
}
console.log(`reached ${inputs} inputs to readers of outside bytes, seed ${seed}`);
