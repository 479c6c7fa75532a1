import { expect, test } from 'vitest';
import { Pace, type Frames } from './pace.ts';

/** Pictures made by hand: `picture` makes one, whose work takes `costMs`. */
class HandFrames implements Frames {
  time = 0;
  readonly #next: (() => void)[] = [];
  readonly #done: (() => void)[] = [];
  #timers: { readonly due: number; readonly run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  next(run: () => void): void {
    this.#next.push(run);
  }

  done(run: () => void): void {
    this.#done.push(run);
  }

  later(delayMs: number, run: () => void): void {
    this.#timers.push({ due: this.time + delayMs, run });
  }

  picture(costMs: number): void {
    for (const run of this.#next.splice(0)) run();
    this.time += costMs;
    for (const run of this.#done.splice(0)) run();
  }

  pass(ms: number): void {
    this.time += ms;
    const due = this.#timers.filter((timer) => timer.due <= this.time);
    this.#timers = this.#timers.filter((timer) => timer.due > this.time);
    for (const timer of due) timer.run();
  }
}

test('what is asked many times within a picture is done once', () => {
  const frames = new HandFrames();
  let done = 0;
  const pace = new Pace(frames, 60, () => (done += 1));
  for (let count = 0; count < 50; count += 1) pace.ask();
  expect(done).toBe(0);
  frames.picture(1);
  expect(done).toBe(1);
  frames.picture(1);
  expect(done).toBe(1);
});

test('what is asked a while after a picture comes with the next one', () => {
  const frames = new HandFrames();
  let done = 0;
  const pace = new Pace(frames, 60, () => (done += 1));
  pace.ask();
  frames.picture(1);
  frames.pass(59);
  pace.ask();
  frames.picture(1);
  expect(done).toBe(2);
});

test('a dear picture leaves two thirds of the time free', () => {
  const frames = new HandFrames();
  let done = 0;
  const pace = new Pace(frames, 60, () => (done += 1));
  pace.ask();
  frames.picture(60);
  pace.ask();
  frames.picture(0);
  expect(done).toBe(1);
  frames.pass(119);
  frames.picture(0);
  expect(done).toBe(1);
  frames.pass(1);
  frames.picture(0);
  expect(done).toBe(2);
});

test('however dear, there are two pictures a second', () => {
  const frames = new HandFrames();
  let done = 0;
  const pace = new Pace(frames, 60, () => (done += 1));
  pace.ask();
  frames.picture(400);
  pace.ask();
  frames.pass(100);
  frames.picture(0);
  expect(done).toBe(2);
});
