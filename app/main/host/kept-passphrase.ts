import type { Accounts } from '../../engine/api/keys.ts';

export type PassphraseState = Accounts['passphrase'];

/** Where a host keeps the vault's passphrase, when a person asks for it. */
export interface KeptPassphrase {
  readonly state: PassphraseState;
  /** Keeps it; false when that failed, which is logged. */
  keep(passphrase: string): Promise<boolean>;
  /** What was kept; undefined when there is none or it cannot be read any more, which is logged. */
  read(): Promise<string | undefined>;
  forget(): void;
}

/** Of a host with nowhere to keep it. */
export const TYPED_PASSPHRASE: KeptPassphrase = {
  state: 'Typed',
  keep: () => Promise.resolve(false),
  read: () => Promise.resolve(undefined),
  forget: () => undefined,
};
