import { GCProfiler, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  arePrototypesUntouched,
  assertPrototypesUntouched,
  restorePrototypes,
} from './prototypes.ts';

/** Something that reads what came from outside, and what it normally reads. */
export interface Reader {
  readonly name: string;
  readonly examples: readonly string[];
  read(bytes: Uint8Array): void;
}

type Reading = Pick<Reader, 'name' | 'read'>;

/** Told what is read next, and that nothing is: for what watches from another thread. */
export interface Watch {
  reads(name: string, bytes: Uint8Array): void;
  rests(): void;
}

/** Processor time that one input may take. */
const LONGEST_MS = 100;
/** What one input may allocate, whether it is kept or not. */
const LARGEST_BYTES = 64 * 1024 * 1024;
/** An input that seems to take too long is read so often; the least counts: the rest was compiling, or collecting for others. */
const AGAIN = 4;
/** Inputs between two looks at what was allocated and at the prototypes. */
const SPAN = 128;

/** Bytes as text, whatever they are. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** An input for people. */
export function shown(bytes: Uint8Array): string {
  const text = JSON.stringify(textOf(bytes));
  return text.length > 600 ? `${text.slice(0, 600)}… (${bytes.length} bytes)` : text;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  const { used_heap_size: used, external_memory: external } = getHeapStatistics();
  return used + external;
}

/** Bytes that `run` allocates, what was collected meanwhile included. */
function allocatedBy(run: () => void): number {
  const profiler = new GCProfiler();
  profiler.start();
  let held = heldBytes();
  let allocated = 0;
  const add = (now: number): void => {
    allocated += Math.max(0, now - held);
  };
  let last: number;
  try {
    run();
  } finally {
    last = heldBytes();
    for (const { beforeGC, afterGC } of profiler.stop()?.statistics ?? []) {
      const [before, after] = [beforeGC.heapStatistics, afterGC.heapStatistics];
      add(before.usedHeapSize + before.externalMemory);
      held = after.usedHeapSize + after.externalMemory;
    }
  }
  add(last);
  return allocated;
}

/** Processor time in milliseconds, the least of some times when it seems too long, and the most bytes that reading took. */
function spentBy({ read }: Reading, bytes: Uint8Array): { ms: number; allocated: number } {
  let [ms, allocated] = [Infinity, 0];
  // What others left would be taken off what is allocated now; freeing of buffers ends with the next collection.
  collect();
  collect();
  for (let times = 0; times < AGAIN && ms > LONGEST_MS; times += 1) {
    const before = process.threadCpuUsage();
    const bytesNow = allocatedBy(() => read(bytes));
    const { user, system } = process.threadCpuUsage(before);
    ms = Math.min(ms, (user + system) / 1_000);
    allocated = Math.max(allocated, bytesNow);
  }
  return { ms, allocated };
}

/** Reads one input; an exception, a changed prototype and more time or memory than allowed are told with the reader and what it read. */
export function check(reader: Reading, bytes: Uint8Array): void {
  const wrong = (why: string, cause?: unknown): Error =>
    new Error(`${reader.name} of ${shown(bytes)}: ${why}`, { cause });
  let spent: ReturnType<typeof spentBy>;
  try {
    spent = spentBy(reader, bytes);
    assertPrototypesUntouched();
  } catch (error) {
    throw wrong(String(error), error);
  }
  const { ms, allocated } = spent;
  // What allocates much may take long for it: the memory is what is to be mended.
  if (allocated > LARGEST_BYTES) {
    throw wrong(`allocated ${allocated} bytes, more than ${LARGEST_BYTES}`);
  }
  if (ms > LONGEST_MS) throw wrong(`took ${ms.toFixed(0)} ms, more than ${LONGEST_MS}`);
}

function readSpan(reader: Reading, span: readonly Uint8Array[], watch: Watch | undefined): number {
  let slowestMs = 0;
  let suspects: readonly Uint8Array[] = [];
  let failure: string | undefined;
  const allocated = allocatedBy(() => {
    try {
      for (const bytes of span) {
        watch?.reads(reader.name, bytes);
        const begun = performance.now();
        reader.read(bytes);
        const ms = performance.now() - begun;
        slowestMs = Math.max(slowestMs, ms);
        if (ms > LONGEST_MS) suspects = [...suspects, bytes];
      }
    } catch (error) {
      failure = String(error);
    }
  });
  if (!arePrototypesUntouched()) {
    failure ??= 'a prototype was changed';
    restorePrototypes();
  }
  if (failure !== undefined || allocated > LARGEST_BYTES) suspects = span;
  for (const bytes of suspects) {
    watch?.reads(reader.name, bytes);
    check(reader, bytes);
  }
  // What only several inputs do together is no less wrong.
  if (failure !== undefined) {
    throw new Error(`${reader.name} of ${span.length} inputs, of none alone: ${failure}`);
  }
  return slowestMs;
}

/** Checks many inputs, by spans, so that looking costs little; an input that may be wrong is checked alone. Gives the longest time that one seemed to take. */
export function checkAll(reader: Reading, inputs: readonly Uint8Array[], watch?: Watch): number {
  let slowestMs = 0;
  for (let from = 0; from < inputs.length; from += SPAN) {
    const span = inputs.slice(from, from + SPAN);
    slowestMs = Math.max(slowestMs, readSpan(reader, span, watch));
  }
  watch?.rests();
  return slowestMs;
}
