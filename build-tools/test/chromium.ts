import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { runChild, runModule } from './child.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const FIXED: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

function installed(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [
    process.env['QD_CHROMIUM'] ?? '',
    ...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))),
    ...(FIXED[process.platform] ?? []),
  ];
  return candidates.find((candidate) => candidate !== '' && existsSync(candidate));
}

function own(): string | undefined {
  const executable = chromium.executablePath();
  return existsSync(executable) ? executable : undefined;
}

/** The Chromium that end-to-end tests drive: installed, else Playwright's own, else Debian's when run as root; undefined when none can be had. */
export async function findChromium(): Promise<string | undefined> {
  const found = installed() ?? own();
  if (found !== undefined) return found;
  console.log('  no Chromium found: asking Playwright for its own…');
  const download = ['install', 'chromium'];
  await runModule('@playwright/test/cli.js', download, performance.now() + 120_000);
  const downloaded = own();
  if (downloaded !== undefined) return downloaded;
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return undefined;
  console.log("  installing the distribution's Chromium (apt-get)…");
  const limit = performance.now() + 300_000;
  const apt = { environment: { DEBIAN_FRONTEND: 'noninteractive' } };
  await runChild('apt-get', ['update'], limit, apt);
  await runChild('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], limit, apt);
  return installed();
}
