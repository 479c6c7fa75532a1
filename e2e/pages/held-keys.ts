import { expect, type CDPSession, type Page } from '@playwright/test';
import type { Window } from '../fixtures/test.ts';
import { doWithOneHand, type Act } from './one-hand.ts';

/** Keys that send, cancel or press what has the keyboard. */
const KEYS = [
  { key: 'b', code: 'KeyB', windowsVirtualKeyCode: 66 },
  { key: 's', code: 'KeyS', windowsVirtualKeyCode: 83 },
  { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 },
  { key: 'Delete', code: 'Delete', windowsVirtualKeyCode: 46 },
] as const;
/** As often as a key repeats in a second. */
const REPEATS = 30;

/** Keys that were pressed long ago and are still held: only their repeats come. */
export class HeldKeys {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async on(page: Page): Promise<HeldKeys> {
    await page.evaluate(() => {
      const held = { seen: 0 };
      addEventListener('keydown', ({ repeat }) => (held.seen += repeat ? 1 : 0), true);
      Object.assign(globalThis, { held });
    });
    return new HeldKeys(page, await page.context().newCDPSession(page));
  }

  /** Does an act after a second of each key, which must change no order; through an act of the mouse they go on. */
  async through(one: Act, window: Window): Promise<void> {
    const strip = this.#page.getByTestId('truth-strip');
    const working = /Working\s*\d+/;
    const before = working.exec((await strip.textContent()) ?? '')?.[0] ?? 'none';
    const seen = await this.#seen();
    for (let repeat = 0; repeat < REPEATS; repeat += 1) await this.#repeat();
    expect(await this.#seen(), 'repeats that the page saw').toBe(seen + REPEATS * KEYS.length);
    await expect(strip).toContainText(new RegExp(`${before}\\D*In flight\\s*0`));
    let done = false;
    const act = doWithOneHand(one, window).finally(() => (done = true));
    while (one.by === 'mouse' && !done) await this.#repeat();
    await act;
  }

  #seen(): Promise<number> {
    return this.#page.evaluate(
      () => (globalThis as unknown as { held: { seen: number } }).held.seen,
    );
  }

  async #repeat(): Promise<void> {
    for (const key of KEYS) {
      const event = { ...key, type: 'rawKeyDown', autoRepeat: true } as const;
      await this.#session.send('Input.dispatchKeyEvent', event);
    }
  }
}
