import { defineConfig } from '@playwright/test';

const executablePath = process.env['QD_CHROMIUM'];
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e/specs',
  outputDir: 'build/e2e/results',
  fullyParallel: false,
  // More desks than cores wait for one another on a slow machine. A storm has the machine to itself.
  workers: 2,
  projects: [
    // The longest file begins first.
    { name: 'electron', testMatch: 'electron.spec.ts' },
    { name: 'desk', testIgnore: ['storm.spec.ts', 'electron.spec.ts'] },
    { name: 'storm', testMatch: 'storm.spec.ts', dependencies: ['desk', 'electron'] },
  ],
  timeout: 180_000,
  // What is waited for comes in well under a second on a free machine.
  expect: {
    timeout: 30_000,
    toPass: { timeout: 30_000 },
    toHaveScreenshot: { maxDiffPixelRatio: 0.0001 },
    toMatchSnapshot: { maxDiffPixelRatio: 0.0001 },
  },
  // Approved pictures are looked at by a person: `--update-snapshots` makes them anew.
  snapshotPathTemplate: 'e2e/approved/{arg}{ext}',
  updateSnapshots: 'none',
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1600, height: 1000 },
    // A trace of every step costs a fifth of the time; `--trace on` takes one of a test that fails.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      // Chromium refuses its own sandbox to root.
      args: process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args,
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
});
