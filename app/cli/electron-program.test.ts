import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findElectron } from './electron-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'qd-electron-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dist = join(folder, 'dist');
mkdirSync(dist);
writeFileSync(join(dist, 'electron'), '');
const none = join(folder, 'none');

const DISPLAY = { DISPLAY: ':0' };

test.each([
  ['nothing is installed', DISPLAY, 'linux', none, /no Electron program is installed/],
  [
    'the named folder has none',
    { ...DISPLAY, ELECTRON_OVERRIDE_DIST_PATH: none },
    'linux',
    none,
    /there is no Electron program at/,
  ],
  [
    'there is no display',
    { ELECTRON_OVERRIDE_DIST_PATH: dist },
    'linux',
    none,
    /there is no display/,
  ],
] as const)('it is said when %s', (_, environment, platform, where, why) => {
  const found = findElectron({ environment, platform, package: where });
  expect(found).toMatchObject({ ok: false, error: expect.stringMatching(why) as string });
});

test('the folder that is named goes before what is installed', () => {
  const environment = { WAYLAND_DISPLAY: 'wayland-0', ELECTRON_OVERRIDE_DIST_PATH: dist };
  const found = findElectron({ environment, platform: 'linux', package: none });
  expect(found).toEqual({ ok: true, value: join(dist, 'electron') });
});

test('what is installed is taken as its package names it', () => {
  writeFileSync(join(folder, 'path.txt'), 'electron');
  const found = findElectron({ environment: DISPLAY, platform: 'linux', package: folder });
  expect(found).toEqual({ ok: true, value: join(dist, 'electron') });
});
