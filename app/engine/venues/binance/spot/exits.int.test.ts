import { expect, test } from 'vitest';
import { createSandbox } from '../../../../sandbox/sandbox.ts';
import { systemClock } from '../../../../sandbox/system-clock.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import { present } from '../../../base/invariant.ts';
import { accountId, type ClientOrderId } from '../../../domain/identifiers.ts';
import type { Order, OrderTerms } from '../../../domain/order.ts';
import { parsePrice, price, quantity } from '../../../domain/price.ts';
import { unixMicros } from '../../../domain/time.ts';
import type { VenueReport } from '../../../domain/venue-report.ts';
import { newOrder } from '../../../orders/order-events.ts';
import { SystemTime } from '../../../processes/system-time.ts';
import { createBinanceSpot, sandboxConfig } from './index.ts';

async function connected() {
  const started = await createSandbox({ clock: systemClock(), seed: 11, port: 0, limits: 'venue' });
  if (!started.ok) throw new Error(started.error.reason);
  const sandbox = started.value;
  const time = new SystemTime();
  const ws = sandbox.url.replace('http', 'ws');
  const connector = createBinanceSpot({
    config: sandboxConfig({ http: sandbox.url, ws, wsApi: `${ws}/ws-api/v3` }),
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
  });
  const nothing = { onRecords: () => undefined, onHealth: () => undefined };
  await using data = connector.data({ ...nothing, onUnknownMessage: () => undefined });
  const loaded = await data.loadInstruments();
  const instruments = loaded.ok ? loaded.value : [];
  const instrument = present(instruments[0], 'BTCUSDT');
  const account = accountId(connector.venue, 'main');
  const { apiKey, secret } = present(sandbox.keys[0], 'a trading key');
  const reports: VenueReport[] = [];
  const client = connector.execution({
    account,
    credentials: { apiKey, secret },
    instruments,
    onUnknownMessage: (raw) => {
      throw new Error(`nobody understands ${raw}`);
    },
  });
  client.start((report) => reports.push(report));
  const told = async (type: VenueReport['type'], id?: string) => {
    const found = () =>
      reports.filter((one) => {
        const about = 'clientOrderId' in one ? one.clientOrderId : undefined;
        return one.type === type && (id === undefined || about === id);
      });
    await expect.poll(found, { timeout: 10_000 }).not.toEqual([]);
    return found();
  };
  await told('ConnectionChanged');
  const answer = await fetch(`${sandbox.url}/api/v3/ticker/price?symbol=BTCUSDT`);
  const text = ((await answer.json()) as { price: string }).price;
  const last = parsePrice(text, instrument.priceScale);
  if (!last.ok) throw new Error(last.error.code);
  const at = (factor: number) => price(Math.floor(last.value * factor));
  const order = (id: string, changes: Partial<OrderTerms>, sibling?: string): Order => {
    const plain = { instrument: instrument.id, account, timeInForce: 'GTC', reduceOnly: true };
    const size = quantity(10 ** instrument.quantityScale / 100);
    const terms = { ...plain, side: 'Sell', type: 'Limit', quantity: size, postOnly: false };
    return newOrder({ ...terms, ...changes } as OrderTerms, {
      clientOrderId: id as ClientOrderId,
      origin: 'Bracket',
      at: unixMicros(time.nowMicros()),
      ...(sibling === undefined
        ? {}
        : { contingency: { type: 'OneCancelsOther', sibling: sibling as ClientOrderId } }),
    });
  };
  const close = async (): Promise<void> => {
    await client[Symbol.asyncDispose]();
    connector[Symbol.dispose]();
    await sandbox.close();
  };
  return { client, order, at, told, close };
}

test('exits as one list, a part of an order shown: what the connector says and what the sandbox makes of it', async () => {
  const { client, order, at, told, close } = await connected();
  const profit = order('profit', { price: at(1.1), postOnly: true }, 'loss');
  const loss = order('loss', { type: 'Stop', stopPrice: at(0.9) }, 'profit');

  client.send({ type: 'SendOrderList', orders: [profit, loss] });
  await told('OrderAccepted', 'profit');
  await told('OrderAccepted', 'loss');
  client.send({ type: 'SendCancel', order: loss });
  await told('OrderCanceled', 'loss');
  await told('OrderCanceled', 'profit');
  // Its sibling took it along: the cancel is settled by a question.
  client.send({ type: 'SendCancel', order: profit });
  expect(await told('OrderQueried', 'profit')).toMatchObject([{ order: { status: 'Canceled' } }]);

  const crossed = [
    order('profit-2', { price: at(0.8), postOnly: true }, 'loss-2'),
    order('loss-2', { type: 'Stop', stopPrice: at(0.7) }, 'profit-2'),
  ] as const;
  client.send({ type: 'SendOrderList', orders: crossed });
  const words = { code: 'ORDER_REFUSED', message: expect.stringContaining('prices') as string };
  expect(await told('OrderRejected', 'profit-2')).toMatchObject([words]);
  expect(await told('OrderRejected', 'loss-2')).toMatchObject([words]);

  const shown = quantity(profit.quantity / 10);
  const iceberg = order('ice', { price: at(1.1), displayQuantity: shown, tag: 'ours' });
  client.send({ type: 'SendOrder', order: iceberg });
  await told('OrderAccepted', 'ice');
  const { account, instrument, clientOrderId, decidedAt: since } = iceberg;
  client.send({ type: 'SendQuery', account, instrument, clientOrderId, since });
  const [asked] = await told('OrderQueried', 'ice');
  expect(asked).toMatchObject({ order: { terms: { displayQuantity: shown } } });
  await close();
});
