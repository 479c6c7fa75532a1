import { present } from '../engine/base/invariant.ts';
import { price, quantity } from '../engine/domain/price.ts';
import {
  instrumentId,
  venueId,
  type AssetCode,
  type VenueId,
} from '../engine/domain/identifiers.ts';
import type { Instrument } from '../engine/domain/instrument.ts';
import type { Rng } from '../engine/base/rng.ts';
import { DEFAULT_MARKET } from '../engine/synthetic/instruments.ts';
import { restAnswer, type RestAnswer, type RestRequest } from '../sandbox/binance/rest.ts';
import type { PeerSocket } from '../sandbox/binance/session.ts';
import { Venue } from '../sandbox/binance/venue.ts';
import { WsApi } from '../sandbox/binance/ws-api.ts';
import { Exchange } from '../sandbox/exchange/exchange.ts';
import type { Listing } from '../sandbox/exchange/listing.ts';
import type { Market } from '../sandbox/exchange/market.ts';
import { LightCrowd } from './crowd.ts';
import type { Host } from './network.ts';
import type { VirtualTime } from './virtual-time.ts';

const TICK_MS = 250;
/** While nobody watches. */
const DOZING_TICK_MS = 60_000;
const DAY_MS = 86_400_000;
const BALANCES = { USDT: 100_000, BTC: 5 };

/** The sandbox's exchange without its sockets: the same orders, answers and events, on the world's time. */
export class VenueHost implements Host {
  readonly exchange: Exchange;
  readonly market: Market;
  readonly venueId: VenueId = venueId('BINANCE', 'sandbox');
  readonly instrument: Instrument;
  readonly #venue: Venue;
  readonly #wsApi: WsApi;
  readonly #crowd: ReturnType<typeof LightCrowd.gather>;
  readonly #time: VirtualTime;
  #tickMs = TICK_MS;
  #elsewhere = 0;

  constructor(time: VirtualTime, rng: Rng, selfTrade: Listing['selfTrade']) {
    const spec = present(DEFAULT_MARKET.instruments[0], 'first instrument');
    this.#crowd = LightCrowd.gather(spec, rng);
    this.exchange = new Exchange({
      market: { instruments: [spec], correlations: [[1]] },
      seed: 1,
      clock: time,
      balances: BALANCES,
      selfTrade,
      crowd: this.#crowd.gather,
    });
    this.market = present(this.exchange.markets[0], 'market');
    this.#venue = new Venue(this.exchange, 'open');
    this.#wsApi = new WsApi(this.#venue, {
      lifetimeMs: DAY_MS,
      clockMs: () => time.nowMicros() / 1000,
    });
    this.instrument = instrumentOf(this.market.listing, this.venueId);
    this.#time = time;
    this.#tick();
  }

  /** Moves on in large steps, of which the market sees the end only, until told otherwise. */
  doze(dozing: boolean): void {
    this.#tickMs = dozing ? DOZING_TICK_MS : TICK_MS;
  }

  connect(socket: PeerSocket, query: URLSearchParams): void {
    this.#wsApi.connect(socket, query);
  }

  rest(request: RestRequest): RestAnswer {
    return restAnswer(this.#venue, request);
  }

  /** Nobody takes any more; quotes stay. */
  calm(): void {
    this.#crowd.calm();
  }

  /** Somebody else places an order for the same account; false when the exchange refuses it. */
  placeElsewhere(side: 'Buy' | 'Sell', size: number, at: number): boolean {
    this.#elsewhere += 1;
    const placed = this.exchange.desk.place(this.market, {
      listing: this.market.listing,
      clientOrderId: `web-${this.#elsewhere}`,
      side,
      type: 'Limit',
      timeInForce: 'GTC',
      price: price(at),
      quantity: quantity(size),
      quoteQuantity: undefined,
      stopPrice: undefined,
      selfTrade: this.market.listing.selfTrade,
    });
    return placed.ok;
  }

  /** Somebody else cancels one of the account's open orders. */
  cancelElsewhere(pick: number): void {
    const open = this.exchange.desk.openOrders();
    const order = open[pick % Math.max(1, open.length)];
    if (order !== undefined) this.exchange.desk.cancel(this.market, order, `web-cancel-${pick}`);
  }

  #tick(): void {
    this.#time.setTimer(this.#tickMs, () => {
      this.#tick();
      this.exchange.advance();
      this.#wsApi.tick();
    });
  }
}

/** What the connector reads from the exchange's list of instruments. */
function instrumentOf(listing: Listing, venue: VenueId): Instrument {
  return {
    id: instrumentId(listing.symbol, venue),
    venue,
    symbol: listing.symbol,
    base: listing.base as AssetCode,
    quote: listing.quote as AssetCode,
    baseScale: 8,
    quoteScale: 8,
    priceScale: listing.priceScale,
    quantityScale: listing.quantityScale,
    tickSize: price(listing.tickSize),
    minPrice: price(listing.minPrice),
    maxPrice: price(listing.maxPrice),
    stepSize: quantity(listing.stepSize),
    minQuantity: quantity(listing.minQuantity),
    maxQuantity: quantity(listing.maxQuantity),
    minNotional: listing.minNotional,
    status: 'Trading',
  };
}
