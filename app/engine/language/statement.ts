import type { Side, TimeInForce } from '../domain/order.ts';

/** A word of the text and where it stands: `column` counts from 1. */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/** A price as written: at the market, a number, or beside the best bid, offer or their middle. */
export type PriceTerm =
  | { readonly kind: 'Market' }
  | { readonly kind: 'Fixed'; readonly price: string }
  | {
      readonly kind: 'Pegged';
      readonly reference: 'bid' | 'ask' | 'mid';
      readonly offset?: Offset;
    };

/** How far from the reference: `amount` is a decimal, whole for ticks. */
export interface Offset {
  readonly direction: '+' | '-';
  readonly amount: string;
  readonly unit: 'ticks' | 'percent';
}

/** `SIDE QTY SYMBOL [PRICE] [FLAGS…]`; numbers are decimal text as written. */
export interface OrderStatement {
  readonly kind: 'Order';
  readonly side: Side;
  readonly quantity: string;
  readonly symbol: string;
  readonly price: PriceTerm;
  readonly timeInForce: TimeInForce;
  readonly post: boolean;
  readonly reduce: boolean;
  readonly stop?: string;
  readonly show?: string;
  readonly takeProfit?: string;
  readonly stopLoss?: string;
  readonly tag?: string;
}

/** `cancel ID`, or `cancel all|bids|asks [SYMBOL]`. */
export type CancelStatement =
  | { readonly kind: 'Cancel'; readonly orderId: string }
  | {
      readonly kind: 'CancelAll';
      readonly orders: 'all' | 'bids' | 'asks';
      readonly symbol?: string;
    };

/** `query ID`: asks the venue how the order stands. */
export interface QueryStatement {
  readonly kind: 'Query';
  readonly orderId: string;
}

/** `replace ID QUANTITY [PRICE]`: the new total quantity; without a price the order keeps its own. */
export interface ReplaceStatement {
  readonly kind: 'Replace';
  readonly orderId: string;
  readonly quantity: string;
  readonly price?: string;
}

/** `flatten [SYMBOL]`. */
export interface FlattenStatement {
  readonly kind: 'Flatten';
  readonly symbol?: string;
}

/** A word that is a whole command. */
export interface PlainStatement {
  readonly kind: 'Arm' | 'Disarm' | 'Unlock' | 'Lock' | 'AcceptBalances' | 'Kill';
}

/** What a line of the order language says, before it is known what it means here and now. */
export type Statement =
  | OrderStatement
  | ReplaceStatement
  | CancelStatement
  | QueryStatement
  | FlattenStatement
  | PlainStatement;

/** The parts of a statement that errors point at. */
export type Part = 'quantity' | 'symbol' | 'price' | 'post' | 'stop' | 'show' | 'tp' | 'sl';

/** A line that was understood, with the words its parts came from. */
export interface Parsed {
  readonly statement: Statement;
  readonly words: readonly Word[];
  readonly places: Readonly<Partial<Record<Part, Word>>>;
}

/** Why a line is no command. */
export type LanguageErrorCode =
  | 'EMPTY'
  | 'WORD_UNKNOWN'
  | 'WORD_MISSING'
  | 'WORD_EXTRA'
  | 'QUANTITY_MALFORMED'
  | 'PRICE_MALFORMED'
  | 'ID_MALFORMED'
  | 'ORDER_UNKNOWN'
  | 'FLAG_UNKNOWN'
  | 'FLAG_REPEATED'
  | 'FLAG_MALFORMED'
  | 'FLAGS_CONFLICT'
  | 'NOT_SUPPORTED'
  | 'SYMBOL_UNKNOWN'
  | 'SYMBOL_AMBIGUOUS'
  | 'SYMBOL_OTHER_VENUE'
  | 'QUANTITY_OFF_STEP'
  | 'PRICE_OFF_TICK'
  | 'OUT_OF_RANGE'
  | 'QUOTE_MISSING'
  | 'EXIT_ON_WRONG_SIDE';

/** The word at fault ('' where one is missing), its column, what would be accepted, and all of it in one sentence. */
export interface LanguageError {
  readonly code: LanguageErrorCode;
  readonly word: string;
  readonly column: number;
  readonly expected: string;
  readonly message: string;
}

/** Builds the error of a word. */
export function languageError(
  code: LanguageErrorCode,
  { text, column }: Word,
  expected: string,
): LanguageError {
  const seen = text === '' ? 'the end of the line' : `"${text}"`;
  const message = `column ${column}: expected ${expected}, was ${seen}`;
  return { code, word: text, column, expected, message };
}

/** The words of a line, apart by white space. */
export function wordsOf(text: string): readonly Word[] {
  return Array.from(text.matchAll(/\S+/g), (match) => ({
    text: match[0],
    column: match.index + 1,
  }));
}
