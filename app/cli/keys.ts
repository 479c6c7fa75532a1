import { mkdirSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { VenueUrls } from '../engine/api/supervision.ts';
import type { ApiCredentials } from '../engine/ports/secret-store.ts';
import {
  keyName,
  KEYED_VENUES,
  readKeyRights,
  watchedKeyPlace,
  type KeyPlace,
} from '../engine/processes/keys/key-vault.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import { readSettings } from '../engine/store/settings/settings-file.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable, WRONG_INPUT } from './output.ts';
import { ask, openVault } from './vault.ts';

interface KeyOptions extends KeyPlace {
  readonly data?: string;
  readonly url?: string;
  readonly json?: boolean;
}

function sandboxOf({ venue, environment, url }: KeyOptions): VenueUrls | undefined {
  if (environment !== 'sandbox' || venue !== 'BINANCE') return undefined;
  if (url === undefined) {
    throw new CommandFailure(WRONG_INPUT, '--url: name the sandbox, e.g. http://127.0.0.1:9000');
  }
  const socket = url.replace(/^http/, 'ws');
  return { http: url, ws: socket, wsApi: `${socket}/ws-api/v3` };
}

/** Reads the key's rights back from the venue; a key that may withdraw ends the command. */
async function readRights(options: KeyOptions, credentials: ApiCredentials): Promise<string[]> {
  const { network } = readSettings(dataFolderPath(options.data)).settings;
  const sandbox = sandboxOf(options);
  const rights = await readKeyRights(options, sandbox, credentials, network);
  if (rights.ok) return rights.value.warnings;
  throw new CommandFailure(FAILED, `${rights.error.code}: ${rights.error.message}`);
}

function withKey(command: Command): Command {
  return command
    .addOption(
      new Option('--venue <id>', 'the venue')
        .choices(KEYED_VENUES.map((venue) => venue.toLowerCase()))
        .makeOptionMandatory(),
    )
    .requiredOption(
      '--account <name>',
      'what the account is called here; data: of a venue that is watched',
    )
    .addOption(
      new Option('--environment <name>', 'which of its worlds')
        .choices(['live', 'testnet', 'sandbox'])
        .default('live'),
    )
    .option('--url <address>', 'where the sandbox is')
    .option('--json', 'print one JSON document');
}

function tell(options: KeyOptions, done: string, warnings: readonly string[]): void {
  if (options.json === true) {
    printJson({ name: keyName(options), warnings });
    return;
  }
  printLine(`${keyName(options)} ${done}`);
  for (const warning of warnings) printLine(`warning: ${warning}`);
}

/** `qd keys`: venue API keys, write-only, in the passphrase vault. */
export function keysCommand(): Command {
  const keys = new Command('keys').description("venues' API keys, in a vault under a passphrase");
  const given = (command: Command): KeyOptions => {
    const options = command.optsWithGlobals<KeyOptions>();
    const venue = options.venue.toUpperCase() as KeyOptions['venue'];
    const place = venue === 'BINANCE' ? options : watchedKeyPlace(venue);
    if (options.account !== place.account) {
      const words = `--account: the key of a venue that is watched is called ${place.account}`;
      throw new CommandFailure(WRONG_INPUT, words);
    }
    return { ...options, venue };
  };
  withKey(keys.command('add'))
    .description('store a key after reading its rights back; the key and secret are asked for')
    .action(async (_: unknown, command: Command) => {
      const options = given(command);
      const folder = dataFolderPath(options.data);
      const apiKey = process.env['QD_API_KEY'] ?? (await ask('API key: ', false));
      const secret = process.env['QD_API_SECRET'] ?? (await ask('Secret: ', true));
      const warnings = await readRights(options, { apiKey, secret });
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      using vault = await openVault(folder);
      const put = vault.put(keyName(options), { apiKey, secret });
      if (!put.ok) throw new CommandFailure(FAILED, `${put.error.code}: ${put.error.message}`);
      tell(options, 'stored', warnings);
    });
  withKey(keys.command('test'))
    .description('read the rights of a stored key back from the venue')
    .action(async (_: unknown, command: Command) => {
      const options = given(command);
      using vault = await openVault(dataFolderPath(options.data));
      const key = vault.get(keyName(options));
      if (!key.ok) throw new CommandFailure(FAILED, `${key.error.code}: ${key.error.message}`);
      tell(options, 'works', await readRights(options, key.value));
    });
  withKey(keys.command('rm'))
    .description('forget a stored key')
    .action(async (_: unknown, command: Command) => {
      const options = given(command);
      using vault = await openVault(dataFolderPath(options.data));
      const gone = vault.remove(keyName(options));
      if (!gone.ok) throw new CommandFailure(FAILED, `${gone.error.code}: ${gone.error.message}`);
      tell(options, 'removed', []);
    });
  keys
    .command('ls')
    .description('the stored keys, without their secrets')
    .option('--json', 'print one JSON document')
    .action(async (_: unknown, command: Command) => {
      const options = given(command);
      using vault = await openVault(dataFolderPath(options.data));
      const list = vault.list();
      if (options.json === true) printJson({ keys: list });
      else {
        printTable(
          ['name', 'key ends in', 'added'],
          list.map(({ name, apiKeyTail, addedAt }) => [name, apiKeyTail, addedAt]),
        );
      }
    });
  return keys;
}
