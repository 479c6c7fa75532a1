import { ipcMain, MessageChannelMain, type IpcMainEvent } from 'electron';
import { decodeMessage } from '../../engine/api/codec.ts';
import {
  desktopRequestSchema,
  serviceSchema,
  type DesktopRequest,
} from '../../engine/api/desktop-bridge.ts';
import { IPC } from '../../engine/api/desktop-names.ts';
import type { DeskParts } from '../host/desk.ts';
import type { HostWindow } from '../host/host-service.ts';
import type { MakePortPair } from '../host/port-relay.ts';
import { isOurs } from './page-server.ts';

/** A channel of which one end is given to a utility process. */
export const makePortPair: MakePortPair = () => {
  const { port1, port2 } = new MessageChannelMain();
  return { own: port1, given: port2 };
};

/** What windows ask of main. */
export interface PortListener {
  readonly onHostChannel: (event: IpcMainEvent, channel: HostWindow) => void;
  readonly onRequest: (event: IpcMainEvent, request: DesktopRequest) => void;
}

/** Hands the ports of our pages to the services they name, and reads what the pages ask. */
export function listenToPages(
  { engine, hostService, book }: DeskParts,
  client: HostWindow['client'],
  listener: PortListener,
): void {
  ipcMain.on(IPC.channel, (event, name: unknown) => {
    const [port] = event.ports;
    const service = serviceSchema.safeParse(name);
    if (port === undefined) return;
    if (!service.success || !isFromUs(event)) {
      book.noteBadInput('window', 'CHANNEL_REFUSED', String(name));
      port.close();
    } else if (service.data === 'host') {
      listener.onHostChannel(event, hostService.addPort(client, port));
    } else if (!engine.give(service.data, { type: 'Port', client }, { kind: 'port', port })) {
      port.close();
    }
  });
  ipcMain.on(IPC.ask, (event, text: unknown) => {
    const decoded = decodeMessage(desktopRequestSchema, text);
    if (!isFromUs(event)) book.noteBadInput('window', 'REQUEST_REFUSED', 'another page');
    else if (decoded.ok) listener.onRequest(event, decoded.value);
    else book.noteBadInput('window', 'DESKTOP_REQUEST_MALFORMED', decoded.error.message);
  });
}

/** Only the page itself, on our address: no frame within it. */
function isFromUs({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url);
}
