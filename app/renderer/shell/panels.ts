import { AccountsPanel } from '../panels/accounts/index.ts';
import { Balances } from '../panels/balances/index.ts';
import { Chart } from '../panels/chart/index.ts';
import { ConsolidatedBook } from '../panels/consolidated-book/index.ts';
import { DataPanel } from '../panels/data/index.ts';
import { Fills } from '../panels/fills/index.ts';
import { Health } from '../panels/health/index.ts';
import { Ladder } from '../panels/ladder/index.ts';
import { Log } from '../panels/log/index.ts';
import { OrderTruth } from '../panels/order-truth/index.ts';
import { Orders } from '../panels/orders/index.ts';
import { Positions } from '../panels/positions/index.ts';
import { SettingsPanel } from '../panels/settings/index.ts';
import { Ticket } from '../panels/ticket/index.ts';
import { TimeAndSales } from '../panels/time-and-sales/index.ts';
import { Watchlist } from '../panels/watchlist/index.ts';
import type { PanelDefinition } from '../workspace/panel-registry.ts';

/** Every panel of the desk, in the order their number keys focus them. */
export const PANELS: readonly PanelDefinition[] = [
  panel('watchlist', 'Watchlist', Watchlist, { linked: true }),
  panel('chart', 'Chart', Chart, { linked: true, instrument: true }),
  panel('ladder', 'Ladder', Ladder, { linked: true, trades: true, instrument: true }),
  panel('time-and-sales', 'Time & sales', TimeAndSales, { linked: true, instrument: true }),
  panel('ticket', 'Ticket', Ticket, { linked: true, trades: true, instrument: true }),
  panel('orders', 'Orders', Orders, { trades: true }),
  panel('fills', 'Fills', Fills, {}),
  panel('positions', 'Positions', Positions, {}),
  panel('health', 'Health', Health, {}),
  panel('order-truth', 'Order truth', OrderTruth, {}),
  panel('log', 'Log', Log, {}),
  panel('settings', 'Settings', SettingsPanel, {}),
  panel('balances', 'Balances', Balances, {}),
  panel('accounts', 'Accounts', AccountsPanel, {}),
  panel('data', 'Data', DataPanel, { linked: true }),
  panel('consolidated-book', 'Consolidated book', ConsolidatedBook, {
    linked: true,
    instrument: true,
  }),
];

/** The title of a type of panel; its name where this version does not have it. */
export function titleOfPanel(type: string): string {
  return PANELS.find(({ name }) => name === type)?.title ?? type;
}

function panel(
  name: string,
  title: string,
  component: PanelDefinition['component'],
  marks: Partial<Pick<PanelDefinition, 'linked' | 'trades' | 'instrument'>>,
): PanelDefinition {
  const { linked = false, trades = false, instrument = false } = marks;
  return { name, title, component, linked, trades, instrument };
}
