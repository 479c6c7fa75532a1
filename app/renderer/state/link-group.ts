import { createStore } from 'zustand/vanilla';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Quantity } from '../../engine/domain/price.ts';

/** What linked panels share: the instrument, and the size a ticket or ladder would use. */
export interface LinkState {
  readonly instrument: InstrumentId | undefined;
  /** Order quantity by instrument, as last chosen. */
  readonly sizes: ReadonlyMap<InstrumentId, Quantity>;
}

/** The one link group of a window. */
export class LinkGroup {
  readonly store = createStore<LinkState>(() => ({
    instrument: undefined,
    sizes: new Map(),
  }));

  select(instrument: InstrumentId): void {
    if (this.store.getState().instrument === instrument) return;
    this.store.setState({ instrument });
  }

  setSize(instrument: InstrumentId, size: Quantity): void {
    this.store.setState((state) => ({ sizes: new Map(state.sizes).set(instrument, size) }));
  }
}
