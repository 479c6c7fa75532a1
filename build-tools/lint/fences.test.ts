import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLintConfig } from './write-config.ts';

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules');

// A tree of its own: inside the checkout the linter would skip what git ignores.
const tree = mkdtempSync(path.join(realpathSync(tmpdir()), 'quarterdeck-fences-'));
symlinkSync(modules, path.join(tree, 'node_modules'), 'junction');

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
  writeFileSync(path.join(tree, file), text);
}

/** Files that may be imported, and one import of each that the table allows. */
const LEGAL: Readonly<Record<string, string>> = {
  'app/engine/base/clock.ts': 'export const zero = 0;\nexport type Zero = 0;\n',
  'app/engine/domain/order.ts':
    "import { zero } from '../base/clock.ts';\nexport const order = zero;\nexport type Order = number;\n",
  'app/engine/api/version.ts': "import { z } from 'zod';\nexport const version = z.literal(1);\n",
  'app/engine/net/socket.ts': "import { WebSocket } from 'ws';\nexport const socket = WebSocket;\n",
  'app/engine/orders/book.ts':
    "import { order } from '../domain/order.ts';\nexport const book = order;\n",
  'app/engine/kernel/reduce.ts':
    "import { book } from '../orders/book.ts';\nexport const reduce = book;\n",
  'app/engine/venues/binance/sign.ts': 'export const sign = 1;\n',
  'app/engine/venues/binance/spot/index.ts':
    "import { sign } from '../sign.ts';\nexport const spot = sign;\n",
  'app/engine/venues/binance/spot/parse.ts': 'export const parse = 1;\n',
  'app/engine/venues/binance/usdm/index.ts': 'export const usdm = 1;\n',
  'app/engine/venues/kraken/spot/index.ts': 'export const kraken = 1;\n',
  'app/engine/processes/trade.ts':
    "import { spot } from '../venues/binance/spot/index.ts';\nimport { reduce } from '../kernel/reduce.ts';\nexport const trade = [spot, reduce];\n",
  'app/renderer/ui/button.ts': 'export const button = 1;\n',
  'app/renderer/panels/chart/index.ts':
    "import { button } from '../../ui/button.ts';\nexport const chart = button;\n",
  'app/renderer/panels/ladder/index.ts': 'export const ladder = 1;\n',
  'app/renderer/panels/ladder/row.ts': 'export const row = 1;\n',
  'app/renderer/shell/panels.ts':
    "import { ladder } from '../panels/ladder/index.ts';\nexport const panels = ladder;\n",
  'app/cli/verify.ts':
    "import { sign } from '../engine/venues/binance/sign.ts';\nexport const verify = sign;\n",
};

/** One offence each: where, what it says, and the rule that must report it. */
const OFFENCES: readonly (readonly [what: string, file: string, text: string, rule: string])[] = [
  [
    'a venue of another family',
    'app/engine/venues/kraken/spot/a.ts',
    "import { spot } from '../../binance/spot/index.ts';\nexport const a = spot;\n",
    'boundaries(dependencies)',
  ],
  [
    'a sibling venue',
    'app/engine/venues/binance/usdm/a.ts',
    "import { spot } from '../spot/index.ts';\nexport const a = spot;\n",
    'boundaries(dependencies)',
  ],
  [
    'a venue past its door',
    'app/engine/processes/a.ts',
    "import { parse } from '../venues/binance/spot/parse.ts';\nexport const a = parse;\n",
    'boundaries(dependencies)',
  ],
  [
    'a panel past its door',
    'app/renderer/shell/a.ts',
    "import { row } from '../panels/ladder/row.ts';\nexport const a = row;\n",
    'boundaries(dependencies)',
  ],
  [
    'a sibling panel',
    'app/renderer/panels/ladder/a.ts',
    "import { chart } from '../chart/index.ts';\nexport const a = chart;\n",
    'boundaries(dependencies)',
  ],
  [
    'the renderer reaching into the engine',
    'app/renderer/ui/a.ts',
    "import { reduce } from '../../engine/kernel/reduce.ts';\nexport const a = reduce;\n",
    'boundaries(dependencies)',
  ],
  [
    'a forbidden type-only import',
    'app/engine/base/a.ts',
    "import type { Order } from '../domain/order.ts';\nexport type A = Order;\n",
    'boundaries(dependencies)',
  ],
  [
    'the sandbox using venue code',
    'app/sandbox/a.ts',
    "import { sign } from '../engine/venues/binance/sign.ts';\nexport const a = sign;\n",
    'boundaries(dependencies)',
  ],
  [
    'a folder that the table does not know',
    'app/engine/utils/a.ts',
    'export const a = 1;\n',
    'boundaries(no-unknown-files)',
  ],
  [
    'ws outside its home',
    'app/engine/venues/binance/a.ts',
    "import { WebSocket } from 'ws';\nexport const a = WebSocket;\n",
    'eslint(no-restricted-imports)',
  ],
  [
    'electron outside its home',
    'app/main/host/a.ts',
    "import { app } from 'electron';\nexport const a = app;\n",
    'eslint(no-restricted-imports)',
  ],
  [
    'Node in the renderer',
    'app/renderer/state/a.ts',
    "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    'eslint(no-restricted-imports)',
  ],
  [
    'the wall clock in the kernel',
    'app/engine/kernel/a.ts',
    'export const a = Date.now();\n',
    'eslint(no-restricted-globals)',
  ],
  [
    'a timer in orders',
    'app/engine/orders/a.ts',
    'export const a = () => setTimeout(() => 1, 5);\n',
    'eslint(no-restricted-globals)',
  ],
  [
    'randomness in risk',
    'app/engine/risk/a.ts',
    'export const a = Math.random();\n',
    'eslint(no-restricted-properties)',
  ],
  [
    'an async function in portfolio',
    'app/engine/portfolio/a.ts',
    'export const a = async () => 1;\n',
    'core(nothing-asynchronous)',
  ],
  [
    'a dynamic import in the kernel',
    'app/engine/kernel/b.ts',
    "export const a = () => import('./reduce.ts');\n",
    'core(nothing-asynchronous)',
  ],
  [
    'locale text in domain',
    'app/engine/domain/a.ts',
    'export const a = (1).toLocaleString();\n',
    'core(nothing-local)',
  ],
  [
    'any',
    'app/engine/net/a.ts',
    'export const a = (x: any): unknown => x;\n',
    'typescript(no-explicit-any)',
  ],
  [
    'a non-null assertion',
    'app/engine/net/b.ts',
    'export const a = (x: number | undefined): number => x!;\n',
    'typescript(no-non-null-assertion)',
  ],
  ['a default export', 'app/engine/net/c.ts', 'export default 1;\n', 'import(no-default-export)'],
  ['an enum', 'app/engine/net/d.ts', 'export enum A {\n  B,\n}\n', 'core(no-enums)'],
  [
    'a disable comment that disables nothing',
    'app/engine/net/e.ts',
    '// oxlint-disable-next-line no-eval\nexport const a = 1;\n',
    'Unused',
  ],
  [
    'a file over 500 lines',
    'app/engine/net/f.ts',
    'export const a = 1;\n'.replace('\n', `\n${'//\n'.repeat(500)}`),
    'eslint(max-lines)',
  ],
  [
    'a cycle',
    'app/engine/net/g.ts',
    "import { h } from './h.ts';\nexport const g = (): number => h();\n",
    'import(no-cycle)',
  ],
  [
    'a promise nobody waits for',
    'app/engine/net/i.ts',
    'const wait = async (): Promise<number> => 1;\nexport const i = (): void => {\n  wait();\n};\n',
    'typescript(no-floating-promises)',
  ],
];

interface Diagnostic {
  readonly message: string;
  readonly code?: string;
  readonly filename: string;
}

let found: readonly Diagnostic[] = [];

beforeAll(() => {
  writeLintConfig(tree);
  const files = {
    include: ['app'],
    compilerOptions: {
      strict: true,
      target: 'es2024',
      module: 'esnext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
    },
  };
  put('tsconfig.json', JSON.stringify(files));
  for (const [file, text] of Object.entries(LEGAL)) put(file, text);
  for (const [, file, text] of OFFENCES) put(file, text);
  put('app/engine/net/h.ts', "import { g } from './g.ts';\nexport const h = (): number => g();\n");
  const lint = spawnSync(
    process.execPath,
    [path.join(modules, 'oxlint/bin/oxlint'), '--format=json'],
    { cwd: tree, encoding: 'utf8' },
  );
  const report = JSON.parse(lint.stdout) as { diagnostics: readonly Diagnostic[] };
  found = report.diagnostics;
}, 60_000);

afterAll(() => {
  rmSync(tree, { recursive: true });
});

test.each(OFFENCES)('%s is reported', (_what, file, _text, rule) => {
  const here = found.filter((diagnostic) => path.normalize(diagnostic.filename).endsWith(file));
  expect(here.map(({ code, message }) => `${code ?? ''} ${message}`).join('\n')).toContain(rule);
});

test('nothing is reported on imports that the table allows', () => {
  const legal = found.filter(({ filename }) =>
    Object.keys(LEGAL).some((file) => path.normalize(filename).endsWith(file)),
  );
  expect(legal).toEqual([]);
});

test.each([
  ['neutral', 'app/engine/base/a.ts', 'export const a: string = process.version;\n', 'process'],
  ['neutral', 'app/engine/base/a.ts', 'export const a: object = document;\n', 'document'],
  ['node', 'app/engine/net/a.ts', 'export const a: object = document;\n', 'document'],
  ['dom', 'app/renderer/ui/a.ts', 'export const a: string = process.version;\n', 'process'],
  [
    'neutral',
    'app/engine/base/a.ts',
    "import { b } from '../net/b.ts';\nexport const a: number = b;\n",
    'TS6307',
  ],
])('in the %s project the compiler refuses %s: %s', (project, file, text, complaint) => {
  const folder = mkdtempSync(path.join(tree, 'compile-'));
  const names = ['tsconfig.base.json', `tsconfig.${project}.json`];
  const write = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  };
  for (const name of names) {
    write(
      name,
      `{ "extends": ${JSON.stringify(path.join(root, name))}, "references": [],
      "compilerOptions": { "rootDir": ".", "outDir": "out", "tsBuildInfoFile": "out/info" },
      "include": ["app/${project === 'dom' ? 'renderer' : `engine/${project === 'node' ? 'net' : 'base'}`}"] }`,
    );
  }
  write(file, text);
  write('app/engine/net/b.ts', 'export const b = 1;\n');
  const tsc = path.join(modules, 'typescript/bin/tsc');
  const compiled = spawnSync(
    process.execPath,
    [tsc, '-b', `tsconfig.${project}.json`, '--pretty', 'false'],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(compiled.stdout).toContain(complaint);
  expect(compiled.status).not.toBe(0);
});
