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
import {
  documentFromSecond,
  isRecord,
  jsonOf,
  SECOND_FORM,
  textOf,
  workspaceFileFromSecond,
} from './second-form.ts';
import { takenOver } from './takeover.ts';

/** What `workspace.json` says, in today's form. */
export interface ReadDocument {
  readonly revision: number;
  /** Undefined when nothing was saved yet. */
  readonly document: DeskDocument | undefined;
  /** The earlier form that it was in: the file should be kept aside before it is replaced. */
  readonly older: number | undefined;
}

/** Why a file is not used. */
export interface WorkspaceFileError {
  readonly code: 'WORKSPACE_DAMAGED' | 'WORKSPACE_NEWER';
  readonly message: string;
}

/** Reads the text of `workspace.json`, also of earlier forms. */
export function readDocument(
  text: string,
  newId: () => string,
): Result<ReadDocument, WorkspaceFileError> {
  const json = jsonOf(text);
  if (!isRecord(json)) return damaged('expected JSON text of an object');
  const { revision, document } = json;
  const number = typeof revision === 'number' && Number.isSafeInteger(revision) ? revision : 0;
  if (document === null) return ok({ revision: number, document: undefined, older: undefined });
  const form = isRecord(document) ? document['form'] : undefined;
  if (isNewer(form)) return newer(form);
  if (form === WORKSPACE_FORM) return wholeDocument(number, text, undefined);
  if (isRecord(document) && form === SECOND_FORM) {
    const today = textOf({ ...json, document: documentFromSecond(document) }, text);
    return wholeDocument(number, today, SECOND_FORM);
  }
  const taken = takenOver(document, newId);
  if (!taken.ok) return damaged(taken.error.message);
  return ok({ revision: number, document: taken.value, older: 1 });
}

function wholeDocument(
  revision: number,
  text: string,
  older: number | undefined,
): Result<ReadDocument, WorkspaceFileError> {
  const decoded = decodeMessage(deskFileSchema, text);
  if (!decoded.ok) return damaged(decoded.error.message);
  return ok({ revision, document: repaired(decoded.value.document), older });
}

/** Reads a workspace that was given away. */
export function readWorkspaceFile(text: string): Result<Workspace, WorkspaceFileError> {
  const json = jsonOf(text);
  if (!isRecord(json) || json['quarterdeck'] !== 'workspace') {
    return damaged('expected a workspace file of Quarterdeck');
  }
  if (isNewer(json['form'])) return newer(json['form']);
  const second = json['form'] === SECOND_FORM;
  const today = second ? textOf(workspaceFileFromSecond(json), text) : text;
  const decoded = decodeMessage(workspaceFileSchema, today);
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
