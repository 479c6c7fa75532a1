import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { cloned, endsOf, type PortEnd } from './ports.ts';

const BOOT = path.join(import.meta.dirname, 'utility-boot.ts');

/** What the stand-in's main and its utility processes say to each other. */
export type UtilityWord =
  | { readonly kind: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'closed'; readonly port: number };

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly stdio?: readonly ('ignore' | 'inherit' | 'pipe')[];
}

/** As Electron's utilityProcess, on a child of Node. Sockets and array buffers cannot be given to it. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #ports = new Map<number, PortEnd>();
  #lastPort = 0;
  #ended = false;

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super();
    // Electron's inherit everything unless they are given an environment; so do these.
    this.#child = fork(BOOT, [modulePath, ...args], {
      env: options.env ?? process.env,
      execArgv: [...(options.execArgv ?? [])],
      serialization: 'advanced',
      stdio: [...(options.stdio ?? ['ignore', 'inherit', 'inherit']), 'ipc'],
    });
    this.#child.on('message', (word) => this.#onWord(word as UtilityWord));
    this.#child.on('exit', (code) => {
      this.#ended = true;
      for (const end of this.#ports.values()) end.close();
      this.emit('exit', code ?? 1);
    });
  }

  get pid(): number | undefined {
    return this.#ended ? undefined : this.#child.pid;
  }

  get stdout(): ChildProcess['stdout'] {
    return this.#child.stdout;
  }

  get stderr(): ChildProcess['stderr'] {
    return this.#child.stderr;
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    const ports = endsOf(transfer).map((end) => this.#take(end));
    this.#say({ kind: 'message', data: cloned(message), ports: ports.map(([port]) => port) });
    for (const [, begin] of ports) begin();
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }

  #take(end: PortEnd): readonly [port: number, begin: () => void] {
    this.#lastPort += 1;
    const port = this.#lastPort;
    this.#ports.set(port, end);
    const sink = {
      deliver: (data: unknown) => this.#say({ kind: 'port', port, data }),
      closed: () => this.#say({ kind: 'closed', port }),
    };
    return [port, () => end.attach(sink)];
  }

  #say(word: UtilityWord): void {
    // Who has ended hears nothing, as with Electron.
    if (this.#child.connected) this.#child.send(word, () => undefined);
  }

  #onWord(word: UtilityWord): void {
    if (word.kind === 'message') {
      this.emit('message', word.data);
      return;
    }
    const end = this.#ports.get(word.port);
    if (word.kind === 'port') end?.post(word.data);
    else end?.close();
  }
}

/** As Electron's module of the name. */
export const utilityProcess = {
  fork: (modulePath: string, args: readonly string[] = [], options: ForkOptions = {}) =>
    new UtilityProcess(modulePath, args, options),
};
