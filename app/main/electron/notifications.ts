import { BrowserWindow, Notification } from 'electron';

/** Windows tell alike of one fill: what was shown within this time is not shown again. */
const ALIKE_MS = 5000;
const MOST_KEPT = 50;

/** Notifications of the system, for when nobody looks at the desk. */
export class Notifications {
  readonly #shown = new Map<string, number>();

  /** Shows one unless a window of ours has the keyboard; a click brings `window` to the front. */
  show(title: string, body: string, window: BrowserWindow): void {
    if (BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
    const key = `${title}\n${body}`;
    const now = performance.now();
    if (now - (this.#shown.get(key) ?? -Infinity) < ALIKE_MS) return;
    this.#shown.delete(key);
    this.#shown.set(key, now);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > MOST_KEPT && oldest !== undefined) this.#shown.delete(oldest);
    const notification = new Notification({ title, body });
    notification.on('click', () => {
      if (!window.isDestroyed()) window.focus();
    });
    notification.show();
  }
}
