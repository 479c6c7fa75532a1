import { useMemo, useState } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { workingOrders } from '../../state/account-replica.ts';
import { useDesk, useFeed, useTrade } from '../../state/desk.tsx';
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

/** Finds commands, panels, instruments and working orders by name. */
export function usePalette(open: boolean): Palette {
  const desk = useDesk();
  const { registry } = useCommands();
  const [recent, setRecent] = useState<readonly string[]>([]);
  const instruments = useFeed((state) => state.instruments);
  const orders = useTrade((state) => state.replica.orders);
  const items = useMemo(() => {
    if (!open) return [];
    return paletteItems(registry.bindings.state, instruments, workingOrders({ orders }), {
      onCommand: (id) => registry.run(id),
      onInstrument: ({ id }) => desk.link.select(id),
      onOrder: ({ clientOrderId, instrument }) => {
        desk.link.select(instrument);
        desk.link.selectOrder(clientOrderId);
        registry.run('panel.order-truth');
      },
    });
  }, [open, registry, instruments, orders, desk]);
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

function onlyRecent(
  items: readonly PaletteItem[],
  recent: readonly string[],
): readonly PaletteItem[] {
  return items.filter(({ id }) => recent.includes(id));
}
