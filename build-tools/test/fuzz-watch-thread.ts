// The thread of fuzz-watch.ts.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { shown } from './fuzz-reader.ts';
import type { Watched } from './fuzz-watch.ts';

/** Processor time of the process after which an input will not be answered any more: far beyond what one may take. */
const HANGS_MICROS = 3_000_000;
const EVERY_MS = 250;

const { names, header, bytes } = workerData as Watched;

function spentMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

let input = 0;
let since = 0;
setInterval(() => {
  const now = Atomics.load(header, 0);
  if (now === 0 || now !== input) {
    input = now;
    since = spentMicros();
  } else if (spentMicros() - since > HANGS_MICROS) {
    const what = shown(Uint8Array.from(bytes.subarray(0, header[2])));
    writeSync(2, `${names[header[1] ?? 0]} of ${what}: no answer\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}, EVERY_MS);
