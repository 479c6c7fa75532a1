import type { Socket } from 'node:net';
import type { MessageEnd } from '../server/port-channel.ts';

/** A connection that main gave with a message. */
export type TakenConnection =
  | { readonly kind: 'socket'; readonly socket: Socket }
  | { readonly kind: 'port'; readonly port: MessageEnd };

/** The line to main, whichever host main is. */
export interface ParentLink {
  /** Says something; `then` runs when it is on its way. */
  post(text: string, then?: () => void): void;
  /** Hears every message, with the connection that came along. */
  onMessage(listener: (message: unknown, taken: TakenConnection | undefined) => void): void;
  /** Main is gone. */
  onGone(listener: () => void): void;
}

/** What Electron gives a utility process in place of `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly MessageEnd[] }) => void,
  ): void;
}

/** A message that was posted has left the process by then: the port tells nothing of it. */
const LEFT_AFTER_MS = 100;

/** The line to main: Electron's port in a utility process, else Node's channel. Without either nobody hears. */
export const parentLink: ParentLink = linkOf(Reflect.get(process, 'parentPort'));

function linkOf(port: unknown): ParentLink {
  return isPort(port) ? utilityLink(port) : forkedLink();
}

function isPort(port: unknown): port is ParentPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port;
}

function forkedLink(): ParentLink {
  return {
    post: (text, then = () => undefined) => void process.send?.(text, then),
    onMessage(listener) {
      process.on('message', (message, handle) => {
        const socket = handle as Socket | undefined;
        listener(message, socket && { kind: 'socket', socket });
      });
    },
    onGone: (listener) => void process.on('disconnect', listener),
  };
}

/** Electron ends a utility process with main: it is never told that main is gone. */
function utilityLink(parent: ParentPort): ParentLink {
  return {
    post(text, then) {
      parent.postMessage(text);
      if (then !== undefined) setTimeout(then, LEFT_AFTER_MS);
    },
    onMessage(listener) {
      parent.on('message', ({ data, ports: [port] }) => {
        listener(data, port && { kind: 'port', port });
      });
    },
    onGone: () => undefined,
  };
}
