import '../client/schema-policy.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '../ui/tokens.css';
import '../ui/ui.css';
import { createRoot } from 'react-dom/client';
import { present } from '../../engine/base/invariant.ts';
import { BrowserHost } from '../client/browser-host.ts';
import { desktopBridge, ElectronHost } from '../client/electron-host.ts';
import { CommandRegistry } from '../commands/command-registry.ts';
import { DeskActions } from '../commands/desk-actions.ts';
import { KeyKeeper } from '../commands/key-keeper.ts';
import { openDesk } from '../state/desk.tsx';
import { applyTheme } from '../ui/theme.ts';
import { App } from './app.tsx';
import { watchArming } from './arming.ts';
import { followAppearance } from './appearance.ts';

applyTheme(document);
const bridge = desktopBridge();
const desk = openDesk(
  bridge === undefined ? new BrowserHost(document) : new ElectronHost(document, bridge),
);
followAppearance(desk);
const actions = new DeskActions(desk);
const registry = new CommandRegistry((plan) => actions.carryOut(plan));
const keys = new KeyKeeper(desk, registry.bindings);
const commands = { registry, actions, keys, arming: watchArming(desk, actions) };
createRoot(present(document.getElementById('root') ?? undefined, 'root element')).render(
  <App desk={desk} commands={commands} />,
);
