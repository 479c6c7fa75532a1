import type { Socket } from 'node:net';
import type { ProcessState } from '../../engine/api/host-service.ts';

/** One end of a channel that can be given to another process; what it is, only the host knows that made it. */
export interface TransferablePort {
  close(): void;
}

/** A connection of a window or command line on its way to a process. */
export type GivenConnection =
  | { readonly kind: 'socket'; readonly socket: Socket }
  | { readonly kind: 'port'; readonly port: TransferablePort };

/** What a process of the engine tells of itself. */
export interface ChildEvents {
  readonly onMessage: (message: unknown) => void;
  /** A line of its standard error. */
  readonly onErrorLine: (line: string) => void;
  /** It ended, or never began; told once. */
  readonly onEnd: (how: string) => void;
}

/** Flags of V8 for the engine's processes: left alone it keeps 100 MB of garbage under load before it collects what is short-lived. */
export const ENGINE_FLAGS: readonly string[] = ['--max-semi-space-size=16'];

/** A running process of the engine. */
export interface EngineChild {
  readonly pid: number | undefined;
  /** False: nothing can be said to it any more. */
  readonly connected: boolean;
  send(text: string): void;
  /** Says `text` and gives a connection with it; false when this host cannot give one of that kind. */
  give(text: string, connection: GivenConnection): boolean;
  /** Ends it at once, also when it hangs. */
  kill(): void;
}

/** The processes that a host can start: those of the engine, and the one that opens the vault for one act. */
export type ChildName = ProcessState['name'] | 'keys';

/** Starts a process with the arguments, in the way of the host. */
export type StartChild = (
  name: ChildName,
  args: readonly string[],
  events: ChildEvents,
) => EngineChild;
