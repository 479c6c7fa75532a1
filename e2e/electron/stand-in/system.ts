import { EventEmitter } from 'node:events';

const WHOLE = { x: 0, y: 0, width: 1920, height: 1080 };

/** One display; tests put others in its place. */
export const screen = Object.assign(new EventEmitter(), {
  getAllDisplays: () => [screen.getPrimaryDisplay()],
  getPrimaryDisplay: () => ({
    id: 1,
    label: 'stand-in',
    bounds: WHOLE,
    workArea: WHOLE,
    scaleFactor: 1,
  }),
});

/** Nothing sleeps by itself: tests emit what the system would. */
export const powerMonitor = new EventEmitter();

/** There is no key store. */
export const safeStorage = {
  getSelectedStorageBackend: () => 'basic_text',
  isEncryptionAvailable: () => true,
};

/** Nobody sees a dialog: tests put an answer in its place. */
export const dialog = {
  showMessageBox: (): Promise<never> =>
    Promise.reject(new Error('stand-in: nobody sees this dialog; give it an answer')),
  showErrorBox: (title: string, text: string): void => console.error(`${title}: ${text}`),
};

interface MenuItem {
  readonly label?: string;
  readonly submenu?: readonly MenuItem[];
  readonly click?: (item: MenuItem, window: unknown) => void;
}

let shown: { readonly items: readonly MenuItem[] } | null = null;

/** Menus are kept and not seen. */
export const Menu = {
  buildFromTemplate: (items: readonly MenuItem[]) => ({ items }),
  setApplicationMenu: (menu: typeof shown): void => {
    shown = menu;
  },
  getApplicationMenu: () => shown,
};

/** Notifications are not seen. */
export class Notification extends EventEmitter {
  readonly title: string;
  readonly body: string;

  constructor({ title, body }: { readonly title: string; readonly body: string }) {
    super();
    this.title = title;
    this.body = body;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    this.emit('show');
  }
}
