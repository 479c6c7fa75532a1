import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { writeLintConfig } from '../lint/write-config.ts';
import { ROOT, runChild, runModule, type Ended } from './child.ts';
import { NOTHING, type Outcome } from './outcome.ts';

/** One test for a whole check made of several programs: it passes when all did. */
function asOneTest(parts: Readonly<Record<string, Ended>>, notes: readonly string[]): Outcome {
  const bad = Object.entries(parts).filter(([, ended]) => !ended.ok);
  const output = bad
    .map(([name, ended]) => `${name}${ended.cut ? ' (cut by its time)' : ''}:\n${ended.output}`)
    .join('\n');
  return { ...NOTHING, ...(bad.length === 0 ? { passed: 1 } : { failed: 1 }), output, notes };
}

function clangFormat(): string | undefined {
  const folder = `${process.platform}_${process.arch}`;
  const bin = path.join(ROOT, 'node_modules', 'clang-format', 'bin');
  const candidates = [
    path.join(bin, folder, 'clang-format'),
    path.join(bin, 'win32', 'clang-format.exe'),
  ];
  const [unix, windows] = candidates;
  const candidate = process.platform === 'win32' ? windows : unix;
  return candidate !== undefined && existsSync(candidate) ? candidate : undefined;
}

function nativeFiles(): readonly string[] {
  return readdirSync(path.join(ROOT, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[ch]pp$/.test(file))
    .map((file) => path.join('native', file));
}

/** Linter with its fences, formatters and dead-code check: one test. */
export async function runLint(deadline: number): Promise<Outcome> {
  writeLintConfig(ROOT);
  const parts: Record<string, Ended> = {
    oxlint: await runModule('oxlint/bin/oxlint', ['--deny-warnings'], deadline),
    prettier: await runModule('prettier/bin/prettier.cjs', ['--check', '.'], deadline),
    knip: await runModule('knip/bin/knip.js', ['--no-progress'], deadline),
  };
  const formatter = clangFormat();
  if (formatter === undefined) {
    const note = `clang-format has no binary for ${process.platform}-${process.arch}: C++ format not checked`;
    return asOneTest(parts, [note]);
  }
  const args = ['--dry-run', '--Werror', ...nativeFiles()];
  parts['clang-format'] = await runChild(formatter, args, deadline);
  return asOneTest(parts, []);
}

/** The three compiler projects: one test. */
export async function runTypes(deadline: number): Promise<Outcome> {
  const args = ['-b', '--pretty', 'false'];
  return asOneTest({ tsc: await runModule('typescript/bin/tsc', args, deadline) }, []);
}
