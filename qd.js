#!/usr/bin/env node
// `qd` in a checkout: prepares what is out of date and runs the command line on the pinned Node.
import { existsSync } from 'node:fs';
import { enter } from './build-tools/enter.js';

const args = process.argv.slice(2);
const serves = ['desk', 'engine', 'bench'].some((word) => args.includes(word));
const builds = ['addon'];
if (serves) builds.push('renderer');
if (args.includes('desk') && hasElectron()) builds.push('electron');
if (args[0] === 'bench') builds.push('bench');
await enter('app/cli/main.ts', args, builds);

/** True where an Electron binary may be found; `app/cli/electron-program.ts` looks closely. */
function hasElectron() {
  const installed = new URL('node_modules/electron/path.txt', import.meta.url);
  return process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined || existsSync(installed);
}
