// The one way in: plain JavaScript without dependencies, so that it runs before anything is installed and on any Node >= 20.19.
// `node build-tools/enter.js SCRIPT [ARGS…]` installs when the lock file changed and runs SCRIPT on the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAddon, buildBench, buildElectron, buildRenderer } from './build.js';
import { installIfChanged } from './install.js';
import { PrepareError, pathWithoutModules, root } from './prepare.js';

const BUILDS = {
  addon: buildAddon,
  bench: buildBench,
  electron: buildElectron,
  renderer: buildRenderer,
};

/** Prepares the checkout, then runs `script` (a path from the root) with `args`; `builds` names what must be up to date first. */
export async function enter(script, args, builds = []) {
  try {
    checkVersion();
    installIfChanged();
    for (const name of builds) BUILDS[name]();
    await run(path.join(root, script), args);
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    console.error(`quarterdeck: ${error.message}`);
    process.exitCode = 1;
  }
}

function checkVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new PrepareError(
    `Node >= 20.19 is needed, this is ${process.versions.node}; install it from https://nodejs.org`,
  );
}

/** The Node that runs the product: the pinned package, else a Node 24 on the PATH. */
function pinnedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const local = path.join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', name);
  if (existsSync(local)) return local;
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const found = spawnSync('node', ['--print', 'process.execPath + " " + process.version'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: pathWithoutModules() },
  });
  const match = /^(.*) v24\./.exec(found.stdout ?? '');
  if (match !== null) return match[1];
  throw new PrepareError(
    `Node 24 is needed for ${process.platform}-${process.arch} and is not on the PATH; install it from https://nodejs.org (macOS: brew install node@24)`,
  );
}

async function run(script, args) {
  const node = pinnedNode();
  if (realpathSync(node) === realpathSync(process.execPath)) {
    process.argv = [process.execPath, script, ...args];
    await import(pathToFileURL(script).href);
    return;
  }
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  // A terminal's Ctrl+C reaches the whole group; every other signal comes to this process alone and is passed on.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...outcome) => resolve(outcome));
  });
  process.exitCode = signal === null ? code : 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) {
    console.error('quarterdeck: expected a script, e.g. build-tools/test/main.ts');
    process.exitCode = 2;
  } else {
    await enter(script, args);
  }
}
