import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { LOG_LEVELS } from '../engine/base/log.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import { readSettings } from '../engine/store/settings/settings-file.ts';
import { runElectronDesk } from './electron-desk.ts';
import { findElectron, HERE } from './electron-program.ts';
import {
  chooseMarket,
  collect,
  collectInstruments,
  launch,
  portNumber,
  speedFactor,
  wholeNumber,
  type MarketOptions,
} from './launch.ts';
import { CommandFailure, FAILED, printLine } from './output.ts';
import { timeOption } from './ticks/tick-options.ts';
import { askFreshUrl, findEngine } from './running-engine.ts';

/** The built renderer. */
export const RENDERER_FOLDER = fileURLToPath(new URL('../../build/renderer', import.meta.url));

interface DeskOptions extends MarketOptions {
  readonly host: 'auto' | 'electron' | 'browser';
  readonly port?: number;
  readonly url?: boolean;
}

/** The options that choose a market, for `desk` and `engine`. */
export function marketOptions(command: Command): Command {
  return command
    .option('--sandbox', 'the built-in exchange (the default)')
    .option('--seed <n>', 'seed of the built-in exchange', wholeNumber)
    .addOption(
      new Option('--limits <kind>', 'rate limits of the built-in exchange').choices([
        'venue',
        'open',
      ]),
    )
    .option('--exchange <file>', 'a sandbox that runs already: what its --json printed')
    .option('--replay <file>', 'a recorded market; once per file of one recording', collect)
    .option(
      '--replay-ticks <instrument>',
      'a stored instrument as a market of the past; once per instrument',
      collectInstruments,
    )
    .option('--from <time>', 'of stored ticks: received at or after', timeOption)
    .option('--to <time>', 'of stored ticks: received before', timeOption)
    .option('--speed <factor>', 'pace of the replay, 0 = paused, or max', speedFactor)
    .addOption(
      new Option('--environment <name>', 'Binance instead of the built-in exchange').choices([
        'live',
        'testnet',
      ]),
    )
    .option('--account <name>', 'whose keys to use there', 'main')
    .option('--record', 'keep the market in the tick store')
    .addOption(
      new Option('--log-level <level>', 'what is quieter is not logged (info)').choices(LOG_LEVELS),
    );
}

/** `qd desk`: opens the desk. */
export function deskCommand(): Command {
  return marketOptions(new Command('desk').description('open the desk'))
    .addOption(
      new Option('--host <kind>', 'where the desk is shown')
        .choices(['auto', 'electron', 'browser'])
        .default('auto'),
    )
    .option('--port <n>', 'loopback port of the browser host, 0 = a free one', portNumber)
    .option('--url', 'print a fresh address of the desk that runs on this data folder')
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<DeskOptions>();
      if (options.url === true) {
        printLine(await askFreshUrl(findEngine(dataFolderPath(options.data))));
        return;
      }
      const host = hostOf(options);
      if (host.kind === 'electron') {
        await openElectron(options, host.program);
        return;
      }
      printLine(`Desk in the browser: ${host.why}`);
      const browser = {
        rendererFolder: RENDERER_FOLDER,
        ...(options.port === undefined ? {} : { port: options.port }),
      };
      await launch(options, browser, (desk) => {
        const show = (): void => {
          if (desk.freshUrl !== undefined) printLine(`Open ${desk.freshUrl()}`);
        };
        show();
        printLine('Press Enter for a fresh address, Ctrl+C to stop.');
        process.stdin.on('data', show);
      });
      process.stdin.pause();
    });
}

type HostChoice =
  | { readonly kind: 'electron'; readonly program: string }
  | { readonly kind: 'browser'; readonly why: string };

/** Where the desk is shown; ends the command when Electron was asked for and cannot be had. */
function hostOf({ host, port }: DeskOptions): HostChoice {
  if (host === 'browser') return { kind: 'browser', why: 'asked for by --host' };
  if (host === 'auto' && port !== undefined) {
    return { kind: 'browser', why: 'asked for by --port' };
  }
  const found = findElectron(HERE);
  if (found.ok) return { kind: 'electron', program: found.value };
  if (host === 'auto') return { kind: 'browser', why: found.error };
  throw new CommandFailure(FAILED, `--host electron: ${found.error}; --host browser needs neither`);
}

async function openElectron(options: DeskOptions, program: string): Promise<void> {
  const dataFolder = dataFolderPath(options.data);
  const market = await chooseMarket(options, dataFolder, readSettings(dataFolder).settings);
  const { record = false, logLevel } = options;
  printLine(`Desk in Electron: ${program}`);
  const start = { market, record, ...(logLevel === undefined ? {} : { logLevel }) };
  await runElectronDesk(program, dataFolder, start);
}
