import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientId } from '../../engine/domain/identifiers.ts';

/** Where authenticated WebSocket upgrades go. False: no such service. */
export type UpgradeHandler = (
  service: string,
  client: ClientId,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
) => boolean;
