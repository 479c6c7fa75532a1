// `npm run simulate`: whole-engine simulation of one or many seeds.
import { enter } from './enter.js';

await enter('app/simulation/main.ts', process.argv.slice(2), ['addon']);
