import type { Effect, Input, Update } from '../../domain/input.ts';

/** What the kernel says to a person. */
export type Alert = Extract<Update, { readonly type: 'Alert' }>;

/** One of them, with the session's time at which it was said. */
export type LastAlert = Alert & { readonly at: number };

/** What was said this long before the end, microseconds of the session's clock. */
const LAST_MICROS = 2_000_000;
const MOST_ALERTS = 20;

/**
 * The alerts at the end of a session that is run again. The journal has an input before the kernel acts on it: a process that
 * dies in between has told nobody what follows.
 */
export class LastAlerts {
  #alerts: LastAlert[] = [];
  #end = 0;

  note({ at }: Input, effects: readonly Effect[]): void {
    this.#end = at;
    for (const effect of effects) {
      if (effect.type !== 'Publish' || effect.update.type !== 'Alert') continue;
      this.#alerts.push({ ...effect.update, at });
      if (this.#alerts.length > MOST_ALERTS) this.#alerts.shift();
    }
  }

  /** At most twenty, the oldest first. A clock that was set back makes none of them older. */
  get alerts(): readonly LastAlert[] {
    return this.#alerts.filter(({ at }) => at >= this.#end - LAST_MICROS);
  }
}

/** It as it is told after the next start: with its time. */
export function toldLate({ at, ...alert }: LastAlert): Alert {
  const time = new Date(at / 1000).toISOString().slice(11, 19);
  return { ...alert, message: `before the last stop, at ${time} UTC: ${alert.message}` };
}
