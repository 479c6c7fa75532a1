import { CORE_FOLDERS, IMPORT_TABLE, PACKAGE_HOMES, type FolderRule } from './import-table.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Tests that start whole parts: what they bring together is not what the product may bring together. */
const WIDE_TESTS = ['app/**/*.{int,sim,fuzz,fault,bench}*.ts', 'app/**/*.contract.ts'];
const TESTS = ['app/**/*.test.ts', 'app/**/*.test.tsx', ...WIDE_TESTS];

const BANNED_GLOBALS: Readonly<Record<string, string>> = {
  Date: 'time is an input (base Clock, domain UnixMicros)',
  Temporal: 'time is an input (base Clock, domain UnixMicros)',
  performance: 'time is an input',
  crypto: 'randomness is an input (base Rng)',
  setTimeout: 'timers are the effect SetTimer and the input TimerFired',
  setInterval: 'timers are the effect SetTimer and the input TimerFired',
  setImmediate: 'timers are the effect SetTimer and the input TimerFired',
  queueMicrotask: 'the core is synchronous',
  Promise: 'the core is synchronous',
  Intl: 'it depends on the machine and its language',
  WeakRef: 'garbage collection is not an input',
  WeakMap: 'garbage collection is not an input',
  WeakSet: 'garbage collection is not an input',
  FinalizationRegistry: 'garbage collection is not an input',
  process: 'the core knows no process',
  fetch: 'results of the network are inputs',
  globalThis: 'name what is needed',
  eval: 'no code from text',
};

const BANNED_PROPERTIES = [
  { object: 'Math', property: 'random', message: 'randomness is an input (base Rng)' },
  ...['exp', 'log', 'log2', 'log10', 'log1p', 'expm1', 'pow', 'sin', 'cos', 'tan'].map(
    (property) => ({
      object: 'Math',
      property,
      message: 'its last bit depends on the machine; use native/compute',
    }),
  ),
];

const GENERAL: Readonly<Record<string, Json>> = {
  'boundaries/no-unknown-files': 'error',
  'import/no-cycle': 'error',
  'import/no-default-export': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-non-null-assertion': 'error',
  'typescript/no-namespace': 'error',
  'typescript/parameter-properties': 'error',
  'typescript/no-floating-promises': 'error',
  'typescript/no-misused-promises': 'error',
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'typescript/consistent-type-imports': 'error',
  'typescript/use-unknown-in-catch-callback-variable': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/no-require-imports': 'off',
  'eslint/max-lines': ['error', { max: 500 }],
  'eslint/no-nested-ternary': 'error',
  'eslint/no-else-return': 'error',
  'eslint/no-empty': 'error',
  'eslint/no-var': 'error',
  'eslint/prefer-const': 'error',
  'eslint/eqeqeq': 'error',
  'eslint/no-unused-vars': 'error',
  'eslint/no-eval': 'error',
  'eslint/no-new-func': 'error',
  'core/no-enums': 'error',
  'unicorn/prefer-node-protocol': 'error',
  // A brand or an overload may repeat a constituent on purpose; the compiler judges types.
  'typescript/no-redundant-type-constituents': 'off',
  'typescript/unbound-method': 'off',
  // A branded number is a number.
  'typescript/no-unsafe-unary-minus': 'off',
  // Checks that several tests share stand in functions of their own.
  'vitest/no-standalone-expect': 'off',
  'vitest/expect-expect': [
    'error',
    {
      assertFunctionNames: ['expect', 'expectTypeOf', 'fc.assert', 'assert*', 'expect*', 'check*'],
    },
  ],
  // The digits of '0123456789' are single characters.
  'typescript/no-misused-spread': 'off',
  // Replicas subscribe in effects and start from nothing.
  'react/set-state-in-effect': 'off',
  // A table of cases may expect more of some of them.
  'vitest/no-conditional-expect': 'off',
  // A copy is iterated on purpose where the loop changes the original.
  'unicorn/no-useless-spread': 'off',
};

function elementsOf(rule: FolderRule): readonly Json[] {
  if (rule.folder === 'engine/venues') {
    return [
      {
        type: 'engine/venues/venue',
        pattern: 'app/engine/venues/*/*',
        capture: ['family', 'venue'],
      },
      { type: 'engine/venues', pattern: 'app/engine/venues/*', capture: ['family'] },
    ];
  }
  if (rule.units === true) {
    return [{ type: rule.folder, pattern: `app/${rule.folder}/*`, capture: ['unit'] }];
  }
  return [{ type: rule.folder, pattern: `app/${rule.folder}` }];
}

function policy(from: string, to: Json): Json {
  return { from: { element: { type: from } }, allow: { to } };
}

/** How a folder is seen from outside: a unit only by its door, a family of venues also by what stands at its root. */
function targetsOf(folder: string): readonly Json[] {
  if (folder === 'engine/venues') {
    return [
      { type: 'engine/venues' },
      { type: 'engine/venues/venue', fileInternalPath: 'index.ts' },
    ];
  }
  const unit = IMPORT_TABLE.some((rule) => rule.folder === folder && rule.units === true);
  return [unit ? { type: folder, fileInternalPath: 'index.{ts,tsx}' } : { type: folder }];
}

function policiesOf(rule: FolderRule): readonly Json[] {
  const own =
    rule.folder === 'engine/venues' ? ['engine/venues', 'engine/venues/venue'] : [rule.folder];
  const targets = rule.imports.flatMap(targetsOf);
  return own.flatMap((from) => targets.map((element) => policy(from, { element })));
}

function boundaries(): Json {
  const policies: Json[] = IMPORT_TABLE.flatMap(policiesOf);
  // The addon stands between its two doors: they open it, and its declaration is written with their types.
  for (const door of ['engine/native/compute', 'engine/native/io']) {
    policies.push(policy(door, { element: { type: 'engine/native' } }));
    policies.push(policy('engine/native', { element: { type: door } }));
  }
  policies.push(
    policy('engine/venues/venue', {
      element: { type: 'engine/venues', captured: { family: '{{from.element.captured.family}}' } },
    }),
    // Packages have homes of their own (no-restricted-imports).
    { allow: { to: { module: { origin: ['external', 'core'] } } } },
  );
  return ['error', { default: 'disallow', policies }];
}

function matches(home: string, folder: string): boolean {
  return folder === home || folder.startsWith(`${home}/`) || home.startsWith(`${folder}/`);
}

function restrictedImports(rule: FolderRule): Json {
  const patterns = Object.entries(PACKAGE_HOMES)
    .filter(([, homes]) => !homes.some((home) => matches(home, rule.folder)))
    .map(([name, homes]) => ({
      group: name.endsWith('/*') ? [name] : [name, `${name}/*`],
      message: `the home of ${name} is ${homes.join(', ') || 'the tests'}`,
    }));
  if (rule.environment !== 'node') {
    patterns.push({ group: ['node:*'], message: `${rule.folder} runs without Node` });
  }
  return ['error', { patterns }];
}

function folderOverride(rule: FolderRule): Json {
  return {
    files: [`app/${rule.folder}/**`],
    excludeFiles: TESTS,
    rules: { 'eslint/no-restricted-imports': restrictedImports(rule) },
  };
}

function coreOverride(): Json {
  return {
    files: CORE_FOLDERS.map((folder) => `app/${folder}/**`),
    excludeFiles: TESTS,
    rules: {
      'eslint/no-restricted-globals': [
        'error',
        ...Object.entries(BANNED_GLOBALS).map(([name, message]) => ({ name, message })),
      ],
      'eslint/no-restricted-properties': ['error', ...BANNED_PROPERTIES],
      'core/nothing-asynchronous': 'error',
      'core/nothing-local': 'error',
    },
  };
}

/** The linter's configuration; `pluginPath` is where `core-rules.js` stands, seen from the configuration. */
export function lintConfig(pluginPath: string): Json {
  return {
    options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
    plugins: ['typescript', 'import', 'unicorn', 'oxc', 'react', 'node', 'promise', 'vitest'],
    jsPlugins: ['eslint-plugin-boundaries', pluginPath],
    categories: { correctness: 'error' },
    settings: {
      'import/resolver': { typescript: { project: 'tsconfig.json' } },
      'boundaries/elements': [
        ...IMPORT_TABLE.flatMap(elementsOf),
        { type: 'engine/native', pattern: 'app/engine/native' },
      ],
    },
    ignorePatterns: ['build/**', 'dist/**', 'node_modules/**'],
    rules: GENERAL,
    overrides: [
      {
        files: ['app/**'],
        excludeFiles: WIDE_TESTS,
        rules: { 'boundaries/dependencies': boundaries() },
      },
      ...IMPORT_TABLE.map(folderOverride),
      coreOverride(),
      {
        files: ['*.config.ts', 'build-tools/**', 'e2e/**', 'qd.js'],
        rules: { 'boundaries/no-unknown-files': 'off', 'import/no-default-export': 'off' },
      },
    ],
  };
}
