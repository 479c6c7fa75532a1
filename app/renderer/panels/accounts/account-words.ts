import type { Accounts, KeyRights } from '../../state/desk.tsx';

/** A world of the venue that keys can be kept for. */
export type KeyEnvironment = Accounts['environments'][number];

/** Worlds as they are named. */
export const ENVIRONMENT_WORDS: Readonly<Record<KeyEnvironment, string>> = {
  testnet: 'Testnet',
  live: 'Live',
  sandbox: 'This sandbox',
};

/** Whose key an account is traded with. */
export const HOLDER_WORDS: Readonly<Record<Accounts['running']['with'], string>> = {
  vault: 'with its key of the vault',
  exchange: 'with a key of the sandbox itself',
  simulation: 'simulated: no key is used',
  nobody: 'prices only: this engine was started without a key',
};

/** The parts of an account's name: `BINANCE@testnet/main`. */
export interface AccountParts {
  readonly account: string;
  readonly venue: string;
  readonly environment: string;
}

/** Takes an account's name apart. */
export function accountParts(name: string): AccountParts {
  const [place = '', account = ''] = name.split('/');
  const [venue = '', environment = 'live'] = place.split('@');
  return { account, venue, environment };
}

/** What starts a desk on an account; undefined where no start is on it alone. */
export function startWords(name: string): string | undefined {
  const { account, environment } = accountParts(name);
  if (environment !== 'live' && environment !== 'testnet') return undefined;
  return `qd desk --environment ${environment} --account ${account}`;
}

/** What a key may do, in one line. */
export function rightsWords({ rights, warnings }: KeyRights): string {
  return [...rights, ...warnings].join('; ');
}

/** What is wrong with an account's name; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(name)) return undefined;
  return 'expected up to 40 letters, digits, - and _';
}
