import type { DeskCommand, OrderCommand, ViewCommand } from '../commands/command-registry.ts';
import type { DeskActions } from '../commands/desk-actions.ts';
import type { OrderPlan } from '../commands/order-plan.ts';
import type { Desk } from '../state/desk.tsx';
import type { PanelDefinition } from '../workspace/panel-registry.ts';

/** What the shell itself does when asked by a command. */
export interface ShellActions {
  readonly onOrderLine: () => void;
  readonly onKill: () => void;
  readonly onAccounts: () => void;
  readonly onHelp: () => void;
  readonly onKeys: () => void;
  readonly onEditKeys: () => void;
  readonly onPanel: (name: string) => void;
}

/** The commands that work anywhere on the desk. */
export function deskCommands(
  desk: Desk,
  actions: DeskActions,
  shell: ShellActions,
  panels: readonly PanelDefinition[],
): readonly DeskCommand[] {
  const linked = (): ReturnType<typeof desk.link.store.getState>['instrument'] =>
    desk.link.store.getState().instrument;
  const step = (by: number): void => {
    const { instruments } = desk.feed.store.getState();
    const at = instruments.findIndex((instrument) => instrument.id === linked());
    const next = instruments[(at + by + instruments.length) % Math.max(1, instruments.length)];
    if (next !== undefined) desk.link.select(next.id);
  };
  const view = (id: string, title: string, keys: string[], run: () => void): ViewCommand => ({
    id,
    title,
    keys,
    scope: 'desk',
    order: false,
    run,
  });
  const cut = (id: string, title: string, keys: string[], plan: () => OrderPlan): OrderCommand => ({
    id,
    title,
    keys,
    scope: 'desk',
    order: 'reduces',
    plan,
  });
  return [
    view('order-line.focus', 'Type an order or command', ['Ctrl+K', '/'], shell.onOrderLine),
    view('trading.kill', 'Kill switch', ['Ctrl+Shift+K'], shell.onKill),
    view('trading.unlock', 'Unlock trading', ['Ctrl+U'], () => actions.unlock()),
    view('trading.arm', 'Arm or disarm this window', ['Ctrl+L'], () => actions.toggleArming()),
    view('trading.lock', 'Lock trading', ['Ctrl+Shift+L'], () => actions.lock()),
    cut('orders.cancel-instrument', 'Cancel all of this instrument', ['Ctrl+Backspace'], () =>
      actions.linkedPlan((instrument) => actions.cancelAllPlan(instrument)),
    ),
    cut('trading.flatten', 'Flatten this instrument', ['Ctrl+Shift+F'], () =>
      actions.linkedPlan((instrument) => actions.flattenPlan(instrument)),
    ),
    cut('trading.flatten-all', 'Flatten every instrument', [], () =>
      actions.flattenPlan(undefined),
    ),
    {
      ...view('instrument.next', 'Next instrument', ['Alt+ArrowDown'], () => step(1)),
      repeats: true,
    },
    {
      ...view('instrument.previous', 'Previous instrument', ['Alt+ArrowUp'], () => step(-1)),
      repeats: true,
    },
    view('account.menu', 'Account and environment', ['Ctrl+F10'], shell.onAccounts),
    view('help.panel', 'Help', ['F1'], shell.onHelp),
    view('help.keys', 'Keys', ['?'], shell.onKeys),
    view('help.edit-keys', 'Change keys', [], shell.onEditKeys),
    ...panels.map((panel, index) =>
      view(`panel.${panel.name}`, `Go to ${panel.title}`, panelKeys(index), () =>
        shell.onPanel(panel.name),
      ),
    ),
  ];
}

/** The number keys in their order, then Alt with them. */
function panelKeys(index: number): string[] {
  return [`${index < 10 ? 'Ctrl' : 'Alt'}+${(index + 1) % 10}`];
}
