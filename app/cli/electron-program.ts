import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../engine/base/result.ts';

const PACKAGE = fileURLToPath(new URL('../../node_modules/electron', import.meta.url));

/** Where the desk can be shown in windows of its own. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The folder of the `electron` package. */
  readonly package: string;
}

/** This machine. */
export const HERE: Surroundings = {
  environment: process.env,
  platform: process.platform,
  package: PACKAGE,
};

/** The Electron program, or why no desk can be shown with it. Downloads nothing. */
export function findElectron({
  environment,
  platform,
  package: folder,
}: Surroundings): Result<string, string> {
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined;
  const given = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const program =
    given === undefined
      ? name && join(folder, 'dist', name)
      : join(given, name ?? defaultName(platform));
  if (program === undefined) {
    return err('no Electron program is installed ("npx install-electron --no" downloads it)');
  }
  if (!existsSync(program)) return err(`there is no Electron program at ${program}`);
  const display = environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '';
  if (platform === 'linux' && display === '') {
    return err('there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)');
  }
  return ok(program);
}

function defaultName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}
