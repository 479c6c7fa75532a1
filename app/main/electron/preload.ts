import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE, CHANNEL_OFFER, IPC, type DesktopBridge } from '../../engine/api/desktop-names.ts';

// Runs beside the page in a world of its own. What the page may do through it is what main answers, and no more.

const bridge: DesktopBridge = {
  ask: (text) => ipcRenderer.send(IPC.ask, String(text)),
  onTold: (listener) => {
    ipcRenderer.on(IPC.told, (_event, text: string) => listener(text));
  },
};
contextBridge.exposeInMainWorld(BRIDGE, bridge);

// A port does not pass the bridge: the page posts it to itself, and it is caught here.
window.addEventListener('message', ({ source, data, ports }: MessageEvent<unknown>) => {
  if (source !== window || typeof data !== 'object' || data === null) return;
  const service: unknown = Reflect.get(data, CHANNEL_OFFER);
  if (typeof service === 'string') ipcRenderer.postMessage(IPC.channel, service, [...ports]);
});
