import { EventEmitter } from 'node:events';

/** As Electron's module of the name, as far as messages go one way. */
export const ipcMain = new EventEmitter();
