import type { Effect, Input, Update } from '../../domain/input.ts';

/** What the kernel says to a person. */
export type Alert = Extract<Update, { readonly type: 'Alert' }>;

/** What was said this long before the end, microseconds of the session's clock. */
const LAST_MICROS = 2_000_000;
const MOST_ALERTS = 20;

/**
 * The alerts at the end of a session that is run again. The journal has an input before the kernel acts on it: a process that
 * dies in between has told nobody what follows.
 */
export class LastAlerts {
  #alerts: { readonly at: number; readonly alert: Alert }[] = [];
  #end = 0;

  note({ at }: Input, effects: readonly Effect[]): void {
    this.#end = at;
    for (const effect of effects) {
      if (effect.type !== 'Publish' || effect.update.type !== 'Alert') continue;
      this.#alerts.push({ at, alert: effect.update });
      if (this.#alerts.length > MOST_ALERTS) this.#alerts.shift();
    }
  }

  /** At most twenty, the oldest first. A clock that was set back makes none of them older. */
  get alerts(): readonly Alert[] {
    return this.#alerts.filter(({ at }) => at >= this.#end - LAST_MICROS).map(({ alert }) => alert);
  }
}
