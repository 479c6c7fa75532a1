import type { KeyAnswer, KeyCommand, KeyReport, KeyRights, KeyWork } from '../../api/keys.ts';
import type { NetworkConfig } from '../../api/supervision.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ApiCredentials } from '../../ports/secret-store.ts';
import { readSettings } from '../../store/settings/settings-file.ts';
import type { PassphraseVault } from '../../store/secrets/vault.ts';
import {
  keyName,
  keyPlace,
  openKeyVault,
  readKeyRights,
  type KeyPlace,
  type KeyProblem,
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
    const done = await this.#do(vault, sandbox, work, readSettings(dataFolder).settings.network);
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
    work: KeyWork,
    network: NetworkConfig,
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
        if (place === undefined) {
          const message = `${work.name} is of no venue that is known here`;
          return err({ code: 'VENUE_UNKNOWN', message });
        }
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
    network: NetworkConfig,
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
