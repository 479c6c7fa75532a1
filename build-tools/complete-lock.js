// Adds to package-lock.json the optional packages of other systems that the registry at hand did not give; `npm ci` refuses a lock file without them.
// Such an entry has a version and no hash: this system never installs it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './prepare.js';

const SYSTEM = /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)/;

/** Names of optional dependencies without an entry, each with the entry it should have. */
export function missingEntries(packages) {
  const missing = {};
  for (const [owner, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${owner}/node_modules/${name}`;
      const top = `node_modules/${name}`;
      if (packages[top] !== undefined || packages[nested] !== undefined) continue;
      const [, os, cpu] = SYSTEM.exec(name) ?? [];
      missing[top] = {
        version,
        ...(cpu === undefined ? {} : { cpu: [cpu] }),
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
        ...(os === undefined ? {} : { os: [os] }),
      };
    }
  }
  return missing;
}

if (process.argv[1] === import.meta.filename) {
  const file = path.join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lock.packages);
  const [[own, self], ...others] = Object.entries({ ...lock.packages, ...missing });
  others.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { [own]: self, ...Object.fromEntries(others) };
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${Object.keys(missing).length} entries added`);
}
