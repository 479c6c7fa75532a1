import { join } from 'node:path';
import type { TradeConfig } from '../../api/supervision.ts';
import { accountId, instrumentId, venueId } from '../../domain/identifiers.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import { WIDE } from '../../kernel/testing/desk.ts';
import { ExchangeRig, type ExchangeOrder } from './exchange-rig.int.ts';
import { MarketRig, TradeRig } from './trade-rig.ts';

const VENUE = venueId('BINANCE', 'sandbox');
export const ACCOUNT = accountId(VENUE, 'main');
export const BTC = instrumentId('BTCUSDT', VENUE);

/** An exchange in this process, the trading process on it, and a feed's place taken by the test; `seed` is of the exchange's market. */
export async function setUpTrade(cleanup: AsyncDisposableStack, seed = 3) {
  const exchange = cleanup.use(await ExchangeRig.open(seed, { USDT: 10_000_000, BTC: 50 }));
  const instrument = await exchange.instrument(BTC);
  const market = cleanup.use(new MarketRig());
  const config: TradeConfig = {
    session: 'kills',
    sessionFolder: join(market.folder, 'journal', 'kills'),
    environment: 'sandbox',
    ringPath: market.ringPath,
    instruments: [instrument],
    account: ACCOUNT,
    execution: exchange.execution,
    limits: WIDE,
    durableBeforeSend: false,
  };
  const trade = cleanup.use(await TradeRig.open(config, market.folder));
  /** The exchange's touch, written to the ring. */
  const quote = async (): Promise<{ bid: number; ask: number }> => {
    const touch = await exchange.touch(instrument);
    market.quote(touch.bid, touch.ask);
    return touch;
  };
  return { exchange, instrument, market, config, trade, quote };
}

/** Opens the window, waits until account and exchange agree, unlocks and arms. */
export async function makeReady(trade: TradeRig): Promise<void> {
  await trade.agree();
  for (const command of [{ type: 'Unlock', account: ACCOUNT }, { type: 'Arm' }] as const) {
    const answer = await trade.ask(command);
    if (answer?.ok !== true) throw new Error(`${command.type}: ${answer?.message}`);
  }
}

/** Where orders of ours and of the exchange differ, in words; nothing when they agree to the last unit. */
export function differences(
  ours: Iterable<Order>,
  all: readonly ExchangeOrder[],
  quantityScale: number,
): string[] {
  const own = new Map([...ours].map((order) => [order.clientOrderId as string, order]));
  const found: string[] = [];
  const seen = new Set<string>();
  for (const { clientOrderId, status, executedQty } of all) {
    if (seen.has(clientOrderId)) found.push(`${clientOrderId} stands twice at the exchange`);
    seen.add(clientOrderId);
    const order = own.get(clientOrderId);
    if (order === undefined) {
      found.push(`${clientOrderId} is ${status} at the exchange and not known here`);
      continue;
    }
    const open = status === 'NEW' || status === 'PARTIALLY_FILLED';
    if (open === isTerminal(order.status)) {
      found.push(`${clientOrderId} is ${status} at the exchange and ${order.status} here`);
    }
    const [whole = '0', rest = ''] = executedQty.split('.');
    const executed = BigInt(whole + rest.slice(0, quantityScale).padEnd(quantityScale, '0'));
    if (executed !== BigInt(order.cumQty)) {
      found.push(`${clientOrderId} filled ${executed} at the exchange and ${order.cumQty} here`);
    }
  }
  for (const { clientOrderId, status } of own.values()) {
    if (!isTerminal(status) && !seen.has(clientOrderId)) {
      found.push(`${clientOrderId} is ${status} here and not at the exchange`);
    }
  }
  return found;
}
