import { err, ok, type Result } from '../base/result.ts';
import { parseClientOrderId } from '../domain/identifiers.ts';
import type { Side } from '../domain/order.ts';
import { conflictOf, FLAG_FORMS, parseFlags, type Flags } from './flags.ts';
import { isDecimal, isPositiveDecimal, parsePriceTerm, PRICE_FORMS } from './price-term.ts';
import {
  languageError,
  wordsOf,
  type CancelStatement,
  type LanguageError,
  type OrderStatement,
  type Parsed,
  type Part,
  type PlainStatement,
  type ReplaceStatement,
  type PriceTerm,
  type Word,
} from './statement.ts';
import { parseTag } from './tag.ts';

/** Longest symbol word taken: SYMBOL.VENUE@environment. */
const SYMBOL = /^[^\s=]{1,66}$/;

const SIDES: ReadonlyMap<string, Side> = new Map([
  ['b', 'Buy'],
  ['buy', 'Buy'],
  ['s', 'Sell'],
  ['sell', 'Sell'],
]);

/** Words that are a whole command. */
export const PLAIN_WORDS: ReadonlyMap<string, PlainStatement['kind']> = new Map([
  ['arm', 'Arm'],
  ['disarm', 'Disarm'],
  ['unlock', 'Unlock'],
  ['lock', 'Lock'],
  ['accept', 'AcceptBalances'],
  ['kill', 'Kill'],
]);

const FIRST_WORDS =
  'b, s, replace, cancel, query, flatten, arm, disarm, unlock, lock, accept or kill';

type Parse<T> = Result<T, LanguageError>;

function extra(word: Word | undefined): LanguageError | undefined {
  return word === undefined
    ? undefined
    : languageError('WORD_EXTRA', word, 'nothing more after the command');
}

function parseSymbol(word: Word): LanguageError | undefined {
  if (SYMBOL.test(word.text)) return undefined;
  return languageError('SYMBOL_UNKNOWN', word, 'a symbol such as BTCUSDT or BTCUSDT.BINANCE');
}

function looksLikePrice(text: string): boolean {
  return /^(?:[\d.+-]|mkt|bid|ask|mid)/i.test(text);
}

interface Terms {
  readonly price: PriceTerm;
  readonly priceWord?: Word;
  readonly flags: Flags;
}

function parseTerms(words: readonly Word[]): Parse<Terms> {
  const [first] = words;
  const hasPrice = first !== undefined && looksLikePrice(first.text);
  const price = hasPrice ? parsePriceTerm(first.text) : ({ kind: 'Market' } as const);
  if (hasPrice && price === undefined) {
    return err(languageError('PRICE_MALFORMED', first, PRICE_FORMS));
  }
  if (first !== undefined && !hasPrice && !/^[a-z]+(?:=|$)/i.test(first.text)) {
    return err(languageError('PRICE_MALFORMED', first, `${PRICE_FORMS}; or a flag: ${FLAG_FORMS}`));
  }
  const flags = parseFlags(hasPrice ? words.slice(1) : words);
  if (!flags.ok) return flags;
  const term = price ?? { kind: 'Market' };
  const conflict = conflictOf(flags.value, term);
  if (conflict !== undefined) return err(conflict);
  return ok({ price: term, flags: flags.value, ...(hasPrice ? { priceWord: first } : {}) });
}

function placesOf(terms: Terms, quantity: Word, symbol: Word): Parsed['places'] {
  const places: Partial<Record<Part, Word>> = { quantity, symbol };
  if (terms.priceWord !== undefined) places.price = terms.priceWord;
  for (const part of ['post', 'stop', 'show', 'tp', 'sl'] as const) {
    const word = terms.flags.words.get(part);
    if (word !== undefined) places[part] = word;
  }
  return places;
}

function parseOrder(side: Side, words: readonly Word[], end: Word): Parse<Parsed> {
  const quantity = words[1] ?? end;
  if (!isPositiveDecimal(quantity.text)) {
    const code = quantity === end ? 'WORD_MISSING' : 'QUANTITY_MALFORMED';
    return err(languageError(code, quantity, 'a quantity, a decimal greater than 0'));
  }
  const symbol = words[2];
  if (symbol === undefined) {
    return err(languageError('WORD_MISSING', end, 'a symbol such as BTCUSDT'));
  }
  const problem = parseSymbol(symbol);
  if (problem !== undefined) return err(problem);
  const terms = parseTerms(words.slice(3));
  if (!terms.ok) return terms;
  const { price, flags } = terms.value;
  const stop = flags.values.get('stop');
  const show = flags.values.get('show');
  const takeProfit = flags.values.get('tp');
  const stopLoss = flags.values.get('sl');
  const tag = parseTag(flags.values.get('tag') ?? '');
  const statement: OrderStatement = {
    kind: 'Order',
    side,
    quantity: quantity.text,
    symbol: symbol.text,
    price,
    timeInForce: flags.timeInForce,
    post: flags.words.has('post'),
    reduce: flags.words.has('reduce'),
    ...(stop === undefined ? {} : { stop }),
    ...(show === undefined ? {} : { show }),
    ...(takeProfit === undefined ? {} : { takeProfit }),
    ...(stopLoss === undefined ? {} : { stopLoss }),
    ...(tag === undefined ? {} : { tag }),
  };
  return ok({ statement, words, places: placesOf(terms.value, quantity, symbol) });
}

function parseCancel(words: readonly Word[], end: Word): Parse<Parsed> {
  const target = words[1];
  if (target === undefined) {
    return err(languageError('WORD_MISSING', end, 'a client order id, all, bids or asks'));
  }
  const lower = target.text.toLowerCase();
  if (lower === 'all' || lower === 'bids' || lower === 'asks') {
    return withSymbol((symbol) => ({ kind: 'CancelAll', orders: lower, ...symbol }), words, 2);
  }
  if (!parseClientOrderId(target.text).ok) {
    const expected = 'a client order id (1 to 36 of A-Z a-z 0-9 - _), all, bids or asks';
    return err(languageError('ID_MALFORMED', target, expected));
  }
  const problem = extra(words[2]);
  if (problem !== undefined) return err(problem);
  return ok({ statement: { kind: 'Cancel', orderId: target.text }, words, places: {} });
}

function parseQuery(words: readonly Word[], end: Word): Parse<Parsed> {
  const [, id, further] = words;
  const expected = 'a client order id (1 to 36 of A-Z a-z 0-9 - _)';
  if (id === undefined) return err(languageError('WORD_MISSING', end, expected));
  if (!parseClientOrderId(id.text).ok) return err(languageError('ID_MALFORMED', id, expected));
  const problem = extra(further);
  if (problem !== undefined) return err(problem);
  return ok({ statement: { kind: 'Query', orderId: id.text }, words, places: {} });
}

function parseReplace(words: readonly Word[], end: Word): Parse<Parsed> {
  const [, id = end, quantity = end, price] = words;
  if (!parseClientOrderId(id.text).ok) {
    const code = id === end ? 'WORD_MISSING' : 'ID_MALFORMED';
    return err(languageError(code, id, 'a client order id (1 to 36 of A-Z a-z 0-9 - _)'));
  }
  if (!isPositiveDecimal(quantity.text)) {
    const code = quantity === end ? 'WORD_MISSING' : 'QUANTITY_MALFORMED';
    return err(languageError(code, quantity, 'the new total quantity, a decimal above 0'));
  }
  if (price !== undefined && !isDecimal(price.text)) {
    return err(languageError('PRICE_MALFORMED', price, 'the new price, a decimal'));
  }
  const problem = extra(words[4]);
  if (problem !== undefined) return err(problem);
  const places = { quantity, ...(price === undefined ? {} : { price }) };
  const statement: ReplaceStatement = {
    kind: 'Replace',
    orderId: id.text,
    quantity: quantity.text,
    ...(price === undefined ? {} : { price: price.text }),
  };
  return ok({ statement, words, places });
}

function withSymbol(
  build: (symbol: { readonly symbol?: string }) => CancelStatement | { readonly kind: 'Flatten' },
  words: readonly Word[],
  index: number,
): Parse<Parsed> {
  const symbol = words[index];
  const problem = extra(words[index + 1]);
  if (problem !== undefined) return err(problem);
  if (symbol === undefined) return ok({ statement: build({}), words, places: {} });
  const unknown = parseSymbol(symbol);
  if (unknown !== undefined) return err(unknown);
  return ok({ statement: build({ symbol: symbol.text }), words, places: { symbol } });
}

/** Reads one line of the order language. Pure; never throws; the error names the word, its column and what would be accepted. */
export function parse(text: string): Parse<Parsed> {
  const words = wordsOf(text);
  const end: Word = { text: '', column: text.trimEnd().length + 1 };
  const [first] = words;
  if (first === undefined) return err(languageError('EMPTY', end, FIRST_WORDS));
  const lower = first.text.toLowerCase();
  const side = SIDES.get(lower);
  if (side !== undefined) return parseOrder(side, words, end);
  if (lower === 'cancel') return parseCancel(words, end);
  if (lower === 'query') return parseQuery(words, end);
  if (lower === 'replace') return parseReplace(words, end);
  if (lower === 'flatten')
    return withSymbol((symbol) => ({ kind: 'Flatten', ...symbol }), words, 1);
  const kind = PLAIN_WORDS.get(lower);
  if (kind === undefined) return err(languageError('WORD_UNKNOWN', first, FIRST_WORDS));
  const problem = extra(words[1]);
  return problem === undefined ? ok({ statement: { kind }, words, places: {} }) : err(problem);
}
