import type { Side } from '../domain/order.ts';
import { PLAIN_FLAGS, VALUE_FLAGS } from './flags.ts';
import { PLAIN_WORDS } from './parse.ts';
import { wordsOf, type Word } from './statement.ts';

/** One way to go on: `text` replaces the characters from column `from` up to, not including, column `to`. */
export interface Suggestion {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What it means, in a few words. */
  readonly detail: string;
}

/** What can be named in a line. */
export interface Nameable {
  readonly symbols: readonly string[];
  readonly orders: readonly { readonly id: string; readonly side: Side; readonly detail: string }[];
}

type Candidate = readonly [text: string, detail: string];

const COMMANDS: readonly Candidate[] = [
  ['b', 'buy'],
  ['s', 'sell'],
  ['replace', 'another quantity or price'],
  ['cancel', 'cancel an order, or all'],
  ['query', 'ask the venue about an order'],
  ['flatten', 'cancel and close'],
  ...Array.from(PLAIN_WORDS.keys(), (word): Candidate => [word, 'trading']),
];

const PRICES: readonly Candidate[] = [
  ['mkt', 'at the market'],
  ['bid', 'at the best bid; bid+2 is two ticks above'],
  ['ask', 'at the best offer; ask-2 is two ticks below'],
  ['mid', 'between them; mid-0.1% is a thousandth below'],
];

const FLAG_DETAILS: Readonly<Record<string, string>> = {
  post: 'never take, only rest',
  ioc: 'fill at once what can be, cancel the rest',
  fok: 'fill whole at once or not at all',
  reduce: 'only reduce the position',
  stop: 'wait until this price trades',
  show: 'show only this quantity',
  tif: 'gtc, ioc or fok',
  tp: 'take profit at',
  sl: 'stop loss at',
  tag: 'your own word for it',
};

function flagCandidates(words: readonly Word[]): readonly Candidate[] {
  const used = new Set(words.map((word) => word.text.toLowerCase().split('=')[0]));
  const names = [...PLAIN_FLAGS, ...VALUE_FLAGS.map((name) => `${name}=`)];
  return names
    .filter((name) => !used.has(name.replace('=', '')))
    .map((name) => [name, FLAG_DETAILS[name.replace('=', '')] ?? '']);
}

function symbolCandidates(nameable: Nameable): readonly Candidate[] {
  return nameable.symbols.map((symbol) => [symbol, 'instrument']);
}

function orderIds(nameable: Nameable): readonly Candidate[] {
  return nameable.orders.map((order): Candidate => [order.id, order.detail]);
}

function cancelCandidates(nameable: Nameable, index: number): readonly Candidate[] {
  if (index > 1) return symbolCandidates(nameable);
  return [
    ['all', 'every order'],
    ['bids', 'every buy order'],
    ['asks', 'every sell order'],
    ...orderIds(nameable),
  ];
}

function orderCandidates(before: readonly Word[], nameable: Nameable): readonly Candidate[] {
  if (before.length < 2) return [];
  if (before.length === 2) return symbolCandidates(nameable);
  const flags = flagCandidates(before.slice(3));
  return before.length === 3 ? [...PRICES, ...flags] : flags;
}

function candidates(before: readonly Word[], nameable: Nameable): readonly Candidate[] {
  const first = before[0]?.text.toLowerCase();
  if (first === undefined) return COMMANDS;
  if (first === 'cancel') return before.length > 2 ? [] : cancelCandidates(nameable, before.length);
  if (first === 'query') return before.length > 1 ? [] : orderIds(nameable);
  if (first === 'replace') return before.length > 1 ? [] : orderIds(nameable);
  if (first === 'flatten') return before.length > 1 ? [] : symbolCandidates(nameable);
  if (['b', 'buy', 's', 'sell'].includes(first)) return orderCandidates(before, nameable);
  return [];
}

/** What could stand where the caret is (`caret` counts characters before it), the word under it being replaced. Pure. */
export function complete(text: string, caret: number, nameable: Nameable): readonly Suggestion[] {
  const words = wordsOf(text);
  const under = words.find(
    (word) => word.column - 1 < caret && caret <= word.column - 1 + word.text.length,
  );
  const before = words.filter((word) => word !== under && word.column - 1 < caret);
  const from = under?.column ?? caret + 1;
  const to = under === undefined ? from : under.column + under.text.length;
  const typed = text.slice(from - 1, caret).toLowerCase();
  return candidates(before, nameable)
    .filter(([candidate]) => candidate.toLowerCase().startsWith(typed))
    .map(([candidate, detail]) => ({ text: candidate, from, to, detail }));
}
