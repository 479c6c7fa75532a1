import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { MessagePortMain, PortEnd } from './ports.ts';
import type { UtilityWord } from './utility-process.ts';

// Begins a utility process: what Node has and Electron's has not is taken away, what Electron's has is put in its place.

const send = process.send?.bind(process);
const say = (word: UtilityWord): void => void send?.(word);
const ports = new Map<number, PortEnd>();

class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    say({ kind: 'message', data, ports: [] });
  }
}

function portOf(port: number): MessagePortMain {
  const [ours, theirs] = PortEnd.pair();
  ports.set(port, theirs);
  theirs.attach({
    deliver: (data) => say({ kind: 'port', port, data }),
    closed: () => say({ kind: 'closed', port }),
  });
  return new MessagePortMain(ours);
}

const parentPort = new ParentPort();
process.on('message', (word: UtilityWord) => {
  if (word.kind === 'message') {
    parentPort.emit('message', { data: word.data, ports: word.ports.map(portOf) });
  } else if (word.kind === 'port') {
    ports.get(word.port)?.post(word.data);
  } else {
    ports.get(word.port)?.close();
  }
});
// Electron ends its utility processes with itself.
process.on('disconnect', () => process.exit(0));
Object.assign(process, { send: undefined, parentPort });
const [, , program = ''] = process.argv;
process.argv.splice(1, 1);
createRequire(import.meta.url)(program);
