import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { utilityProcess, type MessagePortMain } from 'electron';
import { ENGINE_FLAGS, type EngineChild, type StartChild } from '../host/engine-child.ts';
import { processEnvironment } from '../host/process-environment.ts';

/** The engine's processes as utility processes of Electron; ports can be given to them. `folder` holds their bundles. */
export function startUtilityIn(folder: string): StartChild {
  return (name, args, events): EngineChild => {
    const child = utilityProcess.fork(join(folder, `${name}.cjs`), [...args], {
      execArgv: [...ENGINE_FLAGS],
      env: processEnvironment(),
      stdio: ['ignore', 'inherit', 'pipe'],
      serviceName: `Quarterdeck ${name}`,
    });
    let ended = false;
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', events.onErrorLine);
    }
    child.on('message', events.onMessage);
    // Without a listener it would end main; its exit follows.
    child.on('error', (type, location) => events.onErrorLine(`${type} at ${location}`));
    child.on('exit', (code) => {
      ended = true;
      events.onEnd(`ended by exit ${code}`);
    });
    return {
      get pid() {
        return child.pid;
      },
      get connected() {
        return !ended;
      },
      send: (text) => child.postMessage(text),
      give(text, connection) {
        if (connection.kind !== 'port') return false;
        // Ports of this host are made in `ports.ts` and by its windows.
        child.postMessage(text, [connection.port as MessagePortMain]);
        return true;
      },
      kill() {
        const { pid } = child;
        if (pid === undefined) return;
        try {
          // Its own `kill` asks; a process that hangs would not hear it.
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended by itself; its exit is on its way here.
        }
      },
    };
  };
}
