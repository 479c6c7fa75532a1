import { err, type Result } from '../../../engine/base/result.ts';
import type { Workspace } from '../../../engine/api/workspace.ts';

/** Why a change was not made; the document is as it was. */
export interface ChangeRefusal {
  readonly code:
    | 'WORKSPACE_LOCKED'
    | 'WORKSPACE_UNKNOWN'
    | 'WORKSPACE_WINDOW_UNKNOWN'
    | 'WORKSPACE_PANEL_UNKNOWN'
    | 'WORKSPACE_NAME_TAKEN'
    | 'WORKSPACE_TOO_MANY'
    | 'WORKSPACE_NOT_SAVED'
    | 'WORKSPACE_LAST';
  readonly message: string;
}

/** What a change leads to. */
export type Changed<T> = Result<T, ChangeRefusal>;

/** A refused change. */
export function refusal(
  code: ChangeRefusal['code'],
  message: string,
): Result<never, ChangeRefusal> {
  return err({ code, message });
}

/** Nothing can be docked elsewhere while the layout is locked. */
export function locked({ name }: Pick<Workspace, 'name'>): Result<never, ChangeRefusal> {
  return refusal('WORKSPACE_LOCKED', `${name} is locked: unlock its layout first`);
}

/** Names tell workspaces apart. */
export function nameTaken(name: string): Result<never, ChangeRefusal> {
  return refusal('WORKSPACE_NAME_TAKEN', `there is a workspace named ${name}: choose another name`);
}

/** A bound of the document. */
export function tooMany(most: string): Result<never, ChangeRefusal> {
  return refusal('WORKSPACE_TOO_MANY', `at most ${most} are kept: delete one first`);
}

/** Another window deleted it. */
export function unknownWorkspace(): Result<never, ChangeRefusal> {
  return refusal('WORKSPACE_UNKNOWN', 'this workspace was deleted meanwhile');
}

/** Another window ended it. */
export function unknownWindow(id: string): Result<never, ChangeRefusal> {
  return refusal('WORKSPACE_WINDOW_UNKNOWN', `this workspace has no window ${id}`);
}
