import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { lintConfig } from './config.ts';

/** Writes `.oxlintrc.json` into `folder` (the root, or a tree of a test). */
export function writeLintConfig(folder: string): void {
  const plugin = path.join(import.meta.dirname, 'core-rules.js');
  const seen = path.relative(folder, plugin).replaceAll('\\', '/');
  const config = lintConfig(seen.startsWith('.') ? seen : `./${seen}`);
  writeFileSync(path.join(folder, '.oxlintrc.json'), `${JSON.stringify(config, undefined, 2)}\n`);
}
