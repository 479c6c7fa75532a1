import { createHash } from 'node:crypto';

/** Decimals of every balance and commission. */
export const ASSET_SCALE = 8;

/** What an API key may do. */
export interface KeyRights {
  readonly trade: boolean;
  readonly withdraw: boolean;
}

/** A key pair of the sandbox: no secret of anybody. */
export interface SandboxKey {
  readonly name: 'trading' | 'reading' | 'withdrawing';
  readonly apiKey: string;
  readonly secret: string;
  readonly rights: KeyRights;
}

/** An asset of an account, at `ASSET_SCALE`. */
export interface Balance {
  free: bigint;
  locked: bigint;
}

/** The one account of the exchange and its keys. */
export interface Account {
  readonly uid: number;
  readonly keys: readonly SandboxKey[];
  readonly balances: Map<string, Balance>;
  /** Last change in ms. */
  updateTimeMs: number;
}

const RIGHTS: Readonly<Record<SandboxKey['name'], KeyRights>> = {
  trading: { trade: true, withdraw: false },
  reading: { trade: false, withdraw: false },
  withdrawing: { trade: true, withdraw: true },
};

/** The key pairs of a seed: 64 hexadecimal digits each, equal for equal seeds. */
export function keysOf(seed: number): SandboxKey[] {
  const text = (word: string): string =>
    createHash('sha256').update(`quarterdeck sandbox ${seed} ${word}`).digest('hex');
  return (['trading', 'reading', 'withdrawing'] as const).map((name) => ({
    name,
    apiKey: text(`${name} key`),
    secret: text(`${name} secret`),
    rights: RIGHTS[name],
  }));
}

/** An account with `amounts` of whole units. */
export function createAccount(
  seed: number,
  amounts: Readonly<Record<string, number>>,
  nowMs: number,
): Account {
  const balances = new Map<string, Balance>();
  for (const [asset, units] of Object.entries(amounts)) {
    balances.set(asset, { free: BigInt(units) * 10n ** BigInt(ASSET_SCALE), locked: 0n });
  }
  return {
    uid: 100_000_000 + (seed % 1_000_000),
    keys: keysOf(seed),
    balances,
    updateTimeMs: nowMs,
  };
}

/** The balance of an asset, made empty when the account never held it. */
export function balanceOf(account: Account, asset: string): Balance {
  const known = account.balances.get(asset);
  if (known !== undefined) return known;
  const empty = { free: 0n, locked: 0n };
  account.balances.set(asset, empty);
  return empty;
}
