import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { processEnvironment } from './process-environment.ts';
import {
  ENGINE_FLAGS,
  type ChildEvents,
  type ChildName,
  type EngineChild,
  type StartChild,
} from './engine-child.ts';

const ENTRIES: Readonly<Record<ChildName, URL>> = {
  feed: new URL('../../engine/processes/feed/main.ts', import.meta.url),
  trade: new URL('../../engine/processes/trade/main.ts', import.meta.url),
  keys: new URL('../../engine/processes/keys/main.ts', import.meta.url),
  sandbox: new URL('../../cli/sandbox-process.ts', import.meta.url),
};

/** The engine's processes as children of plain Node; sockets can be given to them. */
export const startForked: StartChild = (name, args, events) =>
  forkChild(ENTRIES[name], args, events);

/** Starts `entry` as a child of plain Node. */
export function forkChild(entry: URL, args: readonly string[], events: ChildEvents): EngineChild {
  const child = fork(entry, args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...ENGINE_FLAGS],
    env: processEnvironment(),
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', events.onErrorLine);
  }
  child.on('message', events.onMessage);
  let ended = false;
  const onEnd = (how: string): void => {
    if (ended) return;
    ended = true;
    events.onEnd(how);
  };
  child.on('exit', (code, signal) => onEnd(`ended by ${signal ?? `exit ${code}`}`));
  // Also told when a message can no longer be delivered: the exit that follows says why.
  child.on('error', (error) => {
    if (child.pid === undefined) onEnd(`cannot be started: ${error.message}`);
  });
  return {
    get pid() {
      return child.pid;
    },
    get connected() {
      return child.connected;
    },
    send: (text) => void child.send(text),
    give(text, connection) {
      if (connection.kind !== 'socket') return false;
      stopReading(connection.socket);
      child.send(text, connection.socket);
      return true;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Node goes on reading a socket until the process it is handed to has confirmed it, and drops what it reads: a client that answers the handshake at once would lose its first message. No public call stops that. */
function stopReading(socket: Socket): void {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const readStop: unknown = Reflect.get(handle, 'readStop');
  if (typeof readStop === 'function') Reflect.apply(readStop, handle, []);
}
