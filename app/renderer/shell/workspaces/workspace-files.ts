import type { Desk } from '../../state/desk.tsx';
import { WORKSPACE_FILE_FORM, type Workspace } from '../../state/workspaces.ts';
import { saveFile } from '../../ui/save-file.ts';

/** Gives a workspace away as a file. */
export function exportWorkspace(workspace: Workspace): void {
  const file = { quarterdeck: 'workspace', form: WORKSPACE_FILE_FORM, workspace };
  const name = workspace.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
  const text = JSON.stringify(file, undefined, 2);
  saveFile(`quarterdeck-${name}.workspace.json`, 'application/json', text);
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
