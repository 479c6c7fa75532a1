import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
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

const MODIFIERS = /^(?:Ctrl|Alt|Shift|Super)$/;
const keys = new Map<string, () => void>();

/** Keys of the whole system, of which one is another program's; nobody presses one but `press`. */
export const globalShortcut = {
  register: (accelerator: string, onPress: () => void): boolean => {
    const words = accelerator.split('+');
    const key = words.pop() ?? '';
    if (key === '' || !words.every((word) => MODIFIERS.test(word))) {
      throw new TypeError(`Error processing argument at index 0, conversion failure from ${key}`);
    }
    if (keys.has(accelerator) || accelerator === 'Ctrl+Alt+T') return false;
    keys.set(accelerator, onPress);
    return true;
  },
  isRegistered: (accelerator: string): boolean => keys.has(accelerator),
  unregister: (accelerator: string): void => void keys.delete(accelerator),
  press: (accelerator: string): void => keys.get(accelerator)?.(),
};

/** The key of nobody: what it encrypts is protected from nobody. */
const KEY = Buffer.alloc(32, 7);

/** There is no key store that protects, until a test says that there is one. */
export const safeStorage = {
  getSelectedStorageBackend: () => 'basic_text',
  encryptStringAsync: (text: string): Promise<Buffer> => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY, iv);
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([iv, cipher.getAuthTag(), encrypted]));
  },
  decryptStringAsync: async (
    encrypted: Buffer,
  ): Promise<{ shouldReEncrypt: false; result: string }> => {
    const decipher = createDecipheriv('aes-256-gcm', KEY, encrypted.subarray(0, 12));
    decipher.setAuthTag(encrypted.subarray(12, 28));
    const text = Buffer.concat([decipher.update(encrypted.subarray(28)), decipher.final()]);
    return { shouldReEncrypt: false, result: text.toString('utf8') };
  },
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
