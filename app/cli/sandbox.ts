import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { openControlPort } from '../sandbox/faults/control-port.ts';
import { readInstruments, type DescribedMarket } from '../sandbox/instruments-file.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { readDifferences } from '../sandbox/venue-differences.ts';
import { systemClock } from '../sandbox/system-clock.ts';
import { portNumber, stopRequested, wholeNumber } from './launch.ts';
import { CommandFailure, FAILED, printJson, printLine, WRONG_INPUT } from './output.ts';

interface SandboxCommandOptions {
  readonly port: number;
  readonly seed: number;
  readonly limits: 'venue' | 'open';
  readonly instruments?: string;
  readonly faults?: string;
  readonly venue: readonly string[];
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
    .option('--instruments <file>', 'other instruments than the five coins, as JSON')
    .option('--faults <file>', 'what shall go wrong, as JSON')
    .option(
      '--venue <difference>',
      'a venue that shows its prices later and apart: NAME:MILLISECONDS:TICKS; repeat it',
      (one: string, before: readonly string[]) => [...before, one],
      [],
    )
    .option('--json', 'print one JSON document: addresses and keys')
    .action(async (options: SandboxCommandOptions) => {
      const { port, seed, limits } = options;
      const plan = options.faults === undefined ? undefined : readText('--faults', options.faults);
      const differences = readDifferences(options.venue);
      if (!differences.ok) throw new CommandFailure(WRONG_INPUT, `--venue: ${differences.error}`);
      const described = describedMarket(options.instruments);
      const started = await createSandbox({
        clock: systemClock(),
        port,
        seed,
        limits,
        differences: differences.value,
        ...described,
      });
      if (!started.ok) {
        const { code, reason } = started.error;
        throw new CommandFailure(FAILED, `${code}: port ${port} cannot be opened (${reason})`);
      }
      await using sandbox = started.value;
      const { url, webSocketUrl, keys, symbols, faults } = sandbox;
      if (plan !== undefined) {
        const set = faults.set(plan.name, plan.text);
        if (!set.ok) throw new CommandFailure(WRONG_INPUT, set.error.join('\n'));
      }
      await using control = await openControlPort(sandbox);
      const { token } = control;
      if (options.json === true) {
        const wsApi = `${webSocketUrl}/ws-api/v3`;
        const addresses = { rest: url, streams: webSocketUrl, wsApi };
        printJson({ ...addresses, symbols, keys, control: { url: control.url, token } });
      } else {
        printLine(
          `REST ${url}/api/v3  streams ${webSocketUrl}  WebSocket API ${webSocketUrl}/ws-api/v3`,
        );
        printLine(`faults ${control.url}/faults token ${token}`);
        for (const { name, apiKey, secret } of keys) printLine(`${name} key ${apiKey} ${secret}`);
      }
      await stopRequested();
    });
}

/** The market of a file; nothing without one. Ends the command when the file is wrong. */
function describedMarket(file: string | undefined): Partial<DescribedMarket> {
  if (file === undefined) return {};
  const { name, text } = readText('--instruments', file);
  const read = readInstruments(name, text);
  if (!read.ok) throw new CommandFailure(WRONG_INPUT, read.error.join('\n'));
  return read.value;
}

/** A file an option names; ends the command when it cannot be read. */
function readText(option: string, name: string): { readonly name: string; readonly text: string } {
  try {
    return { name, text: readFileSync(name, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(WRONG_INPUT, `${option}: ${reason}`);
  }
}
