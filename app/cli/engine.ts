import { Command } from 'commander';
import { marketOptions, RENDERER_FOLDER } from './desk.ts';
import { launch, portNumber, type MarketOptions } from './launch.ts';
import { printLine } from './output.ts';

interface EngineCommandOptions extends MarketOptions {
  readonly port?: number;
}

/** `qd engine`: the engine with no screen; stops cleanly on SIGINT and SIGTERM. */
export function engineCommand(): Command {
  return marketOptions(new Command('engine').description('run the engine with no screen'))
    .option('--port <n>', 'serve the desk on this loopback port too, 0 = a free one', portNumber)
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<EngineCommandOptions>();
      const { port } = options;
      const browser = port === undefined ? undefined : { rendererFolder: RENDERER_FOLDER, port };
      await launch(options, browser, (desk) => {
        if (desk.freshUrl !== undefined) printLine(`Open ${desk.freshUrl()}`);
        printLine('engine ready');
      });
    });
}
