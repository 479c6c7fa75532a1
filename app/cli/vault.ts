import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { openKeyVault } from '../engine/processes/keys/key-vault.ts';
import type { PassphraseVault } from '../engine/store/secrets/vault.ts';
import { CommandFailure, FAILED, WRONG_INPUT } from './output.ts';

/** Asks a question on the terminal; a secret answer is not shown. */
export async function ask(question: string, secret: boolean): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY;
  const lines = createInterface({
    input: process.stdin,
    output: silent,
    terminal: secret && terminal,
  });
  for await (const line of lines) {
    if (secret && terminal) process.stderr.write('\n');
    lines.close();
    return line;
  }
  throw new CommandFailure(WRONG_INPUT, `${question.trim()} needs an answer on standard input`);
}

/** Opens the data folder's vault with the passphrase of QD_PASSPHRASE or the terminal. */
export async function openVault(dataFolder: string): Promise<PassphraseVault> {
  const passphrase = process.env['QD_PASSPHRASE'] ?? (await ask('Vault passphrase: ', true));
  if (passphrase === '') throw new CommandFailure(WRONG_INPUT, 'the passphrase must not be empty');
  const vault = openKeyVault(dataFolder, passphrase);
  if (vault.ok) return vault.value;
  throw new CommandFailure(FAILED, `${vault.error.code}: ${vault.error.message}`);
}
