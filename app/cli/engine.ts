import { Command } from 'commander';
import { marketOptions } from './desk.ts';
import { launch, type MarketOptions } from './launch.ts';
import { printLine } from './output.ts';

/** `qd engine`: the engine with no screen; stops cleanly on SIGINT and SIGTERM. */
export function engineCommand(): Command {
  return marketOptions(new Command('engine').description('run the engine with no screen')).action(
    async (_: unknown, command: Command) => {
      await launch(command.optsWithGlobals<MarketOptions>(), undefined, () => {
        printLine('engine ready');
      });
    },
  );
}
