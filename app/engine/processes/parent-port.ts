import type { Socket } from 'node:net';
import { decodeMessage, encodeMessage } from '../api/codec.ts';
import {
  processCommandSchema,
  processReportSchema,
  type ProcessCommand,
  type ProcessReport,
} from '../api/supervision.ts';
import { SocketDoor } from '../server/socket-door.ts';
import { webSocketChannel, type ClientChannel } from '../server/client-channel.ts';

/** What a process does with what main tells it. */
export interface ParentListener {
  onCommand(command: Exclude<ProcessCommand, { type: 'Socket' | 'Stop' }>): void;
  onChannel(channel: ClientChannel): void;
  onStop(): Promise<void>;
}

/** Tells main something. */
export function report(message: ProcessReport): void {
  process.send?.(encodeMessage(processReportSchema, message));
}

/** Tells main why this process cannot go on, then ends it. */
export function fail(code: string, message: string): void {
  const text = encodeMessage(processReportSchema, { type: 'Failed', code, message });
  process.send?.(text, () => process.exit(1));
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
  process.on('message', (message, handle) => {
    const decoded = decodeMessage(processCommandSchema, message);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const command = decoded.value;
    if (command.type === 'Stop') {
      stop();
      return;
    }
    if (command.type === 'Socket') {
      // The socket may have gone while it was handed over.
      if (handle === undefined) return;
      door.accept(command, handle as Socket, (socket) => {
        listener.onChannel(webSocketChannel(command.client, socket));
      });
      return;
    }
    listener.onCommand(command);
  });
  process.on('disconnect', stop);
  // Ctrl+C reaches the whole group; main decides when its processes stop.
  process.on('SIGINT', () => undefined);
}
