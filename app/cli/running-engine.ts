import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { decodeMessage } from '../engine/api/codec.ts';
import { engineFileSchema, type EngineFile } from '../engine/api/supervision.ts';
import { CommandFailure, FAILED } from './output.ts';

/** Finds the engine of a data folder; ends the command when none runs. */
export function findEngine(dataFolder: string): EngineFile {
  let text: string;
  try {
    text = readFileSync(join(dataFolder, 'run', 'engine.json'), 'utf8');
  } catch {
    const line = `no engine runs on ${dataFolder}; start one with "qd desk" or "qd engine"`;
    throw new CommandFailure(FAILED, line);
  }
  const decoded = decodeMessage(engineFileSchema, text);
  if (decoded.ok) return decoded.value;
  throw new CommandFailure(FAILED, `run/engine.json: ${decoded.error.message}`);
}

/** Asks the engine's desk for a fresh one-time address. */
export async function askFreshUrl(engine: EngineFile): Promise<string> {
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
