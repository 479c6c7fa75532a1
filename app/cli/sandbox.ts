import { Command, Option } from 'commander';
import { createSandbox } from '../sandbox/sandbox.ts';
import { systemClock } from '../sandbox/system-clock.ts';
import { portNumber, stopRequested, wholeNumber } from './launch.ts';
import { CommandFailure, FAILED, printJson, printLine } from './output.ts';

interface SandboxCommandOptions {
  readonly port: number;
  readonly seed: number;
  readonly limits: 'venue' | 'open';
  readonly json?: boolean;
}

/** `qd sandbox`: the exchange on loopback, until it is told to stop. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description("an exchange on loopback that speaks Binance spot's protocol")
    .option('--port <n>', 'port, 0 = a free one', portNumber, 0)
    .option('--seed <n>', 'seed of its market', wholeNumber, 7)
    .addOption(
      new Option('--limits <kind>', "the venue's rate limits, or none")
        .choices(['venue', 'open'])
        .default('venue'),
    )
    .option('--json', 'print one JSON document: addresses and keys')
    .action(async (options: SandboxCommandOptions) => {
      const { port, seed, limits } = options;
      const started = await createSandbox({ clock: systemClock(), port, seed, limits });
      if (!started.ok) {
        const { code, reason } = started.error;
        throw new CommandFailure(FAILED, `${code}: port ${port} cannot be opened (${reason})`);
      }
      await using sandbox = started.value;
      const { url, webSocketUrl, keys } = sandbox;
      if (options.json === true) {
        printJson({ rest: url, streams: webSocketUrl, wsApi: `${webSocketUrl}/ws-api/v3`, keys });
      } else {
        printLine(
          `REST ${url}/api/v3  streams ${webSocketUrl}  WebSocket API ${webSocketUrl}/ws-api/v3`,
        );
        for (const { name, apiKey, secret } of keys) printLine(`${name} key ${apiKey} ${secret}`);
      }
      await stopRequested();
    });
}
