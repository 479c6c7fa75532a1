// Writes the corpus session of this release anew: `node build-tools/enter.js app/engine/processes/testing/write-corpus.ts`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORPUS, writeCorpus } from './corpus.ts';

const root = join(import.meta.dirname, '../../../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};
const { hash, inputs } = await writeCorpus(join(CORPUS, version));
process.stdout.write(`${join(CORPUS, version)}: ${inputs} inputs, state hash ${hash}\n`);
