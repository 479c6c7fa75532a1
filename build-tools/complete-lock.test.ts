import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { missingEntries } from './complete-lock.js';

const file = path.join(import.meta.dirname, '..', 'package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
  packages: Record<string, { optionalDependencies?: object; resolved?: string }>;
};

test('the lock file has an entry for every optional package (else: npm run lock)', () => {
  expect(missingEntries(packages)).toEqual({});
});

test('a package of another system that has no entry is found, with its system', () => {
  const entries = missingEntries({
    'node_modules/tool': { dev: true, optionalDependencies: { '@tool/darwin-arm64': '1.2.3' } },
  });
  expect(entries).toEqual({
    'node_modules/@tool/darwin-arm64': {
      version: '1.2.3',
      cpu: ['arm64'],
      dev: true,
      optional: true,
      os: ['darwin'],
    },
  });
});

test('the lock file names no registry and no address', () => {
  expect(Object.values(packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
});
