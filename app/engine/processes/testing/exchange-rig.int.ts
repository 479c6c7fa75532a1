import { createHmac } from 'node:crypto';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { systemClock } from '../../../sandbox/system-clock.ts';
import type { TradeConfig, VenueUrls } from '../../api/supervision.ts';
import { present } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { createBinanceSpot, sandboxConfig } from '../../venues/binance/spot/index.ts';
import { SystemTime } from '../system-time.ts';

/** An order as the exchange states it over REST. */
export interface ExchangeOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly status: string;
  readonly executedQty: string;
}

/** The longest page of orders. */
const PAGE = 1000;
/** A connection kept from an earlier question may be closed just when it is taken again. */
const ONCE = { connection: 'close' };

/** A built-in exchange on loopback and questions to it that use no code under test. */
export class ExchangeRig implements AsyncDisposable {
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** An exchange with its clock running and an account that holds `balances`. */
  static async open(
    seed: number,
    balances: Readonly<Record<string, number>>,
  ): Promise<ExchangeRig> {
    const clock = systemClock();
    const started = await createSandbox({ clock, seed, port: 0, limits: 'open', balances });
    if (!started.ok) throw new Error(started.error.reason);
    return new ExchangeRig(started.value);
  }

  get urls(): VenueUrls {
    const { url, webSocketUrl } = this.#sandbox;
    return { http: url, ws: webSocketUrl, wsApi: `${webSocketUrl}/ws-api/v3` };
  }

  /** How `trade` reaches it. */
  get execution(): TradeConfig['execution'] {
    const { apiKey, secret } = present(this.#sandbox.keys[0], 'a trading key');
    return { kind: 'venue', urls: this.urls, apiKey, secret };
  }

  /** What the connector makes of one of its instruments. */
  async instrument(id: InstrumentId): Promise<Instrument> {
    const time = new SystemTime();
    using connector = createBinanceSpot({
      config: sandboxConfig(this.urls),
      clock: time,
      scheduler: time,
      rng: new Xoshiro128(1),
    });
    const ignore = (): void => undefined;
    const sink = { onRecords: ignore, onHealth: ignore, onUnknownMessage: ignore };
    await using data = connector.data(sink);
    const loaded = await data.loadInstruments();
    if (!loaded.ok) throw new Error(loaded.error.message);
    const found = loaded.value.find((one) => one.id === id);
    return present(found, id);
  }

  /** A signed request. */
  async ask<T>(path: string, params: Readonly<Record<string, string>> = {}, method = 'GET') {
    const key = present(this.#sandbox.keys[0], 'a trading key');
    const query = new URLSearchParams({
      ...params,
      timestamp: String(Date.now()),
      recvWindow: '60000',
    }).toString();
    const signature = createHmac('sha256', key.secret).update(query).digest('hex');
    const url = `${this.urls.http}${path}?${query}&signature=${signature}`;
    const headers = { 'X-MBX-APIKEY': key.apiKey, ...ONCE };
    const answer = await (method === 'GET' ? read(url, headers) : fetch(url, { method, headers }));
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Every order of the account, oldest first, page by page. */
  async allOrders(symbol: string): Promise<readonly ExchangeOrder[]> {
    const rows: ExchangeOrder[] = [];
    for (let orderId = 0; ;) {
      const asked = { symbol, limit: String(PAGE), orderId: String(orderId) };
      const page = await this.ask<ExchangeOrder[]>('/api/v3/allOrders', asked);
      rows.push(...page);
      if (page.length < PAGE) return rows;
      orderId = (page.at(-1)?.orderId ?? 0) + 1;
    }
  }

  /** Best bid and ask in the instrument's ticks. */
  async touch({ symbol, priceScale }: Instrument): Promise<{ bid: number; ask: number }> {
    const url = `${this.urls.http}/api/v3/ticker/bookTicker?symbol=${symbol}`;
    const best = (await (await read(url, ONCE)).json()) as { bidPrice: string; askPrice: string };
    const units = (text: string): number => Math.round(Number(text) * 10 ** priceScale);
    return { bid: units(best.bidPrice), ask: units(best.askPrice) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox[Symbol.asyncDispose]();
  }
}

/** A question that changes nothing: on a starved machine its connection may be reset, and it is asked again. */
async function read(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  for (let left = 2; ; left -= 1) {
    try {
      return await fetch(url, { headers });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
