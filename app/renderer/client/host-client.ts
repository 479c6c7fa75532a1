import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  hostMessageSchema,
  hostRequestSchema,
  type HostMessage,
  type HostRequest,
} from '../../engine/api/host-service.ts';
import { Connection, type ConnectionHandlers } from './connection.ts';
import type { Host } from './host.ts';

export type {
  ConnectionVitals,
  DataVitals,
  EngineHealth,
  Vitals,
} from '../../engine/api/health.ts';
export type { Accounts, KeyAct, KeyAnswer, KeyRights } from '../../engine/api/keys.ts';
export type { LogEntry } from '../../engine/api/log.ts';
export type { Setting, SettingsState } from '../../engine/api/settings.ts';
export type {
  HostMessage,
  HostRequest,
  KillStatus,
  PastReceipt,
  ProcessState,
} from '../../engine/api/host-service.ts';
export type {
  DeskDocument,
  DeskWindow,
  LayoutNode,
  LinkGroupNumber,
  LinkItem,
  LinkRole,
  Panel,
  PanelLinkSetting,
  Starter,
  Workspace,
} from '../../engine/api/workspace.ts';
export { USUAL_ITEMS } from '../../engine/api/workspace.ts';
export type { RecoveryCopy, WorkspaceChange } from '../../engine/api/workspace-changes.ts';

/** The typed connection to the host. */
export type HostClient = Connection<HostMessage, HostRequest>;

/** Makes the connection to the host; `open` starts it. */
export function createHostClient(
  host: Host,
  handlers: ConnectionHandlers<HostMessage>,
): HostClient {
  return new Connection({
    host,
    name: 'host',
    decode: (text) => decodeMessage(hostMessageSchema, text),
    encode: (request) => encodeMessage(hostRequestSchema, request),
    ...handlers,
  });
}
