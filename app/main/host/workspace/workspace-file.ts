import { err, ok, type Result } from '../../../engine/base/result.ts';
import { decodeMessage } from '../../../engine/api/codec.ts';
import {
  deskFileSchema,
  WORKSPACE_FORM,
  workspaceFileSchema,
  type DeskDocument,
  type DeskWindow,
  type Workspace,
} from '../../../engine/api/workspace.ts';
import { holdingExactly } from './layout-tree.ts';
import { takenOver } from './takeover.ts';

/** What `workspace.json` says, in today's form. */
export interface ReadDocument {
  readonly revision: number;
  /** Undefined when nothing was saved yet. */
  readonly document: DeskDocument | undefined;
  /** It was in the first form: the file should be kept aside before it is replaced. */
  readonly older: boolean;
}

/** Why a file is not used. */
export interface WorkspaceFileError {
  readonly code: 'WORKSPACE_DAMAGED' | 'WORKSPACE_NEWER';
  readonly message: string;
}

/** Reads the text of `workspace.json`, also of the first form. */
export function readDocument(
  text: string,
  newId: () => string,
): Result<ReadDocument, WorkspaceFileError> {
  const json = jsonOf(text);
  if (!isRecord(json)) return damaged('expected JSON text of an object');
  const { revision, document } = json;
  const number = typeof revision === 'number' && Number.isSafeInteger(revision) ? revision : 0;
  if (document === null) return ok({ revision: number, document: undefined, older: false });
  const form = isRecord(document) ? document['form'] : undefined;
  if (isNewer(form)) return newer(form);
  if (form === WORKSPACE_FORM) {
    const decoded = decodeMessage(deskFileSchema, text);
    if (!decoded.ok) return damaged(decoded.error.message);
    return ok({ revision: number, document: repaired(decoded.value.document), older: false });
  }
  const taken = takenOver(document, newId);
  if (!taken.ok) return damaged(taken.error.message);
  return ok({ revision: number, document: taken.value, older: true });
}

/** Reads a workspace that was given away. */
export function readWorkspaceFile(text: string): Result<Workspace, WorkspaceFileError> {
  const json = jsonOf(text);
  if (!isRecord(json) || json['quarterdeck'] !== 'workspace') {
    return damaged('expected a workspace file of Quarterdeck');
  }
  if (isNewer(json['form'])) return newer(json['form']);
  const decoded = decodeMessage(workspaceFileSchema, text);
  return decoded.ok
    ? ok(repairedWorkspace(decoded.value.workspace))
    : damaged(decoded.error.message);
}

/** Every panel in exactly one place, every window and workspace with an id of its own, one of them shown. */
function repaired(document: DeskDocument): DeskDocument {
  const workspaces = unique(document.workspaces).map(repairedWorkspace);
  const active = workspaces.some(({ id }) => id === document.active)
    ? document.active
    : (workspaces[0]?.id ?? document.active);
  return { ...document, active, workspaces };
}

function repairedWorkspace(workspace: Workspace): Workspace {
  const { saved } = workspace;
  return {
    ...workspace,
    windows: repairedWindows(workspace.windows),
    saved: saved === null ? null : { ...saved, windows: repairedWindows(saved.windows) },
  };
}

function repairedWindows(windows: readonly DeskWindow[]): DeskWindow[] {
  const seen = new Set<string>();
  return unique(windows).map((window) => {
    const panels = window.panels.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined);
    const ids = panels.map(({ id }) => id);
    return { ...window, panels, layout: holdingExactly(window.layout, ids) };
  });
}

function unique<T extends { readonly id: string }>(listed: readonly T[]): T[] {
  return [...new Map(listed.toReversed().map((one) => [one.id, one])).values()].toReversed();
}

function isNewer(form: unknown): form is number {
  return typeof form === 'number' && form > WORKSPACE_FORM;
}

function newer(form: number): Result<never, WorkspaceFileError> {
  const message = `it is of form ${form}, this version reads up to form ${WORKSPACE_FORM}`;
  return err({ code: 'WORKSPACE_NEWER', message });
}

function damaged(message: string): Result<never, WorkspaceFileError> {
  return err({ code: 'WORKSPACE_DAMAGED', message });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
