import { describe, expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { SystemTime } from './system-time.ts';

const MS = 1_000_000n;
const SECOND = 1000n * MS;
const HOUR = 3600n * SECOND;

/** A machine whose two clocks a test moves. */
class Machine {
  wallNanos = 1_800_000_000n * SECOND;
  monotonicNanos = 77n;
  readonly time = new SystemTime({
    wall: () => (this.wallNanos / MS) * MS,
    monotonic: () => this.monotonicNanos,
  });

  pass(nanos: bigint): void {
    this.wallNanos += nanos;
    this.monotonicNanos += nanos;
  }
}

describe('the system clock', () => {
  test('passing time is no step', () => {
    const machine = new Machine();
    for (const span of [1n, MS, SECOND, 24n * HOUR]) {
      machine.pass(span);
      expect(machine.time.takeStep()).toBe(0);
    }
    expect(machine.time.nowNanos()).toBe(machine.wallNanos);
  });

  test('a sleep of eight hours: told once, and our time is the wall clock again', () => {
    const machine = new Machine();
    machine.wallNanos += 8n * HOUR;
    expect(machine.time.takeStep()).toBe(8 * 3600 * 1e6);
    expect(machine.time.takeStep()).toBe(0);
    expect(machine.time.nowNanos()).toBe(machine.wallNanos);
  });

  test('who must know at once is told the time after a sleep before it is taken', () => {
    const machine = new Machine();
    const before = machine.time.nowNanos();
    machine.wallNanos += 8n * HOUR;
    expect(machine.time.following.nowNanos()).toBe(machine.wallNanos);
    expect(machine.time.nowNanos()).toBe(before);
    machine.time.takeStep();
    expect(machine.time.following.nowMicros()).toBe(machine.time.nowMicros());
    machine.wallNanos -= 24n * HOUR;
    expect(machine.time.following.nowNanos()).toBe(machine.time.nowNanos());
  });

  test('a clock set back is told once, and our time goes on', () => {
    const machine = new Machine();
    machine.wallNanos -= 24n * HOUR;
    const before = machine.time.nowNanos();
    expect(machine.time.takeStep()).toBe(-24 * 3600 * 1e6);
    machine.pass(SECOND);
    expect(machine.time.takeStep()).toBe(0);
    expect(machine.time.nowNanos()).toBe(before + SECOND);
    // Set right again: it is where ours has been all the time.
    machine.wallNanos += 24n * HOUR;
    expect(machine.time.takeStep()).toBe(24 * 3600 * 1e6);
    expect(machine.time.nowNanos()).toBe(before + SECOND);
  });

  test('a frozen wall clock is told about once in half a second of it, and our time goes on', () => {
    const machine = new Machine();
    const begin = machine.time.nowNanos();
    let told = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      machine.monotonicNanos += 600n * MS;
      if (machine.time.takeStep() < 0) told += 1;
    }
    expect(told).toBe(100);
    expect(machine.time.nowNanos()).toBe(begin + 60n * SECOND);
  });

  test('a smeared leap second and a slewed clock are no steps', () => {
    const machine = new Machine();
    for (let turn = 0; turn < 86_400; turn += 1) {
      machine.pass(SECOND);
      machine.wallNanos += 11_574n;
      expect(machine.time.takeStep()).toBe(0);
    }
  });

  test('however the clock is set, our time never goes back', () => {
    const machine = new Machine();
    const rng = new Xoshiro128(7);
    const steps = [SECOND, HOUR, 24n * HOUR];
    let last = machine.time.nowNanos();
    for (let turn = 0; turn < 5000; turn += 1) {
      machine.pass(BigInt(rng.nextBelow(2_000_000)) * 1000n);
      const step = steps[rng.nextBelow(steps.length)] ?? SECOND;
      if (rng.nextBelow(3) === 0) machine.wallNanos += rng.nextBelow(2) === 0 ? step : -step;
      const read = machine.time.nowNanos();
      expect(read >= last).toBe(true);
      machine.time.takeStep();
      last = machine.time.nowNanos();
      expect(last >= read).toBe(true);
    }
  });
});
