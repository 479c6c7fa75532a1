import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '../engine/base/result.ts';
import type { Measurement } from './measure.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM =
  process.platform === 'win32'
    ? join(ROOT, 'build/native/bench/Release/qd_native_bench.exe')
    : join(ROOT, 'build/native/bench/qd_native_bench');

/** The native workloads could not be run. */
export interface NativeBenchError {
  readonly code: 'BENCH_NOT_BUILT' | 'BENCH_DIED';
  readonly message: string;
}

/** Runs native workloads by name, telling of each as it ends; `signal` ends the program. */
export async function measureNative(
  names: readonly string[],
  onMeasured: (measurement: Measurement) => void,
  signal: AbortSignal,
): Promise<Result<void, NativeBenchError>> {
  if (!existsSync(PROGRAM)) {
    const message = 'the native benchmarks are not built; run them by `npx qd bench`';
    return err({ code: 'BENCH_NOT_BUILT', message });
  }
  const child = spawn(PROGRAM, names, { stdio: ['ignore', 'pipe', 'inherit'], signal });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, killedBy) => {
      resolve(killedBy ?? `exit status ${code}`);
    });
  });
  let measured = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    onMeasured(JSON.parse(line) as Measurement);
    measured += 1;
  }
  const outcome = await ended;
  if (measured === names.length) return ok(undefined);
  const message = `the native benchmarks ended after ${measured} of ${names.length}: ${outcome}`;
  return err({ code: 'BENCH_DIED', message });
}
