import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CORE_FOLDERS, IMPORT_TABLE, NEUTRAL_FOLDERS, PACKAGE_HOMES } from './import-table.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folders = IMPORT_TABLE.map((rule) => rule.folder);

test('every folder imports only folders that stand above it', () => {
  const wrong = IMPORT_TABLE.flatMap((rule, row) =>
    rule.imports
      .filter((name) => !folders.slice(0, row).includes(name))
      .map((name) => `${rule.folder} -> ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('the neutral compiler project holds exactly the neutral folders', () => {
  const file = path.join(root, 'tsconfig.neutral.json');
  const { include } = JSON.parse(readFileSync(file, 'utf8')) as { include: string[] };
  // Single files declare the addon's functions for its neutral door.
  const compiled = include.filter((entry) => path.extname(entry) === '');
  expect(compiled).toEqual(NEUTRAL_FOLDERS.map((folder) => `app/${folder}`));
});

test('the core is the kernel and what it may import', () => {
  expect([...CORE_FOLDERS].sort()).toEqual(
    ['base', 'domain', 'execution', 'kernel', 'native/compute', 'orders', 'portfolio', 'risk'].map(
      (name) => `engine/${name}`,
    ),
  );
});

test('the homes of packages are folders of the table, or units inside one', () => {
  const homes = Object.values(PACKAGE_HOMES).flat();
  const homeless = homes.filter(
    (home) => !folders.some((folder) => home === folder || home.startsWith(`${folder}/`)),
  );
  expect(homeless).toEqual([]);
});
