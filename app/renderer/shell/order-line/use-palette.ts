import { useMemo, useState } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { workingOrders } from '../../state/account-replica.ts';
import { useDesk, useFeed, useHost, useTrade } from '../../state/desk.tsx';
import { findItems, paletteItems, withRecent, type Found, type PaletteItem } from './palette.ts';
import { isForced } from './use-line.ts';

/** Words that begin an order: what follows them is no name of anything. */
const ORDER_WORDS = /^\s*(?:b|buy|s|sell|replace|cancel|query|flatten)\s/i;
/** Found items listed. */
const MOST_FOUND = 40;

/** What the command field finds, and the way to choose it. */
export interface Palette {
  readonly find: (text: string) => readonly Found[];
  readonly choose: (item: PaletteItem) => void;
}

/** Finds commands, panels, instruments, working orders and settings by name. */
export function usePalette(open: boolean): Palette {
  const desk = useDesk();
  const { registry } = useCommands();
  const [recent, setRecent] = useState<readonly string[]>([]);
  const instruments = useFeed((state) => state.instruments);
  const orders = useTrade((state) => state.replica.orders);
  const settings = useHost((state) => state.settings?.settings);
  const items = useMemo(() => {
    if (!open) return [];
    const working = workingOrders({ orders });
    return paletteItems(registry.bindings.state, instruments, working, settings ?? [], {
      onCommand: (id) => registry.run(id),
      onInstrument: ({ id }) => desk.link.select(id),
      onOrder: ({ clientOrderId, instrument }) => {
        desk.link.select(instrument);
        desk.link.selectOrder(clientOrderId);
        registry.run('panel.order-truth');
      },
      onSetting: ({ key }) => {
        registry.run('panel.settings');
        focusSetting(key);
      },
    });
  }, [open, registry, instruments, orders, settings, desk]);
  return {
    find: (text) => {
      if (ORDER_WORDS.test(text)) return [];
      const forced = isForced(text);
      const query = text.replace(/^\s*>/, '').trim();
      const among = forced
        ? items.filter(({ kind }) => kind === 'Command' || kind === 'Panel')
        : items;
      const listed = query === '' && !forced ? onlyRecent(among, recent) : among;
      return findItems(query, listed, recent).slice(0, MOST_FOUND);
    },
    choose: (item) => {
      setRecent(withRecent(recent, item.id));
      item.run();
    },
  };
}

/** Brings the keyboard to a setting; its panel may be drawn with one of the next pictures only. */
function focusSetting(key: string, pictures = 30): void {
  const row = document.querySelector(`[data-setting="${CSS.escape(key)}"]`);
  if (row === null) {
    if (pictures > 0) requestAnimationFrame(() => focusSetting(key, pictures - 1));
    return;
  }
  row.scrollIntoView({ block: 'center' });
  row.querySelector<HTMLElement>('input, button')?.focus();
}

function onlyRecent(
  items: readonly PaletteItem[],
  recent: readonly string[],
): readonly PaletteItem[] {
  return items.filter(({ id }) => recent.includes(id));
}
