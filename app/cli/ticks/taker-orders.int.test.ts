import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRecorded, recordedLines } from '../../engine/market-data/testing/recorded.ts';
import { qd } from '../testing/running-command.ts';

const WS = join(import.meta.dirname, '../../../../shared/data/ws');
const STREAM = 'coinbase/ws_28.txt.gz';
const REST = 'coinbase/reference_rest.txt.gz';

/** A recorded fill, with the order that took it as the venue itself names it. */
interface Match {
  readonly type: string;
  readonly product_id: string;
  readonly taker_order_id: string;
  readonly trade_id: number;
  readonly size: string;
}

/** First and last trade and quantity of the orders that took, by the ids that the venue told. */
async function toldByVenue(): Promise<ReadonlyMap<string, readonly string[]>> {
  const orders = new Map<string, { product: string; ids: number[]; size: number }>();
  for (const { raw } of await recordedLines(STREAM)) {
    const text = Buffer.from(raw).toString();
    if (!text.includes('"taker_order_id"')) continue;
    const match = JSON.parse(text) as Match;
    // The last one before the subscription comes first.
    if (match.type !== 'match' && match.type !== 'last_match') continue;
    const { product_id: product, taker_order_id: taker, trade_id: id, size } = match;
    const known = orders.get(taker) ?? { product, ids: [], size: 0 };
    known.ids.push(id);
    orders.set(taker, { ...known, size: known.size + Number(size) });
  }
  const told = new Map<string, string[]>();
  for (const { product, ids, size } of orders.values()) {
    const [first = 0] = ids;
    const words = ids.length === 1 ? `${first}` : `${first}..${ids.at(-1) ?? 0}`;
    told.set(product, [...(told.get(product) ?? []), `${words} ${size.toFixed(6)}`]);
  }
  return told;
}

test.runIf(isRecorded(STREAM) && isRecorded(REST))(
  'every order that took in a recording of Coinbase is put together as the venue itself names it',
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'qd-takers-'));
    try {
      const files = [join(WS, STREAM), join(WS, REST)];
      const given = ['ticks', 'import', '--venue', 'coinbase-exchange', ...files, '--data', data];
      expect((await qd(...given)).status).toBe(0);
      const told = await toldByVenue();
      expect([...told.values()].flat().length).toBeGreaterThan(60);
      for (const [product, orders] of told) {
        const id = `${product}.COINBASE@replay`;
        const ask = ['ticks', 'taker-orders', '--instrument', id, '--data', data];
        const run = await qd(...ask, '--limit', '1000', '--json');
        expect(run.stderr).toBe('');
        const found = JSON.parse(run.stdout) as {
          orders: readonly { ids: string; quantity: string }[];
        };
        expect(
          found.orders.map(({ ids, quantity }) => `${ids} ${Number(quantity).toFixed(6)}`),
        ).toEqual(orders);
      }
      const [product = ''] = [...told.keys()];
      const ask = ['ticks', 'taker-orders', '--instrument', `${product}.COINBASE@replay`];
      const finer = await qd(...ask, '--data', data, '--least', '0.1234567890123456789');
      expect(finer).toMatchObject({ status: 2, stdout: '' });
    } finally {
      rmSync(data, { recursive: true });
    }
  },
  60_000,
);
