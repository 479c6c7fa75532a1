import { createStore } from 'zustand/vanilla';
import type { ClientOrderId, InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Quantity } from '../../engine/domain/price.ts';

/** What linked panels share: the instrument, and the size a ticket or ladder would use. */
export interface LinkState {
  readonly instrument: InstrumentId | undefined;
  /** The order chosen last. */
  readonly order: ClientOrderId | undefined;
  /** Order quantity by instrument, as last chosen. */
  readonly sizes: ReadonlyMap<InstrumentId, Quantity>;
}

/** The one link group of a window. */
export class LinkGroup {
  readonly store = createStore<LinkState>(() => ({
    instrument: undefined,
    order: undefined,
    sizes: new Map(),
  }));

  select(instrument: InstrumentId): void {
    if (this.store.getState().instrument === instrument) return;
    this.store.setState({ instrument });
  }

  selectOrder(order: ClientOrderId): void {
    this.store.setState({ order });
  }

  setSize(instrument: InstrumentId, size: Quantity): void {
    this.store.setState((state) => ({ sizes: new Map(state.sizes).set(instrument, size) }));
  }
}
