import { defineConfig } from 'vitest/config';
import { NEUTRAL_FOLDERS } from './build-tools/lint/import-table.ts';

const long = process.env['QD_LONG'] === '1';
const neutral = NEUTRAL_FOLDERS.map((folder) => `app/${folder}/**/*.test.ts`);
const elsewhere = ['**/*.{int,sim,fuzz,fault}.test.{ts,tsx}'];

/** One project for each environment of unit tests, one for integration, one for faults and kills of real processes, one for simulation and storage. */
export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A condition is waited for, however slow the machine: the test's own time ends it.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'neutral', include: neutral, exclude: elsewhere } },
      {
        extends: true,
        test: {
          name: 'node',
          include: ['app/**/*.test.ts', 'build-tools/**/*.test.ts'],
          exclude: [...elsewhere, ...neutral, 'app/renderer/**'],
        },
      },
      {
        extends: true,
        test: { name: 'dom', include: ['app/renderer/**/*.test.{ts,tsx}'], exclude: elsewhere },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['app/**/*.int.test.ts'],
          testTimeout: long ? 1_800_000 : 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'faults', include: ['app/**/*.fault.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['app/**/*.{sim,fuzz}.test.ts'],
          testTimeout: long ? 14_400_000 : 380_000,
        },
      },
    ],
  },
});
