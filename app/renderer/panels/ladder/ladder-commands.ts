import type { DeskCommand, OrderCommand, ViewCommand } from '../../commands/command-registry.ts';
import { nothing, type OrderPlan } from '../../commands/order-plan.ts';
import type { LadderController } from './ladder-controller.ts';

/** Sizes that have a number key: those that are shown, and larger ones. */
const PRESETS = 9;

/** Everything the ladder does by key; `ladder` gives the one that is shown. */
export function ladderCommands(ladder: () => LadderController | undefined): readonly DeskCommand[] {
  const view = (
    id: string,
    title: string,
    keys: readonly string[],
    act: (shown: LadderController) => void,
  ): ViewCommand => ({
    id: `ladder.${id}`,
    title,
    keys,
    scope: 'ladder',
    order: false,
    run: () => {
      const shown = ladder();
      if (shown !== undefined) act(shown);
    },
  });
  const row = (id: string, title: string, key: string, rows: number): ViewCommand => ({
    ...view(id, title, [key], (shown) => shown.moveCursor(rows)),
    repeats: true,
  });
  const order = (
    kind: OrderCommand['order'],
    id: string,
    title: string,
    keys: readonly string[],
    plan: (shown: LadderController) => OrderPlan,
  ): OrderCommand => ({
    id: `ladder.${id}`,
    title,
    keys,
    scope: 'ladder',
    order: kind,
    plan: () => {
      const shown = ladder();
      return shown === undefined ? nothing('No ladder is open') : plan(shown);
    },
  });
  const enters = order.bind(undefined, 'enters');
  const reduces = order.bind(undefined, 'reduces');
  return [
    view('centre', 'Centre', ['C', 'Space'], (shown) => shown.centre()),
    view('volume', 'Volume at each price, or not', ['V'], (shown) => shown.toggleVolume()),
    row('up', 'Row up', 'ArrowUp', 1),
    row('down', 'Row down', 'ArrowDown', -1),
    row('page-up', 'Ten rows up', 'PageUp', 10),
    row('page-down', 'Ten rows down', 'PageDown', -10),
    enters('buy', 'Buy at the row', ['B'], (shown) => shown.planAtCursor('Buy')),
    enters('sell', 'Sell at the row', ['S'], (shown) => shown.planAtCursor('Sell')),
    reduces('cancel', 'Cancel at the row', ['Delete'], (shown) => shown.planCancelAtCursor()),
    enters('join-bid', 'Join the bid, post only', ['J'], (shown) => shown.planQuick('Buy', 'join')),
    enters('join-ask', 'Join the ask, post only', ['K'], (shown) =>
      shown.planQuick('Sell', 'join'),
    ),
    enters('hit-bid', 'Hit the bid, no worse', ['H'], (shown) => shown.planQuick('Sell', 'take')),
    enters('lift-ask', 'Lift the ask, no worse', ['L'], (shown) => shown.planQuick('Buy', 'take')),
    enters('buy-market', 'Buy at the market', ['Shift+B'], (shown) =>
      shown.planQuick('Buy', 'market'),
    ),
    enters('sell-market', 'Sell at the market', ['Shift+S'], (shown) =>
      shown.planQuick('Sell', 'market'),
    ),
    view('next-order', 'Choose the next own order', ['O'], (shown) => shown.chooseNextOrder()),
    enters('tick-up', 'Chosen order a tick up', ['Ctrl+ArrowUp'], (shown) => shown.planTicks(1)),
    enters('tick-down', 'Chosen order a tick down', ['Ctrl+ArrowDown'], (shown) =>
      shown.planTicks(-1),
    ),
    reduces('cancel-last', 'Cancel the newest order', ['Backspace'], (shown) =>
      shown.planCancelLast(),
    ),
    reduces('cancel-bids', 'Cancel bids', ['['], (shown) => shown.planCancelSide('Buy')),
    reduces('cancel-asks', 'Cancel asks', [']'], (shown) => shown.planCancelSide('Sell')),
    view('size-up', 'Larger size', ['Plus', '='], (shown) => shown.setSize({ step: 1 })),
    view('size-down', 'Smaller size', ['-'], (shown) => shown.setSize({ step: -1 })),
    ...Array.from({ length: PRESETS }, (_, preset) =>
      view(`size-${preset + 1}`, `Size ${preset + 1}`, [`${preset + 1}`], (shown) =>
        shown.setSize({ preset }),
      ),
    ),
  ];
}
