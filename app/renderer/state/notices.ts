import { createStore } from 'zustand/vanilla';

/** How much a notice asks of the reader; only danger waits to be dismissed. */
export type NoticeLevel = 'info' | 'done' | 'warning' | 'danger';

/** One line in the reserved corner. */
export interface Notice {
  readonly id: number;
  readonly level: NoticeLevel;
  readonly title: string;
  readonly text: string;
  /** Milliseconds since the epoch when it was raised. */
  readonly at: number;
}

/** Most notices shown at once; older ones give way. */
const MOST = 4;
const SHOWN_MS = 8000;

interface NoticeState {
  readonly notices: readonly Notice[];
}

/** The notices of this window. */
export class Notices {
  readonly store = createStore<NoticeState>(() => ({ notices: [] }));
  #next = 1;

  /** Raises a notice; it leaves by itself unless it is danger. */
  raise(level: NoticeLevel, title: string, text: string): void {
    const id = this.#next++;
    const notice = { id, level, title, text, at: Date.now() };
    this.store.setState((state) => ({ notices: [...state.notices, notice].slice(-MOST) }));
    if (level !== 'danger') setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.store.setState((state) => ({
      notices: state.notices.filter((notice) => notice.id !== id),
    }));
  }
}
