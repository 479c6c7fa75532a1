import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'quarterdeck-enter-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function node(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): SpawnSyncReturns<string> {
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
}

function script(text: string): string {
  const file = path.join(folder, 'script.ts');
  writeFileSync(file, text);
  return path.relative(root, file);
}

test('a script runs on the pinned Node with its arguments and its exit status', () => {
  const file = script(
    'const words: string[] = process.argv.slice(2);\nconsole.log(process.version, ...words);\nprocess.exitCode = 7;\n',
  );
  const ran = node(['build-tools/enter.js', file, '--long', 'unit']);
  expect(ran.stdout).toMatch(/^v24\.\d+\.\d+ --long unit\n$/);
  expect(ran.status).toBe(7);
});

test('an old Node is refused by name before anything else happens', () => {
  const old =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.18.3"}})';
  const ran = node(['--import', old, 'build-tools/enter.js', script('console.log("ran");\n')]);
  expect(ran.stderr).toContain('Node >= 20.19 is needed, this is 20.18.3');
  expect(ran.stdout).toBe('');
  expect(ran.status).toBe(1);
});

test('without CMake on the PATH the error names it and the command that installs it', () => {
  const check = "import('./build-tools/build.js').then((m) => m.requireNativeTools())";
  const ran = node(['-e', check], { PATH: folder });
  expect(ran.stderr).toMatch(/CMake >= 3\.20 is needed .*(apt-get|brew|winget) install/);
});

test('a build runs when an input changed or its output is gone, else not', async () => {
  const { hashOf, whenChanged } = await import('./prepare.js');
  const at = (name: string): string => path.relative(root, path.join(folder, name));
  let builds = 0;
  const build = (): void => {
    const hash = hashOf([at('input')]);
    whenChanged(at('stamp'), hash, at('output'), () => {
      builds += 1;
      writeFileSync(path.join(folder, 'output'), '');
    });
  };
  const counted: number[] = [];
  for (const change of ['one', 'one', 'two', undefined]) {
    if (change === undefined) rmSync(path.join(folder, 'output'));
    else writeFileSync(path.join(folder, 'input'), change);
    build();
    counted.push(builds);
  }
  expect(counted).toEqual([1, 1, 2, 3]);
});
