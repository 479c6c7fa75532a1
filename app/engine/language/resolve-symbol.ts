import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { languageError, type LanguageError, type Word } from './statement.ts';

const SHOWN = 5;

function listed(instruments: readonly Instrument[]): string {
  const names = instruments.slice(0, SHOWN).map((instrument) => instrument.id);
  return instruments.length > SHOWN ? `${names.join(', ')}, …` : names.join(', ');
}

/** Finds the instrument a word names: a full id, or a bare symbol in any case that is unique among `instruments`. */
export function resolveSymbol(
  word: Word,
  instruments: readonly Instrument[],
): Result<Instrument, LanguageError> {
  const wanted = word.text.toUpperCase();
  const exact = instruments.find((instrument) => instrument.id.toUpperCase() === wanted);
  if (exact !== undefined) return ok(exact);
  const named = instruments.filter((instrument) => instrument.symbol.toUpperCase() === wanted);
  const [first, second] = named;
  if (first !== undefined && second === undefined) return ok(first);
  if (first !== undefined) {
    return err(languageError('SYMBOL_AMBIGUOUS', word, `one of ${listed(named)}`));
  }
  const similar = instruments.filter((instrument) => instrument.id.toUpperCase().includes(wanted));
  const offered = similar.length > 0 ? similar : instruments;
  const expected =
    offered.length > 0
      ? `an instrument such as ${listed(offered)}`
      : 'an instrument (none is subscribed)';
  return err(languageError('SYMBOL_UNKNOWN', word, expected));
}
