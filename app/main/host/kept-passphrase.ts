/** Whether the vault's passphrase can be kept between two runs of the desk. `Typed`: the host has nowhere to; `Refused`: the system's key store does not protect; `Keepable`; `Kept`. */
export type PassphraseState = 'Typed' | 'Refused' | 'Keepable' | 'Kept';

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
