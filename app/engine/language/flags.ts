import { err, ok, type Result } from '../base/result.ts';
import type { TimeInForce } from '../domain/order.ts';
import { isPositiveDecimal } from './price-term.ts';
import { languageError, type LanguageError, type PriceTerm, type Word } from './statement.ts';
import { parseTag, TAG_FORM } from './tag.ts';

/** Flags without a value. */
export const PLAIN_FLAGS = ['post', 'ioc', 'fok', 'reduce'] as const;
/** Flags written `name=value`. */
export const VALUE_FLAGS = ['stop', 'show', 'tif', 'tp', 'sl', 'tag'] as const;

/** What a flag may look like, for error messages. */
export const FLAG_FORMS =
  'post, ioc, fok, reduce, stop=P, show=Q, tif=gtc|ioc|fok, tp=P, sl=P or tag=WORD';

type PlainFlag = (typeof PLAIN_FLAGS)[number];
type ValueFlag = (typeof VALUE_FLAGS)[number];

const TIMES: ReadonlyMap<string, TimeInForce> = new Map([
  ['gtc', 'GTC'],
  ['ioc', 'IOC'],
  ['fok', 'FOK'],
]);

/** The flags of an order: the words they came from and the values of those that have one. */
export interface Flags {
  readonly words: ReadonlyMap<PlainFlag | ValueFlag, Word>;
  readonly values: ReadonlyMap<ValueFlag, string>;
  readonly timeInForce: TimeInForce;
}

function isPlain(name: string): name is PlainFlag {
  return (PLAIN_FLAGS as readonly string[]).includes(name);
}

function isValue(name: string): name is ValueFlag {
  return (VALUE_FLAGS as readonly string[]).includes(name);
}

function valueProblem(name: ValueFlag, value: string, word: Word): LanguageError | undefined {
  if (name === 'tif') {
    if (TIMES.has(value)) return undefined;
    return languageError('FLAG_MALFORMED', word, 'tif=gtc, tif=ioc or tif=fok');
  }
  if (name === 'tag') {
    return parseTag(value) === undefined
      ? languageError('FLAG_MALFORMED', word, TAG_FORM)
      : undefined;
  }
  if (isPositiveDecimal(value)) return undefined;
  return languageError('FLAG_MALFORMED', word, `${name}= and a decimal greater than 0`);
}

/** Reads the words after the price. */
export function parseFlags(words: readonly Word[]): Result<Flags, LanguageError> {
  const seen = new Map<PlainFlag | ValueFlag, Word>();
  const values = new Map<ValueFlag, string>();
  for (const word of words) {
    const [name = '', ...rest] = word.text.toLowerCase().split('=');
    const plain = isPlain(name) && rest.length === 0;
    if (!plain && !(isValue(name) && rest.length > 0)) {
      return err(languageError('FLAG_UNKNOWN', word, FLAG_FORMS));
    }
    if (seen.has(name)) {
      return err(languageError('FLAG_REPEATED', word, `${name} at most once`));
    }
    seen.set(name, word);
    if (!isValue(name)) continue;
    // A tag is the trader's own: it keeps its case.
    const value = name === 'tag' ? word.text.slice('tag='.length) : rest.join('=');
    const problem = valueProblem(name, value, word);
    if (problem !== undefined) return err(problem);
    values.set(name, value);
  }
  const time = timeInForceOf(seen, values);
  return time.ok ? ok({ words: seen, values, timeInForce: time.value }) : time;
}

function timeInForceOf(
  seen: Flags['words'],
  values: Flags['values'],
): Result<TimeInForce, LanguageError> {
  const named = (['ioc', 'fok', 'tif'] as const).filter((name) => seen.has(name));
  const [first, second] = named;
  if (first === undefined) return ok('GTC');
  const extra = second === undefined ? undefined : seen.get(second);
  if (extra !== undefined) {
    return err(languageError('FLAGS_CONFLICT', extra, 'one of ioc, fok and tif='));
  }
  return ok(TIMES.get(first === 'tif' ? (values.get('tif') ?? '') : first) ?? 'GTC');
}

function showConflict(flags: Flags, price: PriceTerm): LanguageError | undefined {
  const show = flags.words.get('show');
  if (show === undefined) return undefined;
  const conflict = (expected: string) => languageError('FLAGS_CONFLICT', show, expected);
  if (price.kind === 'Market') return conflict('a price with show= (only a resting order hides)');
  if (flags.timeInForce !== 'GTC') return conflict(`no show= with ${flags.timeInForce}`);
  return flags.words.has('stop') ? conflict('no show= with stop=') : undefined;
}

function exitConflict(flags: Flags): LanguageError | undefined {
  const name = flags.words.has('tp') ? 'tp' : 'sl';
  const exit = flags.words.get(name);
  if (exit === undefined || !flags.words.has('reduce')) return undefined;
  const expected = `no ${name}= with reduce (it opens nothing to exit from)`;
  return languageError('FLAGS_CONFLICT', exit, expected);
}

/** The first flag that contradicts the price or another flag. */
export function conflictOf(flags: Flags, price: PriceTerm): LanguageError | undefined {
  const post = flags.words.get('post');
  const time = flags.words.get('ioc') ?? flags.words.get('fok') ?? flags.words.get('tif');
  if (post !== undefined) {
    if (price.kind === 'Market') {
      return languageError(
        'FLAGS_CONFLICT',
        post,
        'a price with post (a market order never rests)',
      );
    }
    if (flags.timeInForce !== 'GTC') {
      return languageError('FLAGS_CONFLICT', post, `no post with ${flags.timeInForce}`);
    }
    if (flags.words.has('stop')) {
      return languageError('FLAGS_CONFLICT', post, 'no post with stop=');
    }
  }
  if (price.kind === 'Market' && flags.timeInForce === 'FOK' && time !== undefined) {
    return languageError('FLAGS_CONFLICT', time, 'a price with fok');
  }
  return showConflict(flags, price) ?? exitConflict(flags);
}
