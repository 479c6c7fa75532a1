import type { ClientId } from '../../engine/domain/identifiers.ts';
import { webSocketChannel, type ClientChannel } from '../../engine/server/client-channel.ts';
import type { MessageEnd } from '../../engine/server/port-channel.ts';
import type { DeskParts } from './desk.ts';
import type { TransferablePort } from './engine-child.ts';
import type { UpgradeHandler } from './upgrade-handler.ts';

/** Makes the two ends of a channel: one stays here, one is given away. */
export type MakePortPair = () => { readonly own: MessageEnd; readonly given: TransferablePort };

/** Opens a channel of `client` to a process; undefined while that does not run. */
export function openPort(
  { engine }: Pick<DeskParts, 'engine'>,
  service: string,
  client: ClientId,
  makePair: MakePortPair,
): MessageEnd | undefined {
  const { own, given } = makePair();
  if (engine.give(service, { type: 'Port', client }, { kind: 'port', port: given })) return own;
  own.close();
  return undefined;
}

/** Upgrades of the command line where sockets cannot be given to processes: main passes on what is said. */
export function relayingUpgrades(parts: DeskParts, makePair: MakePortPair): UpgradeHandler {
  return (service, client, request, socket, head) => {
    if (service === 'host') return parts.onUpgrade(service, client, request, socket, head);
    const port = openPort(parts, service, client, makePair);
    if (port === undefined) return false;
    parts.door.acceptRequest(request, socket, head, (opened) => {
      relay(webSocketChannel(client, opened), port);
    });
    return true;
  };
}

function relay(visitor: ClientChannel, port: MessageEnd): void {
  visitor.onMessage((text) => port.postMessage(text));
  visitor.onClose(() => port.close());
  port.on('close', () => visitor.close());
  port.on('message', ({ data }) => {
    if (typeof data !== 'string') return;
    visitor.send(data);
    port.postMessage(data.length);
  });
  port.start();
}
