import type { ClientOrderId } from '../../../engine/domain/identifiers.ts';
import type { Price } from '../../../engine/domain/price.ts';
import type { KnownPlace } from '../../state/queue-places.ts';
import type { TagStack } from './own-orders.ts';

/** What a row shows now. Texts are ready to print; shares are 0 to 1. */
export interface RowView {
  readonly price: Price;
  readonly priceText: string;
  readonly volume: string;
  readonly volumeShare: number;
  readonly bid: string;
  readonly bidShare: number;
  readonly ask: string;
  readonly askShare: number;
  readonly flags: string;
  readonly last: string;
  readonly lastSide: string;
  readonly buys: readonly TagStack[];
  readonly sells: readonly TagStack[];
  /** The order that keys for one order act on. */
  readonly chosen: ClientOrderId | undefined;
  readonly tagText: (stack: TagStack) => string;
  readonly aheadText: (place: KnownPlace) => string;
}

function element(className: string, parent: HTMLElement): HTMLElement {
  const made = document.createElement('span');
  made.className = className;
  parent.append(made);
  return made;
}

function cell(className: string, row: HTMLElement): HTMLElement {
  const made = element(className, row);
  made.setAttribute('role', 'gridcell');
  return made;
}

/** One pooled row of the ladder: made once, its texts change, its place never does. */
export class LadderRow {
  readonly element = document.createElement('div');
  readonly #volumeBar: HTMLElement;
  readonly #volumeText: HTMLElement;
  readonly #buys: HTMLElement;
  readonly #bid: HTMLElement;
  readonly #bidBar: HTMLElement;
  readonly #bidText: HTMLElement;
  readonly #big: HTMLElement;
  readonly #end: HTMLElement;
  readonly #ask: HTMLElement;
  readonly #askBar: HTMLElement;
  readonly #askText: HTMLElement;
  readonly #sells: HTMLElement;
  readonly #last: HTMLElement;
  #shown: Partial<RowView> = {};
  #tags = '';
  #own: readonly Tag[] = [];

  constructor() {
    this.element.dataset['testid'] = 'ladder-row';
    this.element.setAttribute('role', 'row');
    const volume = cell('vol', this.element);
    this.#volumeBar = element('size-bar', volume);
    this.#volumeText = element('size', volume);
    this.#buys = cell('own buy', this.element);
    this.#bid = cell('bid', this.element);
    this.#bid.dataset['side'] = 'Buy';
    this.#bidBar = element('size-bar', this.#bid);
    this.#bidText = element('size', this.#bid);
    const price = cell('price', this.element);
    this.#big = element('big', price);
    this.#end = element('end', price);
    this.#ask = cell('ask', this.element);
    this.#ask.dataset['side'] = 'Sell';
    this.#askBar = element('size-bar', this.#ask);
    this.#askText = element('size', this.#ask);
    this.#sells = cell('own sell', this.element);
    this.#last = cell('lt', this.element);
  }

  /** Shows `view`, touching only what differs from what is shown. */
  show(view: RowView): void {
    const shown = this.#shown;
    if (view.priceText !== shown.priceText) {
      this.element.dataset['price'] = String(view.price);
      this.#big.textContent = view.priceText.slice(0, -2);
      this.#end.textContent = view.priceText.slice(-2);
    }
    if (view.flags !== shown.flags) this.element.className = `lv ${view.flags}`;
    if (view.volume !== shown.volume) this.#volumeText.textContent = view.volume;
    if (view.volumeShare !== shown.volumeShare) {
      this.#volumeBar.style.width = percent(view.volumeShare);
    }
    if (view.bid !== shown.bid) this.#bidText.textContent = view.bid;
    if (view.bidShare !== shown.bidShare) this.#bidBar.style.width = percent(view.bidShare);
    if (view.ask !== shown.ask) this.#askText.textContent = view.ask;
    if (view.askShare !== shown.askShare) this.#askBar.style.width = percent(view.askShare);
    if (view.last !== shown.last || view.lastSide !== shown.lastSide) {
      this.#last.textContent = view.last;
      this.#last.className = `lt ${view.lastSide}`;
    }
    const stacks = [...view.buys, ...view.sells];
    const tags = stacks.map((tag) => tagKey(tag, view)).join(' ');
    if (tags !== this.#tags) {
      this.#tags = tags;
      const buys = view.buys.map((tag) => new Tag(tag, view));
      const sells = view.sells.map((tag) => new Tag(tag, view));
      // They stand in a row from the right: the first has room before all others.
      const fromRight = buys.toReversed();
      this.#buys.replaceChildren(...fromRight.flatMap(({ ahead, button }) => [button, ahead]));
      this.#sells.replaceChildren(...sells.flatMap(({ ahead, button }) => [button, ahead]));
      this.#own = [...buys, ...sells];
    }
    stacks.forEach((stack, index) => this.#own[index]?.place(stack, view));
    this.#shown = view;
  }
}

function percent(share: number): string {
  return `${Math.round(Math.min(1, share) * 100)}%`;
}

function ordersOf({ tags }: TagStack): string {
  return tags.flatMap(({ id }) => id ?? []).join(' ');
}

function isChosen({ tags }: TagStack, { chosen }: RowView): boolean {
  return tags.some(({ id }) => id !== undefined && id === chosen);
}

function tagKey(stack: TagStack, view: RowView): string {
  const chosen = isChosen(stack, view) ? 'chosen' : '';
  return `${ordersOf(stack)}:${stack.look}:${view.tagText(stack)}:${stack.side}:${chosen}`;
}

/** The tag of a stack, which a hand may hold, and beside it what is to trade before it: that changes in place. */
class Tag {
  readonly button = document.createElement('button');
  readonly ahead = document.createElement('span');
  readonly #way = document.createElement('span');
  readonly #label: string;
  #shown = '';

  constructor(stack: TagStack, view: RowView) {
    const { button } = this;
    const { look, side, tags } = stack;
    const text = view.tagText(stack);
    const many = tags.length === 1 ? '' : `${tags.length} orders, `;
    button.type = 'button';
    button.tabIndex = -1;
    const chosen = isChosen(stack, view);
    button.className = `tag ${look}${chosen ? ' chosen' : ''}`;
    button.dataset['testid'] = 'ladder-order-tag';
    // What is only asked for cannot be cancelled or moved: it has no name yet.
    if (look !== 'asked') button.dataset['order'] = ordersOf(stack);
    button.dataset['look'] = look;
    this.#label = `${side} ${text} at ${view.priceText}, ${many}${look}${chosen ? ', chosen' : ''}`;
    button.setAttribute('aria-label', this.#label);
    button.textContent = text;
    if (tags.length > 1) {
      const count = element('count', button);
      count.textContent = `\u00d7${tags.length}`;
      button.title = `${tags.length} orders: a click cancels them all`;
    }
    this.ahead.className = 'ahead';
    this.ahead.dataset['testid'] = 'ladder-ahead';
    this.ahead.title = 'Ahead of it, at most: cancels are thought to have stood behind';
    this.#way.className = 'way';
    button.append(this.#way);
  }

  /** Shows how far the foremost order of the stack has come. */
  place({ place, look }: TagStack, view: RowView): void {
    const told = look === 'working' ? place : undefined;
    const text = told === undefined ? '' : view.aheadText(told);
    const share = told === undefined || told.level === 0 ? 0 : 1 - told.ahead / told.level;
    const key = `${text} ${percent(share)}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.ahead.textContent = text;
    this.#way.style.width = percent(share);
    const label = text === '' ? this.#label : `${this.#label}, at most ${text} ahead`;
    this.button.setAttribute('aria-label', label);
  }
}
