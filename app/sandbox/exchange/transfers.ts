import { balanceOf, type Account } from './account.ts';

/** Who hears of money that came from outside, or went there when `amount` is negative. */
export type TransferListener = (asset: string, amount: bigint, timeMs: number) => void;

/** Deposits and withdrawals: what changes the account's balances and no order of it explains. */
export class Transfers {
  readonly #account: Account;
  readonly #nowMs: () => number;
  readonly #listeners: TransferListener[] = [];

  constructor(account: Account, nowMs: () => number) {
    this.#account = account;
    this.#nowMs = nowMs;
  }

  listen(listener: TransferListener): void {
    this.#listeners.push(listener);
  }

  /** What of an asset could be withdrawn, at the asset scale. */
  free(asset: string): bigint {
    return this.#account.balances.get(asset)?.free ?? 0n;
  }

  /** Moves `amount` at the asset scale in, or out when it is negative; false, and nothing moved, when less is free. */
  move(asset: string, amount: bigint): boolean {
    if (this.free(asset) + amount < 0n) return false;
    const timeMs = this.#nowMs();
    balanceOf(this.#account, asset).free += amount;
    this.#account.updateTimeMs = timeMs;
    for (const listener of this.#listeners) listener(asset, amount, timeMs);
    return true;
  }
}
