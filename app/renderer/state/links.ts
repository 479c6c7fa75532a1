import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClientOrderId, InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Quantity } from '../../engine/domain/price.ts';
import type { LinkGroupNumber, PanelLinkSetting } from '../client/host-client.ts';

/** What a panel shows, by itself or with its link group, and the sizes that tickets and ladders would use. */
export interface LinkState {
  readonly instrument: InstrumentId | undefined;
  /** The order chosen last. */
  readonly order: ClientOrderId | undefined;
  /** Order quantity by instrument, as last chosen in this window. */
  readonly sizes: ReadonlyMap<InstrumentId, Quantity>;
}

/** What a component chooses in, and follows. */
export interface Link {
  readonly store: StoreApi<LinkState>;
  select(instrument: InstrumentId): void;
  selectOrder(order: ClientOrderId): void;
  setSize(instrument: InstrumentId, size: Quantity): void;
}

/** What a link group shares. */
export interface Choice {
  readonly instrument: InstrumentId | undefined;
  readonly order: ClientOrderId | undefined;
}

const NOTHING: Choice = { instrument: undefined, order: undefined };

interface Linked {
  readonly link: Link;
  setting: PanelLinkSetting;
}

/** The link groups of a window: which panel follows which, the same in every window through main. */
export class Links {
  /** The link of the panel that had the focus last: what keys and the order line act on. */
  readonly window: Link;
  readonly #windowStore = createStore<LinkState>(() => ({ ...NOTHING, sizes: new Map() }));
  readonly #publish: (group: LinkGroupNumber, choice: Partial<Choice>) => boolean;
  readonly #panels = new Map<string, Linked>();
  readonly #groups = new Map<LinkGroupNumber, Choice>();
  /** Own choices that main has not told back: until then what others chose before is old. */
  readonly #untold = new Map<LinkGroupNumber, number>();
  #focused: string | undefined;
  #first: InstrumentId | undefined;
  #sizes: ReadonlyMap<InstrumentId, Quantity> = new Map();

  constructor(publish: (group: LinkGroupNumber, choice: Partial<Choice>) => boolean) {
    this.#publish = publish;
    this.window = {
      store: this.#windowStore,
      select: (instrument) => this.#active?.link.select(instrument),
      selectOrder: (order) => this.#active?.link.selectOrder(order),
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
      const joined =
        linked.setting?.group !== setting?.group || linked.setting?.role !== setting?.role;
      linked.setting = setting;
      // Who was moved by hand stays there until its group moves.
      if (joined && follows(setting)) {
        this.#take(linked, this.#groups.get(setting.group) ?? NOTHING);
      }
    }
    this.#mirror();
  }

  /** A panel has the focus. */
  focus(id: string): void {
    this.#focused = id;
    this.#mirror();
  }

  /** What main keeps of the groups; another workspace has others. */
  load(groups: ReadonlyMap<LinkGroupNumber, InstrumentId>): void {
    this.#groups.clear();
    for (const [group, instrument] of groups) this.#hold(group, { instrument });
  }

  /** What was chosen in a group, in the order in which main heard it. */
  hear(group: LinkGroupNumber, choice: Partial<Choice>, own: boolean): void {
    const untold = (this.#untold.get(group) ?? 0) - (own ? 1 : 0);
    this.#untold.set(group, Math.max(0, untold));
    if (untold <= 0) this.#hold(group, choice);
  }

  /** Choices on their way when main went away are never told back. */
  reconnected(): void {
    this.#untold.clear();
  }

  /** What can be shown: who shows nothing, or something else, shows the first of it. */
  offer(instruments: readonly InstrumentId[]): void {
    const [first] = instruments;
    if (first === undefined) return;
    this.#first = first;
    const known = new Set(instruments);
    const lost = ({ instrument }: Choice): boolean =>
      instrument === undefined || !known.has(instrument);
    for (const [group, choice] of this.#groups) {
      if (lost(choice)) this.#hold(group, { instrument: first });
    }
    for (const linked of this.#panels.values()) {
      if (lost(linked.link.store.getState())) this.#take(linked, { instrument: first });
    }
    this.#mirror();
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
      link: {
        store,
        select: (instrument) => {
          if (store.getState().instrument !== instrument) this.#choose(linked, { instrument });
        },
        selectOrder: (order) => this.#choose(linked, { order }),
        setSize: (instrument, size) => this.#setSize(instrument, size),
      },
    };
    this.#panels.set(id, linked);
    return linked;
  }

  #choose(linked: Linked, choice: Partial<Choice>): void {
    const { setting } = linked;
    if (setting !== null && setting.role !== 'destination') {
      if (this.#publish(setting.group, choice)) {
        this.#untold.set(setting.group, (this.#untold.get(setting.group) ?? 0) + 1);
      }
      this.#hold(setting.group, choice);
    }
    this.#take(linked, choice);
    this.#mirror();
  }

  #hold(group: LinkGroupNumber, choice: Partial<Choice>): void {
    this.#groups.set(group, { ...(this.#groups.get(group) ?? NOTHING), ...choice });
    for (const linked of this.#panels.values()) {
      if (follows(linked.setting) && linked.setting.group === group) this.#take(linked, choice);
    }
    this.#mirror();
  }

  #take({ link }: Linked, choice: Partial<Choice>): void {
    const now = link.store.getState();
    const { instrument = now.instrument, order = now.order } = choice;
    if (instrument !== now.instrument || order !== now.order) {
      link.store.setState({ instrument, order });
    }
  }

  #setSize(instrument: InstrumentId, size: Quantity): void {
    this.#sizes = new Map(this.#sizes).set(instrument, size);
    for (const { link } of this.#panels.values()) link.store.setState({ sizes: this.#sizes });
    this.#mirror();
  }

  #mirror(): void {
    const shown = this.#active?.link.store.getState();
    const now = this.#windowStore.getState();
    const { instrument, order } = shown ?? { ...NOTHING, instrument: this.#first };
    const same = instrument === now.instrument && order === now.order && now.sizes === this.#sizes;
    if (!same) this.#windowStore.setState({ instrument, order, sizes: this.#sizes });
  }
}

function follows(
  setting: PanelLinkSetting,
): setting is NonNullable<PanelLinkSetting> & { readonly role: 'both' | 'destination' } {
  return setting !== null && setting.role !== 'source';
}
