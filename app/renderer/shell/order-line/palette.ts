import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Order } from '../../../engine/domain/order.ts';
import type { BindingsState } from '../../commands/bindings.ts';
import { fuzzyMatch } from '../../commands/fuzzy.ts';
import { whereOf } from '../../commands/key-map.ts';
import type { OrderPlan } from '../../commands/order-plan.ts';
import type { Setting } from '../../state/desk.tsx';
import { statusWords, termsWords, typeWords } from '../../format/order-words.ts';

/** One thing that the command field finds by its name. */
export interface PaletteItem {
  readonly id: string;
  readonly kind: 'Command' | 'Panel' | 'Instrument' | 'Order' | 'Setting';
  readonly text: string;
  /** Where it works, or what it is; searched too. */
  readonly detail: string;
  readonly chord: string | undefined;
  /** Present when choosing it sends something: what it would be now. */
  readonly plan?: () => OrderPlan;
  readonly run: () => void;
}

/** An item that was found, and which characters of its text were. */
export interface Found {
  readonly item: PaletteItem;
  readonly at: readonly number[];
}

/** What choosing an item does. */
export interface PaletteActs {
  readonly onCommand: (id: string) => void;
  readonly onInstrument: (instrument: Instrument) => void;
  readonly onOrder: (order: Order) => void;
  readonly onSetting: (setting: Setting) => void;
}

const RECENT_BONUS = 8;
const WHOLE_BONUS = 12;
const FRONT_BONUS = 3;
/** What is found by its detail stands behind what is found by its name. */
const DETAIL_SHARE = 0.5;
const PANEL = 'panel.';

/** Everything that can be found. */
export function paletteItems(
  { commands, chords }: Pick<BindingsState, 'commands' | 'chords'>,
  instruments: readonly Instrument[],
  orders: readonly Order[],
  settings: readonly Setting[],
  acts: PaletteActs,
): readonly PaletteItem[] {
  const symbolOf = (order: Order): Instrument | undefined =>
    instruments.find(({ id }) => id === order.instrument);
  return [
    ...commands.map((command): PaletteItem => {
      const sends = command.order === false ? {} : { plan: command.plan };
      return {
        id: command.id,
        kind: command.id.startsWith(PANEL) ? 'Panel' : 'Command',
        text: command.title,
        detail: whereOf(command),
        chord: chords.get(command.id)?.[0],
        ...sends,
        run: () => acts.onCommand(command.id),
      };
    }),
    ...instruments.map((instrument): PaletteItem => ({
      id: `instrument ${instrument.id}`,
      kind: 'Instrument',
      text: instrument.symbol,
      detail: instrument.venue,
      chord: undefined,
      run: () => acts.onInstrument(instrument),
    })),
    ...orders.flatMap((order): PaletteItem[] => {
      const instrument = symbolOf(order);
      if (instrument === undefined) return [];
      const words = `${termsWords(order, instrument)} ${instrument.symbol}`;
      return [
        {
          id: `order ${order.clientOrderId}`,
          kind: 'Order',
          text: words,
          detail: `${typeWords(order.type)}, ${statusWords(order).label}, ${order.clientOrderId}`,
          chord: undefined,
          run: () => acts.onOrder(order),
        },
      ];
    }),
    ...settings.map((setting): PaletteItem => ({
      id: `setting ${setting.key}`,
      kind: 'Setting',
      text: setting.title,
      detail: `${setting.key}, ${setting.help}`,
      chord: undefined,
      run: () => acts.onSetting(setting),
    })),
  ];
}

/** What `query` finds, best first; `recent` are ids chosen lately, newest first. An empty query finds these, then everything. */
export function findItems(
  query: string,
  items: readonly PaletteItem[],
  recent: readonly string[],
): readonly Found[] {
  return items
    .flatMap((item): (Found & { readonly rank: number })[] => {
      const place = recent.indexOf(item.id);
      const lately = place < 0 ? 0 : RECENT_BONUS + (recent.length - place) / recent.length;
      const byName = fuzzyMatch(query, item.text);
      if (byName !== undefined) {
        return [{ item, at: byName.at, rank: byName.score + lately + fit(query, item.text) }];
      }
      const byBoth = fuzzyMatch(query, `${item.text} ${item.detail}`);
      if (byBoth === undefined) return [];
      const at = byBoth.at.filter((index) => index < item.text.length);
      return [{ item, at, rank: byBoth.score * DETAIL_SHARE + lately }];
    })
    .toSorted((left, right) => right.rank - left.rank);
}

/** How much a text is what was typed, beside the letters it shares with it. */
function fit(query: string, text: string): number {
  const typed = query.trim().toLowerCase();
  const name = text.toLowerCase();
  if (typed === '') return 0;
  if (typed === name) return WHOLE_BONUS + FRONT_BONUS;
  return (name.startsWith(typed) ? FRONT_BONUS : 0) - name.length / 100;
}

/** The ids with `id` as the newest. */
export function withRecent(recent: readonly string[], id: string, most = 8): readonly string[] {
  return [id, ...recent.filter((other) => other !== id)].slice(0, most);
}
