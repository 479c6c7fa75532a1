import { app, dialog, type BrowserWindow } from 'electron';
import type { TradeLine } from '../host/trade-line.ts';

const KEEP = 0;
const CANCEL = 1;
const STAY = 2;

/** Leaves the desk: asks once when orders are open, then stops the engine and ends the program. */
export class Leaving {
  readonly #line: TradeLine;
  readonly #stop: () => Promise<void>;
  #going = false;
  #asking = false;

  constructor(line: TradeLine, stop: () => Promise<void>) {
    this.#line = line;
    this.#stop = stop;
  }

  /** True from when it is decided: windows close without more questions. */
  get going(): boolean {
    return this.#going;
  }

  /** Leaves, or stays when the person says so. */
  async ask(over: BrowserWindow | undefined): Promise<void> {
    if (this.#going || this.#asking) return;
    this.#asking = true;
    const may = await this.#mayLeave(over);
    this.#asking = false;
    if (may) await this.now();
  }

  /** Leaves without a question: the system asks for it. */
  async now(): Promise<void> {
    if (this.#going) return;
    this.#going = true;
    await this.#stop();
    app.exit(0);
  }

  async #mayLeave(over: BrowserWindow | undefined): Promise<boolean> {
    const open = await this.#line.openOrders();
    if (open === 0) return true;
    const answer = await this.#choose(over, openWords(open), [
      'Keep them and close',
      'Cancel them and close',
      'Stay',
    ]);
    if (answer !== CANCEL) return answer === KEEP;
    const left = await this.#line.cancelAll();
    if (left === 0) return true;
    const again = await this.#choose(over, `${leftWords(left)} not confirmed as canceled`, [
      'Close all the same',
      'Stay',
    ]);
    return again === KEEP;
  }

  async #choose(
    over: BrowserWindow | undefined,
    message: string,
    buttons: string[],
  ): Promise<number> {
    const last = buttons.length - 1;
    const options = {
      type: 'warning' as const,
      title: 'Close the desk',
      message,
      detail:
        'Orders at a venue stay there when the desk is closed; the built-in exchange ends with it.',
      buttons,
      defaultId: last,
      cancelId: last,
      noLink: true,
    };
    const { response } = await (over === undefined
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(over, options));
    return response < buttons.length ? response : STAY;
  }
}

function openWords(open: number | undefined): string {
  if (open === undefined) return 'Trading does not answer: whether orders are open is not known';
  return open === 1 ? 'An order is open' : `${open} orders are open`;
}

function leftWords(left: number | undefined): string {
  if (left === undefined) return 'Trading does not answer: orders are';
  return left === 1 ? 'An order is' : `${left} orders are`;
}
