// The import table of the architecture, once, as data: the linter's allow-list, the core's folders and the vitest projects come from it.

/** Which environment a folder's code is compiled for. */
export type Environment = 'neutral' | 'node' | 'dom';

/** One folder under `app/` and the folders it may import besides itself. */
export interface FolderRule {
  readonly folder: string;
  readonly environment: Environment;
  readonly imports: readonly string[];
  /** Sub-folders are units of their own that never import each other (venue families, panels). */
  readonly units?: true;
}

const NATIVE = ['engine/native/compute', 'engine/native/io'];
const BASE = ['engine/base'];
const DOMAIN = ['engine/base', 'engine/domain'];
const PORTS = [...DOMAIN, 'engine/ports'];
const COMPUTE = [...DOMAIN, 'engine/native/compute'];
const RENDERER = ['engine/base', 'engine/domain', 'engine/language'];

function neutral(folder: string, imports: readonly string[]): FolderRule {
  return { folder: `engine/${folder}`, environment: 'neutral', imports };
}

function node(folder: string, imports: readonly string[]): FolderRule {
  return { folder, environment: 'node', imports };
}

function dom(folder: string, imports: readonly string[]): FolderRule {
  return {
    folder: `renderer/${folder}`,
    environment: 'dom',
    imports: [...RENDERER, ...imports.map((name) => name.replace('./', 'renderer/'))],
  };
}

const ENGINE: readonly FolderRule[] = [
  neutral('base', []),
  neutral('domain', BASE),
  neutral('language', DOMAIN),
  neutral('api', DOMAIN),
  neutral('ports', DOMAIN),
  neutral('native/compute', DOMAIN),
  node('engine/native/io', DOMAIN),
  neutral('bars', COMPUTE),
  neutral('synthetic', COMPUTE),
  neutral('quant', [...COMPUTE, 'engine/bars']),
  node('engine/net', DOMAIN),
  node('engine/fix', [...PORTS, ...NATIVE, 'engine/net']),
  node('engine/calendars', DOMAIN),
  node('engine/store', [...PORTS, ...NATIVE]),
  neutral('portfolio', DOMAIN),
  neutral('orders', DOMAIN),
  neutral('risk', [...COMPUTE, 'engine/portfolio', 'engine/orders']),
  neutral('execution', [...COMPUTE, 'engine/quant', 'engine/portfolio', 'engine/orders']),
  neutral('strategy', [...DOMAIN, 'engine/quant', 'engine/bars']),
  neutral('kernel', [
    ...COMPUTE,
    'engine/portfolio',
    'engine/orders',
    'engine/risk',
    'engine/execution',
  ]),
  node('engine/market-data', [
    ...PORTS,
    ...NATIVE,
    'engine/net',
    'engine/quant',
    'engine/bars',
    'engine/calendars',
  ]),
  neutral('sim', [...PORTS, ...NATIVE]),
  {
    folder: 'engine/venues',
    environment: 'node',
    imports: [...PORTS, ...NATIVE, 'engine/net', 'engine/fix', 'engine/calendars'],
    units: true,
  },
  node('engine/analytics', [...PORTS, 'engine/quant', 'engine/bars']),
  node('engine/backtest', [
    ...PORTS,
    ...NATIVE,
    'engine/kernel',
    'engine/portfolio',
    'engine/orders',
    'engine/risk',
    'engine/execution',
    'engine/bars',
    'engine/quant',
    'engine/strategy',
    'engine/sim',
    'engine/synthetic',
  ]),
  node('engine/compliance', [...PORTS, 'engine/quant']),
  node('engine/server', [...DOMAIN, 'engine/api']),
];

const ALL_ENGINE = ENGINE.map((rule) => rule.folder);

const REST: readonly FolderRule[] = [
  node('engine/processes', ALL_ENGINE),
  node('sandbox', [...DOMAIN, ...NATIVE, 'engine/synthetic']),
  node('main/host', [...DOMAIN, 'engine/api', 'engine/store', 'engine/server']),
  // Its entry is a composition like the command line's: it brings the system clock.
  node('main/electron', ['main/host', 'engine/base', 'engine/api', 'engine/processes']),
  node('main/browser', ['main/host', 'engine/base', 'engine/api', 'engine/server']),
  dom('ui', []),
  dom('format', []),
  dom('client', ['engine/api']),
  dom('state', ['./client']),
  dom('commands', ['./state']),
  dom('charts', ['./ui', './format']),
  dom('grids', ['./ui', './format']),
  dom('workspace', ['./ui', './state', './commands']),
  // Pages that are measured; no part of the product.
  dom('bench', ['./ui', './format', './grids', './charts']),
  {
    ...dom('panels', ['./ui', './format', './state', './commands', './charts', './grids']),
    units: true,
  },
  dom('shell', [
    './ui',
    './format',
    './client',
    './state',
    './commands',
    './charts',
    './grids',
    './workspace',
    './panels',
  ]),
  node('simulation', [...ALL_ENGINE, 'engine/processes', 'sandbox']),
  node('bench', [...ALL_ENGINE, 'engine/processes']),
  node('cli', [...ALL_ENGINE, 'engine/processes', 'sandbox', 'bench', 'main/host', 'main/browser']),
];

/** Every folder that may exist under `app/`, in the order of the architecture. */
export const IMPORT_TABLE: readonly FolderRule[] = [...ENGINE, ...REST];

/** Folders whose sources are compiled without Node and DOM types. */
export const NEUTRAL_FOLDERS: readonly string[] = IMPORT_TABLE.filter(
  (rule) => rule.environment === 'neutral',
).map((rule) => rule.folder);

/** The kernel and every folder it may import: deterministic, so the core's banned list holds there. */
export const CORE_FOLDERS: readonly string[] = [
  'engine/kernel',
  ...(IMPORT_TABLE.find((rule) => rule.folder === 'engine/kernel')?.imports ?? []),
];

/** The only folders (under `app/`, or from the root) that may import a package. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  electron: ['main/electron'],
  'better-sqlite3': ['engine/store'],
  '@duckdb/*': ['engine/store'],
  ws: ['engine/net', 'engine/server', 'sandbox', 'bench'],
  zod: ['engine/api', 'engine/calendars', 'engine/store'],
  ccxt: ['engine/venues/ccxt'],
  commander: ['cli'],
  'lightweight-charts': ['renderer/charts', 'renderer/bench'],
  'ag-grid-community': ['renderer/grids', 'renderer/bench'],
  'ag-grid-react': ['renderer/grids', 'renderer/bench'],
  'golden-layout': ['renderer/workspace'],
  zustand: ['renderer/state'],
  '@tanstack/react-query': ['renderer/state'],
  '@playwright/test': ['bench'],
};
