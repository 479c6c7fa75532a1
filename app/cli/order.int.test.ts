import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { qd, RunningCommand, TestFolder, type CommandEnd } from './testing/running-command.ts';

interface OrderAnswer {
  readonly ok: boolean;
  readonly orderId?: string;
  readonly state?: string;
  readonly code?: string;
}

interface RecordedOrder {
  readonly clientOrderId: string;
  readonly parent?: string;
  readonly price?: number;
}

interface Intent {
  readonly type?: string;
  readonly order?: RecordedOrder;
  readonly orders?: readonly RecordedOrder[];
}

/** Reads the one JSON document of a command. */
function json<T>(end: CommandEnd): T {
  expect(end.stderr).toBe('');
  return JSON.parse(end.stdout) as T;
}

/** Tries at a part fill; each has about even chances. */
const MOST_ROUNDS = 20;

/** A running engine on the built-in exchange, and its order line. */
class Trading implements AsyncDisposable {
  readonly folder = new TestFolder();
  readonly engine: RunningCommand;

  constructor(seed: number) {
    const market = ['--seed', String(seed), '--limits', 'open'];
    this.engine = new RunningCommand('--data', this.folder.path, 'engine', ...market);
  }

  async order(text: string): Promise<OrderAnswer & { readonly status: number | null }> {
    const end = await qd('--data', this.folder.path, 'order', text, '--json');
    return { status: end.status, ...json<OrderAnswer>(end) };
  }

  /** Orders of an intent in the journal, that of `id` or with it as their parent. */
  async recorded(id: string | undefined, type: string): Promise<readonly RecordedOrder[]> {
    const { stdout } = await qd('--data', this.folder.path, 'journal', 'show', '--json');
    const { records } = JSON.parse(stdout) as { records: readonly { content: Intent }[] };
    const intents = records.filter(({ content }) => content.type === type);
    const orders = intents.flatMap(({ content }) => content.orders ?? content.order ?? []);
    return orders.filter(({ clientOrderId, parent }) => clientOrderId === id || parent === id);
  }

  /** Stops the engine and runs its journal again. */
  /** Takes the touch with more than most touches hold, the rest expiring, until the venue says that one filled in part. */
  async fillInPart(): Promise<boolean> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.order(round % 2 === 0 ? 'b 0.7 btcusdt ask ioc' : 's 0.7 btcusdt bid ioc');
      const { stdout } = await qd('--data', this.folder.path, 'journal', 'show', '--json');
      if (/"type":"OrderExpired","cumQty":[1-9]/.test(stdout)) return true;
    }
    return false;
  }

  async replayed(): Promise<CommandEnd> {
    const status = await this.engine.stop();
    expect({ status, stderr: this.engine.stderr }).toEqual({ status: 0, stderr: '' });
    return qd('--data', this.folder.path, 'journal', 'replay', '--json');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

function expectAgreement(end: CommandEnd): void {
  const { sessions } = json<{ sessions: readonly unknown[] }>(end);
  expect(sessions).toEqual([expect.objectContaining({ agrees: true, chain: 'intact' })]);
  expect(end.status).toBe(0);
}

describe('qd order against a running engine', () => {
  test('a whole trading day: unlock, arm, buy, part fill, replace, cancel, flatten, stop', async () => {
    await using trading = new Trading(21);
    await trading.engine.says('engine ready');

    expect(await trading.order('b 1 solusdt bid-0.3%')).toMatchObject({
      ok: false,
      status: 1,
      code: 'TRADING_LOCKED',
    });
    expect(await trading.order('unlock')).toEqual({ ok: true, status: 0 });
    expect(await trading.order('b 1 solusdt bid-0.3%')).toMatchObject({
      ok: false,
      status: 1,
      code: 'NOT_ARMED',
    });
    expect(await trading.order('arm')).toEqual({ ok: true, status: 0 });

    const resting = await trading.order('b 2 solusdt bid-0.3%');
    expect(resting).toMatchObject({ ok: true, status: 0, state: 'Accepted' });
    const replaced = await trading.order(`replace ${resting.orderId} 3`);
    expect(replaced).toMatchObject({ ok: true, status: 0, state: 'Accepted' });
    const canceled = await trading.order(`cancel ${replaced.orderId}`);
    expect(canceled).toMatchObject({ ok: true, orderId: replaced.orderId, state: 'Canceled' });
    expect(await trading.fillInPart()).toBe(true);
    expect(await trading.order('cancel all')).toMatchObject({ ok: true, status: 0 });
    expect(await trading.order('flatten')).toMatchObject({ ok: true, status: 0 });

    expectAgreement(await trading.replayed());
  });

  test('a bracket: the entry fills, both exits stand as one list, the end of one ends both', async () => {
    await using trading = new Trading(23);
    await trading.engine.says('engine ready');
    await trading.order('unlock');
    await trading.order('arm');
    const resting = await trading.order('b 2 solusdt bid-0.3%');
    const near = await trading.recorded(resting.orderId, 'SendOrder');
    const { price = 0 } = near[0] ?? {};
    // SOLUSDT has ticks of 0.01.
    const [profit, loss] = [price * 1.05, price * 0.95].map((px) =>
      (Math.round(px) / 100).toFixed(2),
    );
    await trading.order(`cancel ${resting.orderId}`);

    const entry = await trading.order(`b 1 solusdt mkt tp=${profit} sl=${loss} tag=swing`);
    expect(entry).toMatchObject({ ok: true, status: 0 });
    const legs = async () => trading.recorded(entry.orderId, 'SendOrderList');
    // A thousandth of what was bought went as the fee.
    await expect.poll(legs, { timeout: 20_000 }).toMatchObject([
      { side: 'Sell', type: 'Limit', tag: 'swing', parent: entry.orderId },
      { side: 'Sell', type: 'Stop', tag: 'swing', parent: entry.orderId },
    ]);
    const [first, second] = await legs();
    const canceled = await trading.order(`cancel ${second?.clientOrderId}`);
    expect(canceled).toMatchObject({ ok: true, state: 'Canceled' });
    const again = async () => (await trading.order(`cancel ${first?.clientOrderId}`)).code;
    await expect.poll(again, { timeout: 20_000 }).toBe('ORDER_DONE');
    expect(await trading.order('flatten')).toMatchObject({ ok: true, status: 0 });
    expectAgreement(await trading.replayed());
  });

  test.skipIf(process.platform !== 'linux')(
    'trade killed with an order at the venue: it is back, locked, and can be cancelled',
    async () => {
      await using trading = new Trading(22);
      await trading.engine.says('engine ready');
      await trading.order('unlock');
      await trading.order('arm');
      const { orderId } = await trading.order('b 2 solusdt bid-0.3%');
      const killed = tradeOf(trading.engine.pid);
      process.kill(killed, 'SIGKILL');
      await expect
        .poll(async () => answered(trading, 'b 1 solusdt bid-0.4%'), { timeout: 30_000 })
        .toMatchObject({ ok: false, code: 'TRADING_LOCKED' });
      expect(tradeOf(trading.engine.pid)).not.toBe(killed);
      expect(await trading.order(`cancel ${orderId}`)).toMatchObject({
        ok: true,
        orderId,
        state: 'Canceled',
      });
      expectAgreement(await trading.replayed());
    },
  );
});

/** The answer to a line; nothing while the engine has no trade process. */
async function answered(trading: Trading, text: string): Promise<OrderAnswer | undefined> {
  const end = await qd('--data', trading.folder.path, 'order', text, '--json');
  return end.stdout === '' ? undefined : (JSON.parse(end.stdout) as OrderAnswer);
}

/** The process id of the engine's `trade`. */
function tradeOf(engine: number): number {
  const children = readFileSync(`/proc/${engine}/task/${engine}/children`, 'utf8');
  const found = children
    .trim()
    .split(' ')
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('processes/trade'));
  return Number(found);
}
