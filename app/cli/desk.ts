import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { LOG_LEVELS } from '../engine/base/log.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import {
  collect,
  launch,
  portNumber,
  speedFactor,
  wholeNumber,
  type MarketOptions,
} from './launch.ts';
import { CommandFailure, FAILED, printLine } from './output.ts';
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
    .option('--speed <factor>', 'pace of the replay, 0 = paused', speedFactor)
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
      if (options.host === 'electron') {
        const line = 'the Electron host is not part of this release; use --host browser';
        throw new CommandFailure(FAILED, line);
      }
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
