import { present } from '../engine/base/invariant.ts';
import { price, quantity } from '../engine/domain/price.ts';
import {
  instrumentId,
  venueId,
  type AssetCode,
  type InstrumentId,
  type VenueId,
} from '../engine/domain/identifiers.ts';
import type { Instrument } from '../engine/domain/instrument.ts';
import type { Rng } from '../engine/base/rng.ts';
import { DEFAULT_MARKET } from '../engine/synthetic/instruments.ts';
import { restAnswer, type RestAnswer, type RestRequest } from '../sandbox/binance/rest.ts';
import type { PeerSocket } from '../sandbox/binance/session.ts';
import { VenueRefusal } from '../sandbox/binance/refusal.ts';
import { Venue } from '../sandbox/binance/venue.ts';
import { WsApi } from '../sandbox/binance/ws-api.ts';
import { Exchange } from '../sandbox/exchange/exchange.ts';
import type { Listing } from '../sandbox/exchange/listing.ts';
import type { Market } from '../sandbox/exchange/market.ts';
import { levelOf, LightCrowd } from './crowd.ts';
import type { Host } from './network.ts';
import type { Swarm } from './swarm.ts';
import type { VirtualTime } from './virtual-time.ts';

const TICK_MS = 250;
/** While nobody watches. */
const DOZING_TICK_MS = 60_000;
const DAY_MS = 86_400_000;
/** Weight of one request of somebody else. */
const PORTION = 250;
const BALANCES = { USDT: 100_000, BTC: 5, ETH: 50, SOL: 500 };

/** The exchange's name of an instrument. */
export function symbolOf(instrument: InstrumentId): string {
  return instrument.split('.', 1)[0] ?? '';
}

/** The sandbox's exchange without its sockets: the same orders, answers and events, on the world's time. */
export class VenueHost implements Host {
  readonly exchange: Exchange;
  readonly venueId: VenueId = venueId('BINANCE', 'sandbox');
  /** In the order of the exchange's markets. */
  readonly instruments: readonly Instrument[];
  readonly #levels: readonly number[];
  readonly #venue: Venue;
  readonly #wsApi: WsApi;
  readonly #crowd: ReturnType<typeof LightCrowd.gather>;
  readonly #time: VirtualTime;
  #tickMs = TICK_MS;
  #elsewhere = 0;
  #refusesUntilMs = 0;

  constructor(time: VirtualTime, rng: Rng, { selfTrade, limits, instruments }: Swarm) {
    const specs = DEFAULT_MARKET.instruments.slice(0, instruments);
    this.#crowd = LightCrowd.gather(specs, rng);
    this.#levels = specs.map((spec) => levelOf(spec));
    this.exchange = new Exchange({
      market: { instruments: specs, correlations: specs.map(() => specs.map(() => 1)) },
      seed: 1,
      clock: time,
      balances: BALANCES,
      selfTrade,
      crowd: this.#crowd.gather,
    });
    this.#venue = new Venue(this.exchange, limits);
    this.#wsApi = new WsApi(this.#venue, {
      lifetimeMs: DAY_MS,
      clockMs: () => time.nowMicros() / 1000,
    });
    this.instruments = this.exchange.markets.map(({ listing }) => {
      return instrumentOf(listing, this.venueId);
    });
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

  /** Somebody else at the same address asks so much; true when the venue has refused something. */
  spend(weight: number, orders: number): boolean {
    const { limits } = this.#venue;
    const refused = (ask: () => void): boolean => {
      try {
        ask();
        return false;
      } catch (error) {
        if (!(error instanceof VenueRefusal)) throw error;
        const { retryAfter } = error.data as { readonly retryAfter: number };
        this.#refusesUntilMs = Math.max(this.#refusesUntilMs, retryAfter);
        return true;
      }
    };
    const outcomes = [
      ...Array.from({ length: Math.ceil(weight / PORTION) }, () => {
        return refused(() => limits.charge(PORTION));
      }),
      ...Array.from({ length: orders }, () => refused(() => limits.countOrder())),
    ];
    return outcomes.includes(true);
  }

  /** When the last refusal that somebody else was told is over, milliseconds. */
  get refusesUntilMs(): number {
    return this.#refusesUntilMs;
  }

  /** Nobody takes any more; quotes stay. */
  calm(): void {
    this.#crowd.calm();
  }

  /** One of the instruments and its market. */
  at(index: number): { readonly instrument: Instrument; readonly market: Market } {
    const which = index % this.instruments.length;
    const instrument = present(this.instruments[which], 'instrument');
    return { instrument, market: present(this.exchange.markets[which], 'market') };
  }

  /** Between two levels of an instrument's prices. */
  levelOf(index: number): number {
    return present(this.#levels[index % this.#levels.length], 'level');
  }

  /** A price so many levels behind the touch of an instrument; below 0 it takes. */
  priceBehind(index: number, side: 'Buy' | 'Sell', behind: number): number {
    const { market } = this.at(index);
    const { bid, ask } = market.quote;
    const away = behind * this.levelOf(index);
    return side === 'Buy' ? bid - away : ask + away;
  }

  /** Somebody else places an order for the same account; false when the exchange refuses it. */
  placeElsewhere(index: number, side: 'Buy' | 'Sell', size: number, behind: number): boolean {
    const { market } = this.at(index);
    this.#elsewhere += 1;
    const placed = this.exchange.desk.place(market, {
      listing: market.listing,
      clientOrderId: `web-${this.#elsewhere}`,
      side,
      type: 'Limit',
      timeInForce: 'GTC',
      price: price(this.priceBehind(index, side, behind)),
      quantity: quantity(size),
      quoteQuantity: undefined,
      stopPrice: undefined,
      selfTrade: market.listing.selfTrade,
    });
    return placed.ok;
  }

  /** Somebody else cancels one of the account's open orders. */
  cancelElsewhere(pick: number): void {
    const open = this.exchange.desk.openOrders();
    const order = open[pick % Math.max(1, open.length)];
    if (order === undefined) return;
    this.exchange.desk.cancel(order.market, order, `web-cancel-${pick}`);
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
    maxDisplayParts: listing.maxIcebergParts,
    orderLists: true,
    status: 'Trading',
  };
}
