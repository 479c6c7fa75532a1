import { Command, CommanderError } from 'commander';
import { VERSION } from '../engine/api/version.ts';
import { benchCommand } from './bench.ts';
import { deskCommand } from './desk.ts';
import { engineCommand } from './engine.ts';
import { feedCommand } from './feed.ts';
import { journalCommand } from './journal.ts';
import { keysCommand } from './keys.ts';
import { orderCommand } from './order.ts';
import { CommandFailure, FAILED, WRONG_INPUT } from './output.ts';
import { recordCommand } from './record.ts';
import { sandboxCommand } from './sandbox.ts';
import { ticksCommand } from './ticks.ts';

const program = new Command('qd')
  .description('Quarterdeck: everything the desk does that needs no screen, and the desk itself.')
  .version(VERSION)
  .option('--data <folder>', 'the data folder (default: QD_DATA, else ~/.quarterdeck)');

for (const command of [
  deskCommand(),
  engineCommand(),
  orderCommand(),
  sandboxCommand(),
  feedCommand(),
  journalCommand(),
  keysCommand(),
  recordCommand(),
  ticksCommand(),
  benchCommand(),
]) {
  program.addCommand(command);
}

function exitOverride(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) exitOverride(child);
}
exitOverride(program);

// Whoever reads the output may stop early (`| head`); that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : FAILED);
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommandFailure) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.status;
  } else if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_INPUT;
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = FAILED;
  }
}
