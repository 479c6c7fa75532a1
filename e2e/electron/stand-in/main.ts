import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { BrowserWindow, webContents } from './browser-window.ts';
import { ipcMain } from './ipc.ts';
import { MessageChannelMain } from './ports.ts';
import { defaultSession, protocol } from './session.ts';
import {
  dialog,
  globalShortcut,
  Menu,
  Notification,
  powerMonitor,
  safeStorage,
  screen,
} from './system.ts';
import { utilityProcess } from './utility-process.ts';

// Runs a desk's main bundle as the Electron program would, as far as the tests go. `process.versions.electron` stays unset.

const electron = {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session: { defaultSession },
  utilityProcess,
  webContents,
};
Object.assign(globalThis, { [Symbol.for('quarterdeck stand-in')]: electron });
const url = pathToFileURL(path.join(import.meta.dirname, 'electron-module.cjs')).href;
registerHooks({
  resolve: (name, context, next) =>
    name === 'electron' ? { url, format: 'commonjs', shortCircuit: true } : next(name, context),
});

console.error(`Electron's stand-in: Node ${process.versions.node} and the system's Chromium`);
const words = process.argv.slice(2);
const required: string[] = [];
let program: string | undefined;
for (let at = 0; at < words.length; at += 1) {
  const word = words[at] ?? '';
  if (word === '-r') {
    at += 1;
    required.push(words[at] ?? '');
  } else if (!word.startsWith('-')) program ??= word;
}
if (program === undefined) throw new Error('stand-in: expected a program to run');
process.argv = [process.argv[0] ?? '', ...words];
const require = createRequire(import.meta.url);
for (const file of required) require(path.resolve(file));
require(path.resolve(program));
await app.begin();
