import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AccountId, ClientOrderId, InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Interval } from '../../engine/domain/market.ts';
import type { Quantity } from '../../engine/domain/price.ts';
import type { UnixMicros } from '../../engine/domain/time.ts';
import type { LinkGroupNumber, LinkItem, PanelLinkSetting } from '../client/host-client.ts';

/** What can be chosen in a panel, and shared with its link group. */
export interface Choice {
  /** Undefined until something can be shown. */
  readonly instrument: InstrumentId | undefined;
  /** The order chosen last. */
  readonly order: ClientOrderId | undefined;
  /** Null is every account. */
  readonly account: AccountId | null;
  /** Undefined while every chart keeps its own. */
  readonly interval: Interval | undefined;
  /** The time that is pointed at; null is none. */
  readonly pointed: UnixMicros | null;
  /** The last time in sight; null is the newest there is. */
  readonly seen: UnixMicros | null;
}

/** What a panel shows, by itself or with its link group, and the sizes that tickets and ladders would use. */
export interface LinkState extends Choice {
  /** Order quantity by instrument, as last chosen in this window. */
  readonly sizes: ReadonlyMap<InstrumentId, Quantity>;
}

/** Values of what was chosen; what is not named is as before. */
export type Chosen = { readonly [Key in keyof Choice]?: Exclude<Choice[Key], undefined> };

/** What a component chooses in, and follows. */
export interface Link {
  readonly store: StoreApi<LinkState>;
  /** True when it is linked in this. */
  carries(item: LinkItem): boolean;
  select(instrument: InstrumentId): void;
  selectOrder(order: ClientOrderId): void;
  /** Account, interval and time; the last two only where they are linked, a chart keeps its own. */
  choose(choice: Omit<Chosen, 'instrument' | 'order'>): void;
  setSize(instrument: InstrumentId, size: Quantity): void;
}

/** What every panel has, linked or not. */
const OWN: readonly LinkItem[] = ['instrument', 'account'];

const NOTHING: Choice = {
  instrument: undefined,
  order: undefined,
  account: null,
  interval: undefined,
  pointed: null,
  seen: null,
};

const NO_INTERVAL: Partial<Choice> = { interval: undefined };
const NO_TIME: Partial<Choice> = { pointed: null, seen: null };

/** What of a choice is linked together. */
const ITEM_OF: Readonly<Record<keyof Choice, LinkItem>> = {
  instrument: 'instrument',
  order: 'instrument',
  account: 'account',
  interval: 'interval',
  pointed: 'time',
  seen: 'time',
};

interface Linked {
  readonly link: Link;
  setting: PanelLinkSetting;
  /** False until its setting is known. */
  configured: boolean;
}

/** The group that panels are docked in. */
const USUAL_GROUP: LinkGroupNumber = 6;

/** The link groups of a window: which panel follows which, the same in every window through main. */
export class Links {
  /** The link of the panel that had the focus last: what keys and the order line act on. */
  readonly window: Link;
  readonly #windowStore = createStore<LinkState>(() => ({ ...NOTHING, sizes: new Map() }));
  readonly #publish: (group: LinkGroupNumber, choice: Chosen) => boolean;
  readonly #panels = new Map<string, Linked>();
  readonly #groups = new Map<LinkGroupNumber, Chosen>();
  /** Own choices that main has not told back, by group and what was chosen: until then what others chose before is old. */
  readonly #untold = new Map<string, number>();
  #focused: string | undefined;
  #first: InstrumentId | undefined;
  /** What a group other than the usual one begins with. */
  #second: InstrumentId | undefined;
  #sizes: ReadonlyMap<InstrumentId, Quantity> = new Map();

  constructor(publish: (group: LinkGroupNumber, choice: Chosen) => boolean) {
    this.#publish = publish;
    this.window = {
      store: this.#windowStore,
      carries: (item) => this.#active?.link.carries(item) === true,
      select: (instrument) => this.#active?.link.select(instrument),
      selectOrder: (order) => this.#active?.link.selectOrder(order),
      choose: (choice) => this.#active?.link.choose(choice),
      setSize: (instrument, size) => this.#setSize(instrument, size),
    };
  }

  /** The link of a docked panel, as `configure` has set it. */
  panel(id: string): Link {
    return this.#linked(id).link;
  }

  /** The panels of this window, in reading order, and how each is linked; others are forgotten. */
  configure(settings: ReadonlyMap<string, PanelLinkSetting>): void {
    for (const id of this.#panels.keys()) if (!settings.has(id)) this.#panels.delete(id);
    for (const [id, setting] of settings) {
      const linked = this.#linked(id);
      const before = linked.setting;
      linked.setting = setting;
      if (setting?.what.includes('interval') !== true) this.#take(linked, NO_INTERVAL);
      if (setting?.what.includes('time') !== true) this.#take(linked, NO_TIME);
      if (!linked.configured) this.#take(linked, { instrument: this.#beginning(setting) });
      linked.configured = true;
      // Who was moved by hand stays there until its group moves.
      if (!follows(setting)) continue;
      const joined = before?.group !== setting.group || before.role !== setting.role;
      const known = joined || !follows(before) ? [] : before.what;
      const taken = setting.what.filter((item) => !known.includes(item));
      this.#take(linked, onlyOf(this.#groups.get(setting.group) ?? {}, taken));
    }
    this.#mirror();
  }

  /** A panel has the focus. */
  focus(id: string): void {
    this.#focused = id;
    this.#mirror();
  }

  /** What main keeps of the groups; another workspace has others. */
  load(groups: ReadonlyMap<LinkGroupNumber, Chosen>): void {
    this.#groups.clear();
    for (const [group, choice] of groups) this.#hold(group, choice);
  }

  /** What was chosen in a group, in the order in which main heard it. */
  hear(group: LinkGroupNumber, choice: Chosen, own: boolean): void {
    const news = Object.entries(choice).filter(([key]) => {
      const place = `${group} ${key}`;
      const untold = Math.max(0, (this.#untold.get(place) ?? 0) - (own ? 1 : 0));
      this.#untold.set(place, untold);
      return untold === 0;
    });
    if (news.length > 0) this.#hold(group, Object.fromEntries(news));
  }

  /** Choices on their way when main went away are never told back. */
  reconnected(): void {
    this.#untold.clear();
  }

  /** What can be shown: who shows nothing, or something else, shows the first of it; in another group than the usual the second, so that two groups begin with two. */
  offer(instruments: readonly InstrumentId[]): void {
    const [first, second = first] = instruments;
    if (first === undefined) return;
    this.#first = first;
    this.#second = second;
    const known = new Set(instruments);
    const lost = (instrument: InstrumentId | undefined): boolean =>
      instrument === undefined || !known.has(instrument);
    for (const [group, { instrument }] of this.#groups) {
      if (!lost(instrument)) continue;
      const beginning = group === USUAL_GROUP ? first : second;
      if (beginning !== undefined) this.#hold(group, { instrument: beginning });
    }
    for (const linked of this.#panels.values()) {
      if (!lost(linked.link.store.getState().instrument)) continue;
      this.#take(linked, { instrument: this.#beginning(linked.setting) });
    }
    this.#mirror();
  }

  #beginning(setting: PanelLinkSetting): InstrumentId | undefined {
    return setting === null || setting.group === USUAL_GROUP ? this.#first : this.#second;
  }

  get #active(): Linked | undefined {
    const focused = this.#focused === undefined ? undefined : this.#panels.get(this.#focused);
    return focused ?? this.#panels.values().next().value;
  }

  #linked(id: string): Linked {
    const known = this.#panels.get(id);
    if (known !== undefined) return known;
    const store = createStore<LinkState>(() => ({
      ...NOTHING,
      instrument: this.#first,
      sizes: this.#sizes,
    }));
    const linked: Linked = {
      setting: null,
      configured: false,
      link: {
        store,
        carries: (item) => linked.setting?.what.includes(item) === true,
        select: (instrument) => {
          if (store.getState().instrument !== instrument) this.#choose(linked, { instrument });
        },
        selectOrder: (order) => this.#choose(linked, { order }),
        choose: (choice) => {
          if (differs(store.getState(), choice)) this.#choose(linked, choice);
        },
        setSize: (instrument, size) => this.#setSize(instrument, size),
      },
    };
    this.#panels.set(id, linked);
    return linked;
  }

  #choose(linked: Linked, choice: Chosen): void {
    const { setting } = linked;
    if (setting !== null && setting.role !== 'destination') {
      const told = onlyOf(choice, setting.what);
      if (Object.keys(told).length > 0) this.#tell(setting.group, told);
    }
    this.#take(linked, onlyOf(choice, [...OWN, ...(setting?.what ?? [])]));
    this.#mirror();
  }

  #tell(group: LinkGroupNumber, choice: Chosen): void {
    if (this.#publish(group, choice)) {
      for (const key of Object.keys(choice)) {
        const place = `${group} ${key}`;
        this.#untold.set(place, (this.#untold.get(place) ?? 0) + 1);
      }
    }
    this.#hold(group, choice);
  }

  #hold(group: LinkGroupNumber, choice: Chosen): void {
    this.#groups.set(group, { ...this.#groups.get(group), ...choice });
    for (const linked of this.#panels.values()) {
      const { setting } = linked;
      if (follows(setting) && setting.group === group) {
        this.#take(linked, onlyOf(choice, setting.what));
      }
    }
    this.#mirror();
  }

  #take({ link }: Linked, choice: Partial<Choice>): void {
    if (differs(link.store.getState(), choice)) link.store.setState(choice);
  }

  #setSize(instrument: InstrumentId, size: Quantity): void {
    this.#sizes = new Map(this.#sizes).set(instrument, size);
    for (const { link } of this.#panels.values()) link.store.setState({ sizes: this.#sizes });
    this.#mirror();
  }

  #mirror(): void {
    const shown = this.#active?.link.store.getState();
    const { sizes: _sizes, ...choice } = shown ?? { ...NOTHING, instrument: this.#first, sizes: 0 };
    const now = this.#windowStore.getState();
    if (differs(now, choice) || now.sizes !== this.#sizes) {
      this.#windowStore.setState({ ...choice, sizes: this.#sizes });
    }
  }
}

function follows(
  setting: PanelLinkSetting,
): setting is NonNullable<PanelLinkSetting> & { readonly role: 'both' | 'destination' } {
  return setting !== null && setting.role !== 'source';
}

/** What of a choice belongs to these items. */
function onlyOf(choice: Chosen, items: readonly LinkItem[]): Chosen {
  const linked = Object.entries(choice).filter(([key]) =>
    items.includes(ITEM_OF[key as keyof Choice]),
  );
  return Object.fromEntries(linked);
}

function differs(state: Choice, choice: Partial<Choice>): boolean {
  return Object.entries(choice).some(([key, value]) => state[key as keyof Choice] !== value);
}
