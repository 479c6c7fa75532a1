// Installs the dependencies when the lock file is not the one they were installed from.
import {
  isOnPath,
  hashOf,
  pathWithoutModules,
  PrepareError,
  runTool,
  say,
  whenChanged,
} from './prepare.js';

/** Runs `npm ci` when `package-lock.json` changed; throws PrepareError when npm is missing or fails. */
export function installIfChanged() {
  const lock = hashOf(['package-lock.json']);
  whenChanged('node_modules/.quarterdeck-lock', lock, 'node_modules', () => {
    if (!isOnPath('npm')) {
      throw new PrepareError(
        'npm is needed and is not on the PATH; it comes with Node (https://nodejs.org), on Debian: apt-get install npm',
      );
    }
    say('installing dependencies (npm ci)…');
    // The pinned Node inside node_modules must not run the npm that replaces it.
    const env = { ...process.env, PATH: pathWithoutModules() };
    runTool('npm', ['ci', '--no-audit', '--no-fund'], { env, shell: process.platform === 'win32' });
  });
}
