import { nowNanos } from '../../../bench/clock.ts';
import { inputHash } from '../../../bench/input-hash.ts';
import type { Samples, Workload } from '../../../bench/workload.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import { Decoder } from './decode.ts';
import { KIND_ASK_LEVEL, KIND_BID_LEVEL, KIND_TRADE, MarketRecords } from './market-record.ts';

const SEED = 20_261_121;
const MESSAGES = 4096;
const BATCH = 64;
const LEVELS = 25;
const FIRST_TIME = 1_723_161_255_208;
const FIRST_TRADE = 3_000_000_000;
const FIRST_UPDATE = 50_093_239_189;

type Level = readonly [price: string, quantity: string];

function priceText(rng: Rng): string {
  const cents = 6_000_000 + rng.nextBelow(500_000);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}000000`;
}

function quantityText(rng: Rng): string {
  return `${rng.nextBelow(10)}.${String(rng.nextBelow(100_000_000)).padStart(8, '0')}`;
}

function aggTrade(rng: Rng, at: number): string {
  const id = FIRST_TRADE + at * 2;
  const time = FIRST_TIME + at;
  const event = `"e":"aggTrade","E":${time},"s":"BTCUSDT","a":${id},"p":"${priceText(rng)}"`;
  const rest = `"q":"${quantityText(rng)}","f":${id},"l":${id},"T":${time}`;
  const maker = rng.nextBelow(2) === 0;
  return `{"stream":"btcusdt@aggTrade","data":{${event},${rest},"m":${maker},"M":true}}`;
}

function depthUpdate(rng: Rng, at: number): string {
  const side = (count: number): string =>
    JSON.stringify(Array.from({ length: count }, () => [priceText(rng), quantityText(rng)]));
  const bids = side(Math.floor(LEVELS / 2));
  const asks = side(Math.ceil(LEVELS / 2));
  const ids = `"U":${FIRST_UPDATE + at * 10},"u":${FIRST_UPDATE + at * 10 + 9}`;
  const event = `"e":"depthUpdate","E":${FIRST_TIME + at},"s":"BTCUSDT",${ids}`;
  return `{"stream":"btcusdt@depth@100ms","data":{${event},"b":${bids},"a":${asks}}}`;
}

/** The slow way to a number that prices and quantities of a message change: by the decimal text. */
function referenceOf(parsed: unknown): number {
  const { data } = parsed as { data: { p: string; q: string } | { b: Level[]; a: Level[] } };
  const levels: Level[] = 'p' in data ? [[data.p, data.q]] : [...data.b, ...data.a];
  return levels.reduce((sum, [price, quantity]) => {
    invariant(price.endsWith('000000'), `price must have two decimals, was ${price}`);
    const cents = Number(price.slice(0, -6).replace('.', ''));
    return (sum * 3 + cents + Number(quantity.replace('.', ''))) % Number.MAX_SAFE_INTEGER;
  }, 0);
}

function resultOf(out: MarketRecords, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to; row += 1) {
    const kind = out.kind(row);
    if (kind !== KIND_TRADE && kind !== KIND_BID_LEVEL && kind !== KIND_ASK_LEVEL) continue;
    sum = (sum * 3 + out.price(row) + out.quantity(row)) % Number.MAX_SAFE_INTEGER;
  }
  return sum;
}

function decoding(message: (rng: Rng, at: number) => string, rowsAMessage: number): Workload {
  const rng = new Xoshiro128(SEED);
  const texts = Array.from({ length: MESSAGES }, (_, at) => message(rng, at));
  const batches = Array.from({ length: MESSAGES / BATCH }, (_, at) => {
    const own = texts.slice(at * BATCH, (at + 1) * BATCH);
    let end = 0;
    const ends = Uint32Array.from(own, (text) => (end += text.length));
    return { bytes: Buffer.from(own.join('')), ends };
  });
  const btc = { symbol: 'BTCUSDT', index: 0, priceScale: 2, quantityScale: 8 };
  const decoder = new Decoder([btc]);
  const out = new MarketRecords(BATCH * rowsAMessage);
  const status = new Int32Array(BATCH);
  const tsInit = new BigInt64Array(BATCH);
  const results = new Float64Array(MESSAGES);
  const references = new Float64Array(MESSAGES);

  function run(): Samples {
    const samples = new Float64Array(batches.length);
    batches.forEach(({ bytes, ends }, batch) => {
      const begun = nowNanos();
      const rows = decoder.decode(bytes, ends, BATCH, tsInit, out, status);
      samples[batch] = (nowNanos() - begun) / BATCH;
      const each = rows / BATCH;
      for (let at = 0; at < BATCH; at += 1) {
        results[batch * BATCH + at] = resultOf(out, at * each, (at + 1) * each);
      }
    });
    return samples;
  }

  function runBaseline(): Samples {
    const samples = new Float64Array(batches.length);
    const parsed: unknown[] = [];
    for (let batch = 0; batch < batches.length; batch += 1) {
      parsed.length = 0;
      const begun = nowNanos();
      for (let at = 0; at < BATCH; at += 1) {
        parsed.push(JSON.parse(texts[batch * BATCH + at] ?? ''));
      }
      samples[batch] = (nowNanos() - begun) / BATCH;
      parsed.forEach((each, at) => {
        references[batch * BATCH + at] = referenceOf(each);
      });
    }
    return samples;
  }

  return {
    unit: 'ns/message',
    inputHash: inputHash(texts.join('\n')),
    baseline: 'JSON.parse',
    run,
    runBaseline,
    check: () => results.every((result, at) => result > 0 && result === references[at]),
  };
}

/** aggTrade messages in batches of 16 through the addon; against JSON.parse of ready strings, which gives no integers yet. */
export function aggTradeDecoding(): Workload {
  return decoding(aggTrade, 1);
}

/** depthUpdate messages of 25 levels in batches of 16 through the addon; against JSON.parse of ready strings. */
export function depthDecoding(): Workload {
  return decoding(depthUpdate, LEVELS + 1);
}
