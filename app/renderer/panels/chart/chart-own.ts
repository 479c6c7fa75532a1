import type { ClientOrderId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Price } from '../../../engine/domain/price.ts';
import type { HeldOrders } from '../../charts/chart-pointer.ts';
import type { PriceChart } from '../../charts/price-chart.ts';
import type { DeskActions } from '../../commands/desk-actions.ts';
import { movePlan } from '../../commands/quick-orders.ts';
import { priceText } from '../../format/number-text.ts';
import { workingOrders } from '../../state/account-replica.ts';
import type { Desk } from '../../state/desk.tsx';
import { token } from '../../ui/theme.ts';
import { chartFills } from './chart-data.ts';
import { orderTags, positionTag } from './chart-tags.ts';

/** Own orders, position and fills on a chart; orders are moved by their boxes. */
export class OwnOnChart {
  readonly #chart: PriceChart;
  readonly #desk: Desk;
  readonly #actions: DeskActions;
  readonly #id: Instrument['id'];
  readonly #drawn: Instrument;

  constructor(chart: PriceChart, desk: Desk, actions: DeskActions, instrument: Instrument) {
    this.#chart = chart;
    this.#desk = desk;
    this.#actions = actions;
    this.#id = instrument.id;
    this.#drawn = instrument;
  }

  /** Draws what there is now; fills on bars of this length, from the first on. */
  draw(firstTime: number, barSeconds: number): void {
    const { replica } = this.#desk.trade.store.getState();
    const position = replica.positions.find((held) => held.instrument === this.#id);
    const held = positionTag(position, this.#drawn, token);
    const orders = orderTags(workingOrders(replica), this.#drawn, token);
    this.#chart.setTags(held === undefined ? orders : [held, ...orders]);
    const fills = chartFills(replica.fills, this.#drawn, barSeconds);
    this.#chart.setFills(fills.filter((fill) => fill.time >= firstTime));
  }

  /** Orders whose box is there and may be moved. */
  ordersAt(x: number, y: number): HeldOrders | undefined {
    const tag = this.#chart.tagAt(x, y);
    return tag === undefined || tag.orders.length === 0
      ? undefined
      : { orders: tag.orders, price: tag.price };
  }

  /** Shows where held orders would go. */
  hold(held: HeldOrders | undefined): void {
    const to = held && this.#tickAt(held.price);
    if (to === undefined) {
      this.#chart.setHeld(undefined);
      return;
    }
    const label = `Move to ${priceText(to, this.#drawn)}`;
    this.#chart.setHeld({ price: to / 10 ** this.#drawn.priceScale, label });
  }

  /** Moves orders of one price to another one. */
  move({ orders }: HeldOrders, price: number): void {
    const rules = this.#desk.feed.instrument(this.#id) ?? this.#drawn;
    const { replica } = this.#desk.trade.store.getState();
    const to = this.#tickAt(price);
    for (const id of orders) {
      const order = replica.orders.get(id as ClientOrderId);
      if (order === undefined || order.price === to) continue;
      this.#actions.carryOut(movePlan(order, rules, to));
    }
  }

  /** The price of the venue that is next to a place on the chart. */
  #tickAt(price: number): Price {
    const { tickSize, priceScale } = this.#desk.feed.instrument(this.#id) ?? this.#drawn;
    return (Math.round((price * 10 ** priceScale) / tickSize) * tickSize) as Price;
  }
}
