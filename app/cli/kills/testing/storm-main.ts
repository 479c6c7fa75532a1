import { createInterface } from 'node:readline';
import { Xoshiro128 } from '../../../engine/base/rng.ts';
import { findEngine } from '../../running-engine.ts';
import { Storm } from './storm.ts';

// A storm in a process of its own, for a data folder, an instrument and a number in flight: `blow` and `calm` come on standard input, and how many
// orders the exchange has taken is printed ten times a second.

const SEED = 17;
const TELL_MS = 100;

const [dataFolder = '', instrument = '', inFlight = '64'] = process.argv.slice(2);
const engine = findEngine(dataFolder);
const storm = new Storm(engine, instrument, new Xoshiro128(SEED), Number(inFlight));
const telling = setInterval(() => {
  process.stdout.write(`${storm.taken.size} ${JSON.stringify([...storm.refusals])}\n`);
}, TELL_MS);

async function blow(): Promise<void> {
  await storm.until('an account and a price', () => storm.connected && storm.live);
  storm.arm();
  storm.blow();
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'blow') await blow();
  if (line === 'calm') storm.calm();
}
clearInterval(telling);
storm[Symbol.dispose]();
