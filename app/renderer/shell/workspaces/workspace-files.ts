import type { Desk } from '../../state/desk.tsx';
import { WORKSPACE_FILE_FORM, type Workspace } from '../../state/workspaces.ts';

/** Gives a workspace away as a file. */
export function exportWorkspace(workspace: Workspace): void {
  const file = { quarterdeck: 'workspace', form: WORKSPACE_FILE_FORM, workspace };
  const blob = new Blob([JSON.stringify(file, undefined, 2)], { type: 'application/json' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  const name = workspace.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
  link.download = `quarterdeck-${name}.workspace.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Asks for a file and takes its workspace in; main says what is wrong with one that is not used. */
export function importWorkspace(desk: Desk): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    void file?.text().then((text) => desk.workspaces.change({ type: 'Import', text }));
  });
  input.click();
}
