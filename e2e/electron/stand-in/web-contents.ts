import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Cdp, CdpEvent } from './cdp.ts';
import { ipcMain } from './ipc.ts';
import { MessagePortMain, PortEnd } from './ports.ts';
import { answer, mapped, permissionsOf, unmapped } from './session.ts';
import {
  BINDING,
  PAGE_SCRIPT,
  PRELOAD_WORLD,
  preloadScript,
  type MainWord,
  type PageWord,
} from './worlds.ts';

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

interface Paused {
  readonly requestId: string;
  readonly request: { readonly url: string; readonly method: string };
  readonly resourceType: string;
}

const all = new Map<number, WebContents>();
let lastId = 0;

/** Every page there is. */
export function allContents(): readonly WebContents[] {
  return [...all.values()];
}

/** As Electron's class of the name, for a page of the system's Chromium. */
export class WebContents extends EventEmitter {
  readonly id: number;
  targetId = '';
  #cdp: Cdp | undefined;
  #session = '';
  #context: string | undefined;
  #url = '';
  #expected = '';
  #destroyed = false;
  #onOpen: OpenHandler = () => ({ action: 'allow' });
  #words: MainWord[] = [];
  readonly #ports = new Map<number, PortEnd>();

  constructor() {
    super();
    lastId += 1;
    this.id = lastId;
    all.set(this.id, this);
  }

  /** Makes the page. */
  async begin(
    cdp: Cdp,
    preload: string | undefined,
    bounds: { readonly width: number; readonly height: number },
  ): Promise<void> {
    this.#cdp = cdp;
    const made = await cdp.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...bounds,
    });
    this.targetId = made.targetId;
    const attached = await cdp.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId: made.targetId,
      flatten: true,
    });
    this.#session = attached.sessionId;
    cdp.listen(this.#session, (event) => this.#onEvent(event));
    await this.#send('Page.enable');
    await this.#send('Runtime.enable');
    await this.#send('Inspector.enable');
    const binding = { name: BINDING, executionContextName: PRELOAD_WORLD };
    await this.#send('Runtime.addBinding', binding);
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: PAGE_SCRIPT });
    if (preload !== undefined) {
      const source = preloadScript(readFileSync(preload, 'utf8'));
      const script = { source, worldName: PRELOAD_WORLD };
      await this.#send('Page.addScriptToEvaluateOnNewDocument', script);
    }
    await this.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  }

  async load(address: string): Promise<void> {
    this.#expected = mapped(address);
    const origin = new URL(this.#expected).origin;
    for (const [name, granted] of await permissionsOf(this, address)) {
      const setting = granted ? 'granted' : 'denied';
      const permission = { permission: { name }, setting, origin };
      await this.#cdp?.send('Browser.setPermission', permission);
    }
    await this.#send('Page.navigate', { url: this.#expected });
  }

  getURL(): string {
    return unmapped(this.#url);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  reload(): void {
    this.#expected = this.#url;
    void this.#send('Page.reload');
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#onOpen = handler;
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.#tell({ kind: 'told', channel, args });
  }

  /** Closes the window it is in; that is heard of by the window. */
  close(): void {
    this.emit('stand-in-close');
  }

  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this.#closePorts();
    const { targetId } = this;
    // The browser may be gone already.
    await this.#cdp?.send('Target.closeTarget', { targetId }).catch(() => undefined);
    this.emit('destroyed');
  }

  /** Calls a method of the protocol on the page; a page that went away answers nothing. */
  async #send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#cdp?.send(method, params, this.#session).catch((error: unknown) => {
      if (!this.#destroyed && this.#context !== undefined) this.emit('stand-in-trouble', error);
    });
  }

  #onEvent({ method, params }: CdpEvent): void {
    const given: Readonly<Record<string, unknown>> = params;
    switch (method) {
      case 'Runtime.executionContextCreated': {
        const { name, uniqueId } = given['context'] as { name: string; uniqueId: string };
        if (name === PRELOAD_WORLD) this.#context = uniqueId;
        return;
      }
      case 'Runtime.executionContextsCleared':
        this.#context = undefined;
        this.#words = [];
        this.#closePorts();
        return;
      case 'Runtime.bindingCalled':
        this.#onWord(JSON.parse(String(given['payload'])) as PageWord);
        return;
      case 'Fetch.requestPaused':
        void this.#onRequest(given as unknown as Paused);
        return;
      case 'Page.loadEventFired':
        this.emit('did-finish-load');
        return;
      case 'Inspector.targetCrashed':
        this.#context = undefined;
        this.#closePorts();
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
        return;
      default:
    }
  }

  #onWord(word: PageWord): void {
    switch (word.kind) {
      case 'send':
        ipcMain.emit(word.channel, this.#event([]), ...word.args);
        return;
      case 'post':
        ipcMain.emit(
          word.channel,
          this.#event(word.ports.map((port) => this.#port(port))),
          word.message,
        );
        return;
      case 'port':
        this.#ports.get(word.port)?.post(word.data);
        return;
      case 'closed':
        this.#ports.get(word.port)?.close();
        return;
      case 'open':
        if (this.#onOpen({ url: unmapped(word.url) }).action === 'deny') return;
        throw new Error('stand-in: windows that pages open are not covered');
      default:
    }
  }

  #event(ports: readonly MessagePortMain[]): object {
    return { sender: this, senderFrame: { url: unmapped(this.#url), parent: null }, ports };
  }

  #port(port: number): MessagePortMain {
    const [ours, theirs] = PortEnd.pair();
    this.#ports.set(port, theirs);
    theirs.attach({
      deliver: (data) => this.#tell({ kind: 'port', port, data }),
      closed: () => this.#tell({ kind: 'closed', port }),
    });
    return new MessagePortMain(ours);
  }

  #closePorts(): void {
    for (const end of this.#ports.values()) end.close();
    this.#ports.clear();
  }

  /** What is told in one turn travels in one call. */
  #tell(word: MainWord): void {
    this.#words.push(word);
    if (this.#words.length > 1) return;
    setImmediate(() => {
      const words = this.#words.splice(0);
      if (this.#context === undefined || words.length === 0) return;
      const expression = `__standInHear(${JSON.stringify(words)})`;
      void this.#send('Runtime.evaluate', { expression, uniqueContextId: this.#context });
    });
  }

  async #onRequest({ requestId, request, resourceType }: Paused): Promise<void> {
    const { url, method } = request;
    if (resourceType === 'Document' && !this.#mayGo(url)) {
      await this.#send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
    const response = await answer(unmapped(url), method);
    if (response === undefined) {
      // Nothing of the stand-in goes to a network.
      await this.#send('Fetch.failRequest', { requestId, errorReason: 'AddressUnreachable' });
      return;
    }
    if (resourceType === 'Document') this.#url = url;
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
    const answered = { requestId, responseCode: response.status, responseHeaders, body };
    await this.#send('Fetch.fulfillRequest', answered);
  }

  #mayGo(url: string): boolean {
    if (url === this.#expected) {
      this.#expected = '';
      return true;
    }
    let prevented = false;
    const preventDefault = (): void => {
      prevented = true;
    };
    this.emit('will-navigate', { url: unmapped(url), preventDefault });
    return !prevented;
  }
}
