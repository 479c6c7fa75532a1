import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandFailure, FAILED } from './output.ts';

const engineFileSchema = z.object({ pid: z.number(), socket: z.string(), secret: z.string() });

/** How to reach the engine that runs on a data folder. */
export type RunningEngine = z.infer<typeof engineFileSchema>;

/** Finds the engine of a data folder; ends the command when none runs. */
export function findEngine(dataFolder: string): RunningEngine {
  let text: string;
  try {
    text = readFileSync(join(dataFolder, 'run', 'engine.json'), 'utf8');
  } catch {
    const line = `no engine runs on ${dataFolder}; start one with "qd desk" or "qd engine"`;
    throw new CommandFailure(FAILED, line);
  }
  return engineFileSchema.parse(JSON.parse(text));
}

/** Asks the engine's desk for a fresh one-time address. */
export async function askFreshUrl(engine: RunningEngine): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath: engine.socket,
        path: '/url',
        method: 'POST',
        headers: { authorization: `Bearer ${engine.secret}` },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(text);
          else reject(new CommandFailure(FAILED, 'the running engine serves no desk'));
        });
      },
    );
    call.on('error', () => {
      reject(new CommandFailure(FAILED, `the engine with pid ${engine.pid} does not answer`));
    });
    call.end();
  });
}
