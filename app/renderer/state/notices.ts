import { createStore } from 'zustand/vanilla';

/** How much a notice asks of the reader; only danger waits to be dismissed. */
export type NoticeLevel = 'info' | 'done' | 'warning' | 'danger';

/** One line in the reserved corner. */
export interface Notice {
  readonly id: number;
  readonly level: NoticeLevel;
  readonly title: string;
  readonly text: string;
  /** What it is about, when a later one may take its place. */
  readonly key: string | undefined;
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

  /** Raises a notice; it leaves by itself unless it is danger. One of the same `key` gives way to it. */
  raise(level: NoticeLevel, title: string, text: string, key?: string): void {
    const id = this.#next++;
    const notice = { id, level, title, text, key };
    this.store.setState(({ notices }) => {
      const others = notices.filter((other) => key === undefined || other.key !== key);
      return { notices: [...others, notice].slice(-MOST) };
    });
    if (level !== 'danger') setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.store.setState((state) => ({
      notices: state.notices.filter((notice) => notice.id !== id),
    }));
  }
}
