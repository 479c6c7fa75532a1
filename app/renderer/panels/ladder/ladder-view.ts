import type { ClientOrderId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Order, OrderTerms } from '../../../engine/domain/order.ts';
import type { Price, Quantity } from '../../../engine/domain/price.ts';
import {
  columnDecimals,
  columnSize,
  editText,
  groupThousands,
  priceDecimals,
  quantityDecimals,
  shortQuantity,
  shortBound,
  shortVolume,
} from '../../format/number-text.ts';
import type { DepthMessage, QuoteMessage, TradeBatch } from '../../state/market-store.ts';
import type { Places } from '../../state/queue-places.ts';
import { LadderModel } from './ladder-model.ts';
import type { LadderVolume } from './ladder-volume.ts';
import { LadderRow, type RowView } from './ladder-row.ts';
import { askedTags, ownTags, stackTags, type OwnTag } from './own-orders.ts';

/** Prices whose last traded size is shown. */
const LAST_PRICES = 6;

/** Draws the ladder without React: rows are pooled, market data changes their texts and never their place. */
export class LadderView {
  readonly model: LadderModel;
  #volume: LadderVolume | undefined;
  readonly #host: HTMLElement;
  #instrument: Instrument;
  readonly #edgeUp = document.createElement('div');
  readonly #edgeDown = document.createElement('div');
  readonly #texts = new Map<number, string>();
  readonly #prints = new Map<number, { readonly size: Quantity; readonly side: string }>();
  #rows: LadderRow[] = [];
  #tags: readonly OwnTag[] = [];
  #places: Places = new Map();
  #chosen: ClientOrderId | undefined;
  #last: Price | undefined;
  #lastSide = '';
  #entry: Price | undefined;
  #cursor: Price | undefined;
  #sizeDecimals = 0;
  #drop: Price | undefined;
  #rowHeight: number;
  /** Called after each drawing, so that what hangs on a row can follow its figures. */
  onDrawn: () => void = () => undefined;

  constructor(host: HTMLElement, instrument: Instrument, rowHeight: number) {
    this.#host = host;
    this.#instrument = instrument;
    this.#rowHeight = rowHeight;
    this.#edgeUp.className = 'edge up';
    this.#edgeDown.className = 'edge down';
    this.model = new LadderModel(instrument.tickSize, 0);
    host.replaceChildren(this.#edgeUp, this.#edgeDown);
    this.resize(host.clientHeight);
  }

  get cursor(): Price | undefined {
    return this.#cursor;
  }

  /** Fits the number of rows to the height; existing rows keep their prices. */
  resize(height: number, rowHeight = this.#rowHeight): void {
    this.#rowHeight = rowHeight;
    const count = Math.max(1, Math.ceil(height / rowHeight));
    while (this.#rows.length > count) this.#rows.pop()?.element.remove();
    while (this.#rows.length < count) {
      const row = new LadderRow();
      this.#rows.push(row);
      this.#host.insertBefore(row.element, this.#edgeUp);
    }
    this.model.setRows(count);
    this.draw();
  }

  setDepth(depth: DepthMessage): void {
    const placed = this.model.placed;
    this.model.setDepth(depth);
    if (!placed) this.#fitSizes();
    this.draw();
  }

  /** Shows `group` ticks a row; sizes get the decimals that suit their new sums. */
  setGroup(group: number): void {
    this.model.setGroup(group);
    this.#fitSizes();
    this.draw();
  }

  /** Takes the venue's other rules; rows move only when the tick is another. */
  setInstrument(instrument: Instrument): void {
    const before = this.#instrument;
    this.#instrument = instrument;
    if (instrument.tickSize === before.tickSize && instrument.stepSize === before.stepSize) return;
    this.#texts.clear();
    this.#prints.clear();
    this.#cursor = undefined;
    this.#drop = undefined;
    if (instrument.tickSize !== before.tickSize) this.model.setTick(instrument.tickSize);
    this.#fitSizes();
    this.draw();
  }

  /** Shows what traded at each price, or nothing of it. */
  setVolume(volume: LadderVolume | undefined): void {
    this.#volume = volume;
    this.draw();
  }

  setQuote(quote: QuoteMessage): void {
    if (quote.last === this.#last && (quote.lastAggressor ?? '') === this.#lastSide) return;
    this.#last = quote.last;
    this.#lastSide = quote.lastAggressor === undefined ? '' : quote.lastAggressor.toLowerCase();
    this.draw();
  }

  addTrades(batch: TradeBatch): void {
    for (const [, px, size, buyer] of batch.rows) {
      const row = this.#rowOf(px);
      this.#prints.delete(row);
      const told = buyer ? 'buy' : 'sell';
      this.#prints.set(row, { size, side: buyer === null ? '' : told });
    }
    for (const price of this.#prints.keys()) {
      if (this.#prints.size <= LAST_PRICES) break;
      this.#prints.delete(price);
    }
    this.draw();
  }

  /** The market is of another time: what traded before is not of it. */
  forgetTrades(): void {
    this.#prints.clear();
    this.draw();
  }

  /** Shows our orders and what is asked for; the chosen order is marked. */
  setOrders(
    orders: readonly Order[],
    asked: Iterable<OrderTerms>,
    chosen: ClientOrderId | undefined,
  ): void {
    const { id } = this.#instrument;
    this.#tags = [...ownTags(id, orders), ...askedTags(id, asked)];
    this.#chosen = chosen;
    this.draw();
  }

  /** Shows how much stands before our orders. */
  setPlaces(places: Places): void {
    this.#places = places;
    if (this.#tags.length > 0) this.draw();
  }

  /** Marks the row of the average entry price. */
  setEntry(entry: Price | undefined): void {
    this.#entry = entry;
    this.draw();
  }

  /** Moves the keyboard's row by `rows` (positive is up); starts at the best bid. */
  moveCursor(rows: number): void {
    const from = this.#cursor ?? this.model.bestBid ?? this.model.bestAsk;
    if (from === undefined) return;
    const { step } = this.model;
    const aligned = Math.floor(from / step) * step;
    this.#cursor = (this.#cursor === undefined ? aligned : aligned + rows * step) as Price;
    const index = this.model.indexOf(this.#cursor, 'Buy');
    if (index === undefined) this.model.scroll(rows > 0 ? 1 : -1);
    this.draw();
  }

  clearCursor(): void {
    this.#cursor = undefined;
    this.draw();
  }

  /** Marks where a dragged order would go. */
  setDrop(drop: Price | undefined): void {
    if (drop === this.#drop) return;
    this.#drop = drop;
    this.draw();
  }

  /** Vertical place of the row of a price within the ladder, in pixels. */
  offsetOf(price: Price): number | undefined {
    const index = this.model.indexOf(price, 'Buy');
    return index === undefined ? undefined : index * this.#rowHeight;
  }

  draw(): void {
    if (!this.model.placed) return;
    this.#volume?.setRowHeight(this.model.step);
    const buys = this.#tagsByRow('Buy');
    const sells = this.#tagsByRow('Sell');
    this.#rows.forEach((row, index) => {
      const price = this.model.priceAt(index);
      if (price !== undefined) row.show(this.#viewOf(price, buys, sells));
    });
    this.#drawEdges();
    this.onDrawn();
  }

  #viewOf(
    price: Price,
    buys: ReadonlyMap<number, OwnTag[]>,
    sells: ReadonlyMap<number, OwnTag[]>,
  ): RowView {
    const bid = this.model.bidAt(price);
    const ask = this.model.askAt(price);
    const print = this.#prints.get(price);
    const traded = this.#volume?.at(price);
    return {
      price,
      priceText: this.#priceText(price),
      volume: traded === undefined ? '' : shortVolume(traded, this.#instrument.quantityScale),
      volumeShare: traded === undefined ? 0 : traded / (this.#volume?.largest ?? traded),
      bid: this.#size(bid),
      bidShare: bid === undefined ? 0 : this.model.share(bid),
      ask: this.#size(ask),
      askShare: ask === undefined ? 0 : this.model.share(ask),
      flags: this.#flags(price),
      last: this.#size(print?.size),
      lastSide: print?.side ?? '',
      buys: stackTags(buys.get(price) ?? [], this.#places),
      sells: stackTags(sells.get(price) ?? [], this.#places),
      chosen: this.#chosen,
      tagText: (stack) => shortQuantity(stack.quantity as Quantity, this.#instrument),
      aheadText: ({ ahead }) => shortBound(ahead, this.#instrument.quantityScale),
    };
  }

  #flags(price: Price): string {
    const { model } = this;
    const flags: string[] = [];
    const bid = model.bestBid;
    const ask = model.bestAsk;
    const isBid = bid !== undefined && Math.floor(bid / model.step) * model.step === price;
    if (isBid) flags.push('bb');
    if (ask !== undefined && Math.ceil(ask / model.step) * model.step === price) flags.push('ba');
    if (Math.round(price / model.step) % 10 === 0) flags.push('ten');
    if (this.#last !== undefined && this.#rowOf(this.#last) === price) {
      flags.push('lastrow', this.#lastSide);
    }
    if (this.#entry !== undefined && this.#rowOf(this.#entry) === price) flags.push('entry');
    const traded = this.#volume?.at(price);
    if (traded !== undefined && traded === this.#volume?.largest) flags.push('poc');
    if (price === this.#cursor) flags.push('cursor');
    if (price === this.#drop) flags.push('drop');
    return flags.join(' ');
  }

  #drawEdges(): void {
    const place = this.model.marketPlace();
    // Rows above the market have offers only, those below it bids only: it stands where they have nothing.
    this.#edgeUp.classList.toggle('among-bids', place !== 'above');
    this.#edgeDown.classList.toggle('among-bids', place === 'below');
    this.#edgeUp.textContent = place === 'above' ? '\u2191 Market above' : '';
    const below = this.#tags.filter((tag) => this.#sideOut(tag) === 'below');
    const above = this.#tags.filter((tag) => this.#sideOut(tag) === 'above');
    if (place !== 'above' && above.length > 0)
      this.#edgeUp.textContent = this.#outText('\u2191', above);
    this.#edgeDown.textContent = place === 'below' ? '\u2193 Market below' : '';
    if (place !== 'below' && below.length > 0) {
      this.#edgeDown.textContent = this.#outText('\u2193', below);
    }
  }

  #sideOut(tag: OwnTag): 'above' | 'below' | 'inside' {
    if (this.model.indexOf(tag.price, tag.side) !== undefined) return 'inside';
    const top = this.model.priceAt(0);
    return top !== undefined && tag.price > top ? 'above' : 'below';
  }

  #outText(arrow: string, tags: readonly OwnTag[]): string {
    const [first] = tags;
    if (first === undefined) return '';
    if (tags.length > 1) return `${arrow} ${tags.length} orders`;
    const size = shortQuantity(first.quantity as Quantity, this.#instrument);
    return `${arrow} ${first.side} ${size} at ${this.#priceText(first.price)}`;
  }

  #tagsByRow(side: 'Buy' | 'Sell'): ReadonlyMap<number, OwnTag[]> {
    const rows = new Map<number, OwnTag[]>();
    for (const tag of this.#tags) {
      if (tag.side !== side) continue;
      const index = this.model.indexOf(tag.price, side);
      const row = index === undefined ? undefined : this.model.priceAt(index);
      if (row === undefined) continue;
      rows.set(row, [...(rows.get(row) ?? []), tag]);
    }
    return rows;
  }

  /** The row a traded price belongs to: that of the side it is nearer the touch of. */
  #rowOf(price: number): number {
    const { step, bestAsk } = this.model;
    const up = bestAsk !== undefined && price >= bestAsk;
    return (up ? Math.ceil(price / step) : Math.floor(price / step)) * step;
  }

  #fitSizes(): void {
    const { quantityScale } = this.#instrument;
    const most = quantityDecimals(this.#instrument);
    this.#sizeDecimals = columnDecimals(this.model.largest, quantityScale, most);
  }

  #size(size: Quantity | undefined): string {
    if (size === undefined) return '';
    return columnSize(size, this.#instrument.quantityScale, this.#sizeDecimals);
  }

  #priceText(price: Price): string {
    const known = this.#texts.get(price);
    if (known !== undefined) return known;
    const { priceScale } = this.#instrument;
    const text = groupThousands(editText(price, priceScale, priceDecimals(this.#instrument)));
    if (this.#texts.size > 5000) this.#texts.clear();
    this.#texts.set(price, text);
    return text;
  }
}
