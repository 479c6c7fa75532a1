import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { runChild } from './child.ts';

function inMs(limit: number): number {
  return performance.now() + limit;
}

/** False for a process that ended, also while nobody has asked for its exit status (state Z). */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) Z /.test(readFileSync(file, 'utf8'));
}

test('what a program prints and how it ends is kept', async () => {
  const script = 'console.log("out"); console.error("err"); process.exit(3)';
  const ended = await runChild(process.execPath, ['-e', script], inMs(20_000));
  expect(ended).toMatchObject({ ok: false, cut: false });
  expect(ended.output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test.skipIf(process.platform !== 'linux')(
  'a program that does not end is cut with what it printed, and its children with it',
  async () => {
    const grandchild = 'console.log("grandchild", process.pid); setInterval(() => {}, 1000)';
    const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`;
    const ended = await runChild(process.execPath, ['-e', script], inMs(1_500));
    expect(ended.cut).toBe(true);
    const pid = Number(/grandchild (\d+)/.exec(ended.output)?.[1]);
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
  },
);

test('a program that cannot be started is a failure that names it', async () => {
  const ended = await runChild('no-such-program', [], inMs(20_000));
  expect(ended.ok).toBe(false);
  expect(ended.output).toContain('no-such-program');
});
