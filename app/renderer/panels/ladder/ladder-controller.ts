import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { ClientOrderId } from '../../../engine/domain/identifiers.ts';
import type { Side } from '../../../engine/domain/order.ts';
import { price, type Price, type Quantity } from '../../../engine/domain/price.ts';
import { cancellation, type DeskActions } from '../../commands/desk-actions.ts';
import { orderGateNow } from '../../commands/order-gate.ts';
import { nothing, sends, type OrderPlan } from '../../commands/order-plan.ts';
import {
  cancelLastPlan,
  chosenOrder,
  gatedPlan,
  nextOwnOrder,
  quickPlan,
  tickPlan,
  type QuickKind,
} from '../../commands/quick-orders.ts';
import { priceText, shortQuantity } from '../../format/number-text.ts';
import { workingOrders } from '../../state/account-replica.ts';
import type { Desk } from '../../state/desk.tsx';
import { DEPTH_LEVELS } from '../../state/market-store.ts';
import { nextSize } from '../../state/sizes.ts';
import { attachPointer } from './ladder-pointer.ts';
import { LadderTip, type Target } from './ladder-tip.ts';
import { LadderVolume, type VolumeSpan } from './ladder-volume.ts';
import { LadderView } from './ladder-view.ts';

const NO_ROW = nothing('Choose a row first, with the arrow keys');

/** What the ladder's owner decides: how much, and under which condition. */
export interface LadderEntry {
  readonly size: Quantity | undefined;
  readonly postOnly: boolean;
  /** The sizes offered, as they are shown. */
  readonly presets: readonly Quantity[];
}

/** What the ladder's owner is told. */
export interface LadderHandlers {
  readonly onGroup: (group: number) => void;
  /** Since when volume is counted, whenever it is another; undefined while none is known. */
  readonly onVolume: (span: VolumeSpan | undefined) => void;
  /** A key asked to show the volume, or to hide it. */
  readonly onToggleVolume: () => void;
}

/** Everything the ladder does: joins data, pointer and keys to the drawing. */
export class LadderController {
  readonly view: LadderView;
  readonly #desk: Desk;
  readonly #actions: DeskActions;
  readonly #handlers: LadderHandlers;
  readonly #tip: LadderTip;
  readonly #ends: (() => void)[] = [];
  readonly #rowHeight: number;
  #endVolume: (() => void) | undefined;
  #instrument: Instrument;
  #entry: LadderEntry = { size: undefined, postOnly: false, presets: [] };
  #hover: Target | undefined;

  constructor(
    host: HTMLElement,
    instrument: Instrument,
    rowHeight: number,
    desk: Desk,
    actions: DeskActions,
    handlers: LadderHandlers,
  ) {
    this.#desk = desk;
    this.#actions = actions;
    this.#instrument = instrument;
    this.#rowHeight = rowHeight;
    this.#handlers = handlers;
    this.view = new LadderView(host, instrument, rowHeight);
    this.#tip = new LadderTip(host);
    this.view.onDrawn = () => this.#showTip();
    const { market } = desk.feed;
    this.#ends.push(
      market.onDepth(instrument.id, DEPTH_LEVELS, (depth) => {
        const placed = this.view.model.placed;
        this.view.setDepth(depth);
        if (!placed) this.#handlers.onGroup(this.view.model.group);
      }),
      market.onTrades(instrument.id, (batch) => this.view.addTrades(batch)),
      market.onQuote(instrument.id, (quote) => this.view.setQuote(quote)),
      market.queues.store.subscribe(({ places }) => this.view.setPlaces(places)),
      desk.trade.store.subscribe((state, before) => {
        const same = state.replica.orders === before.replica.orders && state.asked === before.asked;
        if (!same) this.#takeOrders();
      }),
      desk.link.store.subscribe((state, before) => {
        if (state.order !== before.order) this.#takeOrders();
      }),
      desk.feed.store.subscribe((state, before) => {
        this.#takeRules();
        if (state.jumps !== before.jumps) this.view.forgetTrades();
      }),
      attachPointer(host, {
        onPlace: (side, price) => this.place(side, price),
        onCancel: (ids) => {
          for (const id of ids) this.#actions.cancel({ clientOrderId: id as ClientOrderId });
        },
        onMove: (ids, from, to) => this.#move(ids as ClientOrderId[], from, to),
        onHover: (cell) => this.#setHover(cell),
        onDrop: (price) => this.view.setDrop(price),
        onWheel: (rows) => this.#scroll(rows),
      }),
    );
    const resize = new ResizeObserver(() => this.view.resize(host.clientHeight));
    resize.observe(host);
    this.#ends.push(() => resize.disconnect());
    this.view.setPlaces(market.queues.store.getState().places);
    this.#takeOrders();
  }

  setEntry(entry: LadderEntry): void {
    this.#entry = entry;
    this.#showTip();
  }

  /** Shows what traded at each price, or not; only what is shown is asked for. */
  showVolume(shown: boolean): void {
    this.#endVolume?.();
    this.#endVolume = undefined;
    this.view.setVolume(undefined);
    this.#handlers.onVolume(undefined);
    if (!shown) return;
    const volume = new LadderVolume(this.view.model.step);
    this.#endVolume = this.#desk.feed.market.onVolume(this.#instrument.id, (rows) => {
      const before = volume.span;
      volume.take(rows);
      this.view.setVolume(volume);
      const { span } = volume;
      const same =
        span?.since === before?.since &&
        span?.missed === before?.missed &&
        span?.step === before?.step;
      if (!same) this.#handlers.onVolume(span);
    });
  }

  toggleVolume(): void {
    this.#handlers.onToggleVolume();
  }

  centre(): void {
    this.view.model.centre();
    this.view.draw();
  }

  setGroup(group: number): void {
    this.view.setGroup(group);
  }

  moveCursor(rows: number): void {
    this.#hover = undefined;
    this.view.moveCursor(rows);
  }

  /** What placing at the keyboard's row would send. */
  planAtCursor(side: Side): OrderPlan {
    const { cursor } = this.view;
    return cursor === undefined ? NO_ROW : this.#planAt(side, cursor);
  }

  /** What cancelling our orders at the keyboard's row would send. */
  planCancelAtCursor(): OrderPlan {
    const { cursor } = this.view;
    if (cursor === undefined) return NO_ROW;
    const there = this.#orders().filter(
      (order) => order.price === cursor || order.stopPrice === cursor,
    );
    return sends(there.map(cancellation), 'No order of ours is at the row');
  }

  /** What an order of one stroke would send. */
  planQuick(side: Side, kind: QuickKind): OrderPlan {
    return quickPlan(this.#desk, 'ladder', this.#instrument, this.#entry.size, side, kind);
  }

  /** What moving the chosen order by ticks would send. */
  planTicks(ticks: number): OrderPlan {
    return tickPlan(this.#desk, this.#instrument, ticks);
  }

  /** What cancelling the newest order would send. */
  planCancelLast(): OrderPlan {
    return cancelLastPlan(this.#desk, this.#instrument);
  }

  /** What cancelling the working orders of one side would send. */
  planCancelSide(side: Side): OrderPlan {
    return this.#actions.cancelAllPlan(this.#instrument.id, side);
  }

  /** Chooses the next own order, from the highest price down. */
  chooseNextOrder(): void {
    const next = nextOwnOrder(this.#desk, this.#instrument);
    if (next !== undefined) this.#desk.link.selectOrder(next);
  }

  /** Takes the next size of the series, or the preset of this place (from 0), where one is shown. */
  setSize(to: { readonly step: 1 | -1 } | { readonly preset: number }): void {
    const { size } = this.#entry;
    const preset = 'preset' in to ? this.#preset(to.preset) : undefined;
    const stepped = 'step' in to && size !== undefined;
    const next = stepped ? nextSize(this.#instrument, size, to.step) : preset;
    if (next !== undefined) this.#desk.link.setSize(this.#instrument.id, next);
  }

  /** One of the sizes shown, and beyond them the next larger ones of their series. */
  #preset(at: number): Quantity | undefined {
    const { presets } = this.#entry;
    let size = presets[Math.min(at, presets.length - 1)];
    for (let from = presets.length - 1; size !== undefined && from < at; from += 1) {
      size = nextSize(this.#instrument, size, 1);
    }
    return size;
  }

  /** Sends a limit order at a price, or says why not. */
  place(side: Side, price: Price): void {
    this.#actions.carryOut(this.#planAt(side, price));
  }

  dispose(): void {
    this.#endVolume?.();
    for (const end of this.#ends) end();
  }

  #planAt(side: Side, at: Price): OrderPlan {
    const { size, postOnly } = this.#entry;
    const conditions = { type: 'Limit', price: at, timeInForce: 'GTC', postOnly } as const;
    return gatedPlan(this.#desk, 'ladder', this.#instrument, size, side, conditions);
  }

  /** Moves one order to the row it was dropped on, and a stack by the distance between the rows. */
  #move(ids: readonly ClientOrderId[], from: Price, to: Price): void {
    const { orders } = this.#desk.trade.store.getState().replica;
    for (const id of ids) {
      const order = orders.get(id);
      if (order?.price === undefined) continue;
      const moved = ids.length === 1 ? to : price(order.price + to - from);
      this.#actions.replacePrice(order, moved);
    }
  }

  #scroll(rows: number): void {
    this.view.model.scroll(rows);
    this.#hover = undefined;
    this.view.draw();
  }

  #setHover(cell: Target | undefined): void {
    if (cell?.price === this.#hover?.price && cell?.side === this.#hover?.side) return;
    this.#hover = cell;
    if (cell !== undefined && this.view.cursor !== undefined) this.view.clearCursor();
    this.#showTip();
  }

  #showTip(): void {
    const target = this.#hover;
    const offset = target === undefined ? undefined : this.view.offsetOf(target.price);
    const { size, postOnly } = this.#entry;
    if (target === undefined || offset === undefined || size === undefined) {
      this.#tip.hide();
      return;
    }
    const text = {
      side: target.side,
      order: `${target.side} ${shortQuantity(size, this.#instrument)}`,
      price: priceText(target.price, this.#instrument),
      warning: this.#warning(target, postOnly),
    };
    this.#tip.show(text, offset, this.#rowHeight, target.side);
  }

  #warning(target: Target, postOnly: boolean): string | undefined {
    const { gate } = orderGateNow(this.#desk, this.#instrument);
    if (!gate.open) return `${gate.reason}: nothing will be sent`;
    if (!this.view.model.crosses(target.side, target.price)) return undefined;
    return postOnly ? 'Crosses, post only' : 'Crosses the market: trades at once';
  }

  #takeRules(): void {
    const now = this.#desk.feed.instrument(this.#instrument.id);
    if (now === undefined || now === this.#instrument) return;
    const { tickSize } = this.#instrument;
    this.#instrument = now;
    this.view.setInstrument(now);
    if (now.tickSize !== tickSize) {
      // What was under the pointer may be no row any more.
      this.#hover = undefined;
      this.#handlers.onGroup(this.view.model.group);
    }
    this.#showTip();
  }

  #takeOrders(): void {
    const chosen = chosenOrder(this.#desk, this.#instrument)?.clientOrderId;
    const { asked } = this.#desk.trade.store.getState();
    this.view.setOrders(this.#orders(), asked.values(), chosen);
  }

  #orders(): ReturnType<typeof workingOrders> {
    return workingOrders(this.#desk.trade.store.getState().replica).filter(
      (order) => order.instrument === this.#instrument.id,
    );
  }
}
