import type { KeyAnswer, KeyCommand, KeyReport, KeyRights, KeyWork } from '../../api/keys.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ApiCredentials } from '../../ports/secret-store.ts';
import { readSettings } from '../../store/settings/settings-file.ts';
import type { Settings } from '../../store/settings/schema.ts';
import type { PassphraseVault } from '../../store/secrets/vault.ts';
import { VENUE_URLS } from '../venue-urls.ts';
import {
  accountKeys,
  keyName,
  keyPlace,
  openKeyVault,
  readKeyRights,
  type KeyPlace,
  type KeyProblem,
  type VenueMarket,
} from './key-vault.ts';

type Work = Extract<KeyCommand, { readonly type: 'Work' }>;

interface Reviewed {
  readonly place: KeyPlace;
  readonly credentials: ApiCredentials;
  readonly rights: KeyRights;
  readonly vault: PassphraseVault;
}

/** Does what a window asked with the keys of a vault; a live key waits until its account's name is typed. Everything it knows ends with it. */
export class KeyWorker {
  readonly #read: typeof readKeyRights;
  #reviewed: Reviewed | undefined;

  constructor(read: typeof readKeyRights = readKeyRights) {
    this.#read = read;
  }

  /** Opens the vault and does the work. */
  async work({ dataFolder, sandbox, work }: Work): Promise<KeyReport> {
    const opened = openKeyVault(dataFolder, work.passphrase);
    if (!opened.ok) return refused(opened.error);
    const vault = opened.value;
    const { settings } = readSettings(dataFolder);
    if (work.type === 'Use') {
      const market = marketOf(vault, sandbox, work, settings);
      if (!market.ok) return refused(market.error);
      return { ...reported(vault, { state: 'Done', name: work.name }), market: market.value };
    }
    const done = await this.#do(vault, sandbox, work, settings);
    if (!done.ok) return refused(done.error);
    return reported(vault, done.value);
  }

  /** Keeps the key that waits, when `account` is its account's name. */
  confirm(account: string): KeyReport {
    const reviewed = this.#reviewed;
    if (reviewed === undefined) {
      return refused({ code: 'KEY_NOT_WAITING', message: 'no key waits for its review' });
    }
    this.#reviewed = undefined;
    const { place, credentials, rights, vault } = reviewed;
    if (account !== place.account) {
      const message = `expected ${place.account}, typed was another name: nothing was kept`;
      return refused({ code: 'KEY_NOT_CONFIRMED', message });
    }
    const kept = put(vault, place, credentials, rights);
    return kept.ok ? reported(vault, kept.value) : refused(kept.error);
  }

  async #do(
    vault: PassphraseVault,
    sandbox: Work['sandbox'],
    work: Exclude<KeyWork, { type: 'Use' }>,
    { network }: Settings,
  ): Promise<Result<KeyAnswer, KeyProblem>> {
    switch (work.type) {
      case 'List':
        return ok({ state: 'Done', name: '' });
      case 'Add':
        return this.#add(vault, sandbox, work, network);
      case 'Test': {
        const key = vault.get(work.name);
        if (!key.ok) return key;
        const place = keyPlace(work.name);
        if (place === undefined) return unknownVenue(work.name);
        const rights = await this.#read(place, sandbox, key.value, network);
        return rights.ok ? ok({ state: 'Done', name: work.name, rights: rights.value }) : rights;
      }
      case 'Remove': {
        const removed = vault.remove(work.name);
        return removed.ok ? ok({ state: 'Done', name: work.name }) : removed;
      }
    }
  }

  async #add(
    vault: PassphraseVault,
    sandbox: Work['sandbox'],
    { environment, account, apiKey, secret }: Extract<KeyWork, { type: 'Add' }>,
    network: Settings['network'],
  ): Promise<Result<KeyAnswer, KeyProblem>> {
    const credentials = { apiKey, secret };
    const place = { venue: 'BINANCE', environment, account } as const;
    const read = await this.#read(place, sandbox, credentials, network);
    if (!read.ok) return read;
    const rights = read.value;
    if (environment !== 'live') return put(vault, place, credentials, rights);
    this.#reviewed = { place, credentials, rights, vault };
    const name = keyName(place);
    const replaces = vault.list().some((one) => one.name === name);
    return ok({ state: 'Review', name, apiKeyTail: apiKey.slice(-4), replaces, rights });
  }
}

/** The market of an account as its keys trade it; of a live account only when its name was typed. */
function marketOf(
  vault: PassphraseVault,
  sandbox: Work['sandbox'],
  { name, typed }: Extract<KeyWork, { type: 'Use' }>,
  { market: { others } }: Settings,
): Result<VenueMarket, KeyProblem> {
  const key = vault.get(name);
  if (!key.ok) return key;
  const place = keyPlace(name);
  if (place === undefined) return unknownVenue(name);
  const { venue, environment, account } = place;
  if (venue !== 'BINANCE') {
    const message = `${venue} is watched and not traded: its key is used when one of its symbols is watched`;
    return err({ code: 'VENUE_NOT_TRADED', message });
  }
  if (environment === 'live' && typed !== account) {
    const message = `expected ${account}, typed was another name: the desk stays where it is`;
    return err({ code: 'KEY_NOT_CONFIRMED', message });
  }
  const urls = environment === 'sandbox' ? sandbox : VENUE_URLS[environment];
  if (urls === undefined) {
    const message =
      'no sandbox runs here that outlives the change: the built-in one ends with its engine';
    return err({ code: 'SANDBOX_NOT_HERE', message });
  }
  const keys = accountKeys(vault, place, others);
  return keys.ok ? ok({ kind: 'venue', environment, urls, account, ...keys.value }) : keys;
}

function unknownVenue(name: string): Result<never, KeyProblem> {
  return err({ code: 'VENUE_UNKNOWN', message: `${name} is of no venue that is known here` });
}

function put(
  vault: PassphraseVault,
  place: KeyPlace,
  credentials: ApiCredentials,
  rights: KeyRights,
): Result<KeyAnswer, KeyProblem> {
  const name = keyName(place);
  const kept = vault.put(name, credentials);
  if (!kept.ok) return err(kept.error);
  return ok({ state: 'Done', name, rights });
}

function reported(vault: PassphraseVault, answer: KeyAnswer): KeyReport {
  return { answer, entries: [...vault.list()] };
}

function refused({ code, message }: KeyProblem): KeyReport {
  return { answer: { state: 'Refused', code, message } };
}
