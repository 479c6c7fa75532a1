import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Masker } from '../../engine/base/mask.ts';

const FORM = /^[A-Za-z0-9_-]{43}$/;

/** The token of `GET /metrics`, kept in `run/metrics-token` (mode 0600) so that a Prometheus finds it there after each start; made anew when the file holds none. */
export function metricsToken(dataFolder: string, masker: Masker): string {
  const path = join(dataFolder, 'run', 'metrics-token');
  const kept = read(path);
  const token = kept ?? randomBytes(32).toString('base64url');
  masker.learn(token);
  if (kept !== undefined) return kept;
  mkdirSync(join(dataFolder, 'run'), { recursive: true, mode: 0o700 });
  writeFileSync(path, token, { mode: 0o600 });
  return token;
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return FORM.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
