// Builds the native addon and the renderer when their inputs changed.
import path from 'node:path';
import { hashOf, isOnPath, PrepareError, root, runTool, say, whenChanged } from './prepare.js';

const INSTALL = {
  linux: { cmake: 'apt-get install cmake', compiler: 'apt-get install g++' },
  darwin: { cmake: 'brew install cmake', compiler: 'xcode-select --install' },
  win32: {
    cmake: 'winget install Kitware.CMake',
    compiler: 'winget install Microsoft.VisualStudio.2022.BuildTools (workload C++)',
  },
};

const ADDON_INPUTS = [
  'native/CMakeLists.txt',
  'native/core',
  'native/binding',
  'package-lock.json',
];

const BENCH_INPUTS = ['native/CMakeLists.txt', 'native/core', 'native/bench'];
const BENCH_PROGRAM =
  process.platform === 'win32'
    ? 'build/native/bench/Release/qd_native_bench.exe'
    : 'build/native/bench/qd_native_bench';

const RENDERER_INPUTS = [
  'app/renderer',
  'app/engine/base',
  'app/engine/domain',
  'app/engine/language',
  'app/engine/api',
  'vite.config.ts',
  'package-lock.json',
];

const ELECTRON_INPUTS = [
  'app/main/electron',
  'app/main/host',
  'app/engine',
  'app/sandbox',
  'app/cli/sandbox-process.ts',
  'vite.electron.config.ts',
  'package-lock.json',
];

/** Builds `build/native/quarterdeck.node` when it is out of date. */
export function buildAddon() {
  whenChanged('build/stamps/addon', hashOf(ADDON_INPUTS), 'build/native/quarterdeck.node', () => {
    requireNativeTools();
    say('building the native addon…');
    buildNative('build/native/cmake', ['-DCMAKE_BUILD_TYPE=Release'], 'qd_binding');
  });
}

/** Builds the native workloads of `qd bench` when they are out of date. */
export function buildBench() {
  whenChanged('build/stamps/bench', hashOf(BENCH_INPUTS), BENCH_PROGRAM, () => {
    requireNativeTools();
    say('building the native benchmarks…');
    const definitions = ['-DCMAKE_BUILD_TYPE=Release', '-DQD_BENCH=ON', '-DQD_BINDING=OFF'];
    buildNative('build/native/bench', definitions, 'qd_native_bench');
  });
}

/** Builds `build/renderer` when it is out of date. */
export function buildRenderer() {
  whenChanged('build/stamps/renderer', hashOf(RENDERER_INPUTS), 'build/renderer/index.html', () => {
    say('building the renderer…');
    runTool(process.execPath, [path.join(root, 'node_modules/vite/bin/vite.js'), 'build']);
  });
}

/** Builds `build/main` and `build/engine`, what an Electron desk runs, when they are out of date. */
export function buildElectron() {
  whenChanged('build/stamps/electron', hashOf(ELECTRON_INPUTS), 'build/main/main.cjs', () => {
    say('building the Electron desk…');
    const vite = path.join(root, 'node_modules/vite/bin/vite.js');
    for (const mode of ['main', 'preload', 'engine']) {
      const words = ['build', '--config', 'vite.electron.config.ts', '--mode', mode];
      runTool(process.execPath, [vite, ...words, '--logLevel', 'warn']);
    }
  });
}

/** Configures and builds `target` of `native/` in `folder`. */
export function buildNative(folder, definitions, target) {
  runTool('cmake', ['-S', 'native', '-B', folder, ...definitions]);
  runTool('cmake', [
    '--build',
    folder,
    '--config',
    'Release',
    '--parallel',
    '2',
    '--target',
    target,
  ]);
}

/** Throws PrepareError with the command that installs what is missing to build C++. */
export function requireNativeTools() {
  const install = INSTALL[process.platform] ?? INSTALL.linux;
  if (!isOnPath('cmake')) {
    throw new PrepareError(`CMake >= 3.20 is needed and is not on the PATH; ${install.cmake}`);
  }
  const named = process.env.CXX === undefined ? [] : [process.env.CXX];
  // Visual Studio's compiler is found by CMake itself, not on the PATH.
  if (process.platform === 'win32' || [...named, 'c++', 'g++', 'clang++'].some(isOnPath)) return;
  throw new PrepareError(`a C++20 compiler is needed and none is on the PATH; ${install.compiler}`);
}
