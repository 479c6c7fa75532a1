/** Name of the world of preload scripts, and of what they call main by. */
export const PRELOAD_WORLD = 'stand-in preload';
export const BINDING = '__standInSay';

/** What a preload world tells main. */
export type PageWord =
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | {
      readonly kind: 'post';
      readonly channel: string;
      readonly message: unknown;
      readonly ports: readonly number[];
    }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'closed'; readonly port: number }
  | { readonly kind: 'open'; readonly url: string };

/** What main tells a preload world; it is called with a list of them. */
export type MainWord =
  | { readonly kind: 'told'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'closed'; readonly port: number };

declare global {
  interface Window {
    __standInSay: (text: string) => void;
    __standInHear: (words: readonly MainWord[]) => void;
  }
}

/** Script of the page's own world: objects that a preload script exposes, and windows that it may not open. */
export const PAGE_SCRIPT = `(${inPage.toString()})()`;

/** Script of the preload world with the preload script in it. */
export function preloadScript(source: string): string {
  const wrapped = `function (require, module, exports) {${source}\n}`;
  return `(${inPreload.toString()})(${wrapped})`;
}

// The two functions below run in pages, as text: they may use nothing of this module.

function inPage(): void {
  const say = (name: string, detail: unknown): void => {
    window.dispatchEvent(new CustomEvent(name, { detail: JSON.stringify(detail) }));
  };
  const callbacks: ((...args: unknown[]) => void)[] = [];
  window.addEventListener('__standInExpose', (event) => {
    const { key, methods } = JSON.parse((event as CustomEvent<string>).detail) as {
      key: string;
      methods: string[];
    };
    const exposed: Record<string, unknown> = {};
    for (const method of methods) {
      exposed[method] = (...args: unknown[]) => {
        // A callback passes as a number by which it is called back.
        const passed = args.map((arg) =>
          typeof arg === 'function'
            ? { callback: callbacks.push(arg as (...given: unknown[]) => void) - 1 }
            : { value: arg },
        );
        say('__standInCall', { key, method, passed });
      };
    }
    Object.defineProperty(window, key, { value: Object.freeze(exposed) });
  });
  window.addEventListener('__standInCallback', (event) => {
    const { callback, args } = JSON.parse((event as CustomEvent<string>).detail) as {
      callback: number;
      args: unknown[];
    };
    callbacks[callback]?.(...args);
  });
  window.open = (url) => {
    say('__standInOpen', { url: new URL(url ?? 'about:blank', location.href).href });
    return null;
  };
}

function inPreload(preload: (require: unknown, module: unknown, exports: unknown) => void): void {
  const send = (word: unknown): void => window.__standInSay(JSON.stringify(word));
  const ports = new Map<number, MessagePort>();
  const listeners = new Map<string, ((event: unknown, ...args: unknown[]) => void)[]>();
  let lastPort = 0;
  const keep = (port: unknown): number => {
    if (!(port instanceof MessagePort)) throw new TypeError('Invalid value for transfer');
    lastPort += 1;
    const number = lastPort;
    ports.set(number, port);
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const lost = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
      // Electron loses a message with a transferred buffer between page and main.
      if (!lost) send({ kind: 'port', port: number, data });
    });
    port.addEventListener('close', () => send({ kind: 'closed', port: number }));
    return number;
  };
  window.__standInHear = (words) => {
    for (const word of words) {
      if (word.kind === 'told') {
        for (const listener of listeners.get(word.channel) ?? []) listener({}, ...word.args);
      } else if (word.kind === 'port') ports.get(word.port)?.postMessage(word.data);
      else ports.get(word.port)?.close();
    }
  };
  const ipcRenderer = {
    send: (channel: string, ...args: unknown[]) => send({ kind: 'send', channel, args }),
    on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    postMessage: (channel: string, message: unknown, transfer: unknown[] = []) => {
      const kept = transfer.map(keep);
      send({ kind: 'post', channel, message, ports: kept });
      for (const port of kept) ports.get(port)?.start();
    },
  };
  const exposed = new Map<string, Record<string, (...args: unknown[]) => void>>();
  const contextBridge = {
    exposeInMainWorld: (key: string, api: Record<string, (...args: unknown[]) => void>) => {
      exposed.set(key, api);
      const detail = JSON.stringify({ key, methods: Object.keys(api) });
      window.dispatchEvent(new CustomEvent('__standInExpose', { detail }));
    },
  };
  window.addEventListener('__standInCall', (event) => {
    const { key, method, passed } = JSON.parse((event as CustomEvent<string>).detail) as {
      key: string;
      method: string;
      passed: { callback?: number; value?: unknown }[];
    };
    const args = passed.map(({ callback, value }) =>
      callback === undefined
        ? value
        : (...given: unknown[]) => {
            const detail = JSON.stringify({ callback, args: given });
            window.dispatchEvent(new CustomEvent('__standInCallback', { detail }));
          },
    );
    exposed.get(key)?.[method]?.(...args);
  });
  window.addEventListener('__standInOpen', (event) => {
    const { url } = JSON.parse((event as CustomEvent<string>).detail) as { url: string };
    send({ kind: 'open', url });
  });
  const require = (name: string): unknown => {
    if (name === 'electron') return { ipcRenderer, contextBridge };
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  preload(require, module, module.exports);
}
