import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../engine/api/desktop-bridge.ts';

/** Menus by the first part of a command's id, in their order; the rest goes to Desk. */
const MENUS: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ['Desk', []],
  ['Go', ['panel', 'instrument', 'order-line']],
  ['Panel', ['dock']],
  ['Workspace', ['workspace', 'window']],
  ['Help', ['help']],
];
/** Keys that Electron calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
};
const ACCELERATOR = /^((Ctrl|Alt|Shift|Meta)\+)*([A-Z0-9]|F\d{1,2}|[A-Z][A-Za-z]+)$/;

/** The application's menu: the commands of the window that is in front. A choice runs the command in that window. */
export function showMenu(
  commands: readonly MenuCommand[],
  onChosen: (window: BrowserWindow, command: string) => void,
): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuOf(commands, onChosen)));
}

function menuOf(
  commands: readonly MenuCommand[],
  onChosen: (window: BrowserWindow, command: string) => void,
): MenuItemConstructorOptions[] {
  const known = new Set(MENUS.flatMap(([, prefixes]) => prefixes));
  const items = (prefixes: readonly string[]): MenuItemConstructorOptions[] =>
    commands
      .filter(({ id }) => {
        const prefix = id.split('.', 1)[0] ?? '';
        return prefixes.length === 0 ? !known.has(prefix) : prefixes.includes(prefix);
      })
      .map((command) => itemOf(command, onChosen));
  const menus = MENUS.map(([label, prefixes]): MenuItemConstructorOptions => {
    const last: MenuItemConstructorOptions[] =
      label === 'Desk' ? [{ type: 'separator' }, { role: 'quit' }] : [];
    return { label, submenu: [...items(prefixes), ...last] };
  });
  const mac: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }, { role: 'editMenu' }] : [];
  return [...mac, ...menus];
}

function itemOf(
  { id, title, key }: MenuCommand,
  onChosen: (window: BrowserWindow, command: string) => void,
): MenuItemConstructorOptions {
  const accelerator = key === undefined ? undefined : acceleratorOf(key);
  return {
    label: title.replaceAll('&', '&&'),
    // Shown only: the page has the keys, with its scopes, dry runs and held keys.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: (_item, window) => {
      if (window instanceof BrowserWindow) onChosen(window, id);
    },
  };
}

function acceleratorOf(chord: string): string | undefined {
  const parts = chord.split('+').map((part) => NAMES[part] ?? part);
  const text = parts.join('+');
  return ACCELERATOR.test(text) ? text : undefined;
}
