import { decodeMessage, encodeMessage } from '../api/codec.ts';
import {
  processCommandSchema,
  processReportSchema,
  type ProcessCommand,
  type ProcessReport,
} from '../api/supervision.ts';
import { SocketDoor } from '../server/socket-door.ts';
import { webSocketChannel, type ClientChannel } from '../server/client-channel.ts';
import { portChannel } from '../server/port-channel.ts';
import { parentLink } from './parent-link.ts';

/** What a process does with what main tells it. */
export interface ParentListener {
  onCommand(command: Exclude<ProcessCommand, { type: 'Socket' | 'Port' | 'Stop' }>): void;
  onChannel(channel: ClientChannel): void;
  onStop(): Promise<void>;
}

/** Tells main something. */
export function report(message: ProcessReport): void {
  parentLink.post(encodeMessage(processReportSchema, message));
}

/** Tells main why this process cannot go on, then ends it. */
export function fail(code: string, message: string): void {
  const text = encodeMessage(processReportSchema, { type: 'Failed', code, message });
  parentLink.post(text, () => process.exit(1));
}

/** Listens to main. Without main there is nobody to work for: the process ends. */
export function listenToParent(listener: ParentListener): void {
  const door = new SocketDoor();
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void listener.onStop().then(() => process.exit(0));
  };
  parentLink.onMessage((message, taken) => {
    const decoded = decodeMessage(processCommandSchema, message);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const command = decoded.value;
    switch (command.type) {
      case 'Stop':
        stop();
        return;
      case 'Socket':
        // The socket may have gone while it was handed over.
        if (taken?.kind !== 'socket') return;
        door.accept(command, taken.socket, (socket) => {
          listener.onChannel(webSocketChannel(command.client, socket));
        });
        return;
      case 'Port':
        if (taken?.kind === 'port') listener.onChannel(portChannel(command.client, taken.port));
        return;
      default:
        listener.onCommand(command);
    }
  });
  parentLink.onGone(stop);
  // Ctrl+C reaches the whole group; main decides when its processes stop.
  process.on('SIGINT', () => undefined);
}
