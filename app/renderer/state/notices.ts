import { createStore } from 'zustand/vanilla';
import { Listeners } from './listeners.ts';

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
  /** Told of each notice that is raised. */
  readonly raised = new Listeners<Notice>();
  #next = 1;

  /** Raises a notice; it leaves by itself unless it is danger. It takes the place of one of the same `key`. */
  raise(level: NoticeLevel, title: string, text: string, key?: string): void {
    const id = this.#next++;
    const notice = { id, level, title, text, key };
    this.store.setState(({ notices }) => {
      const place = notices.findIndex((other) => key !== undefined && other.key === key);
      if (place >= 0) return { notices: notices.with(place, notice) };
      return { notices: [...notices, notice].slice(-MOST) };
    });
    this.raised.notify(notice);
    if (level !== 'danger') setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.#keep((notice) => notice.id !== id);
  }

  /** Takes the notice of `key` away, if it is there. */
  dismissKey(key: string): void {
    this.#keep((notice) => notice.key !== key);
  }

  #keep(wanted: (notice: Notice) => boolean): void {
    const { notices } = this.store.getState();
    const kept = notices.filter(wanted);
    if (kept.length < notices.length) this.store.setState({ notices: kept });
  }
}
