/** A key event without the DOM. */
export interface KeyPress {
  readonly key: string;
  /** The physical key; '' where it is not known. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** Signs that a chord cannot have by themselves. */
const SIGNS: Readonly<Record<string, string>> = { ' ': 'Space', '+': 'Plus' };

/** Canonical name of a chord: `Ctrl+Shift+K`, `/`, `Plus`, `ArrowUp`. Ctrl and the Command key are one; Shift is named only with letters and named keys. */
export function chordOf(press: KeyPress): string {
  const printable = press.key.length === 1;
  const letter = /^[a-z]$/i.test(press.key);
  const key = letter ? press.key.toUpperCase() : press.key;
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push('Ctrl');
  if (press.altKey) parts.push('Alt');
  if (press.shiftKey && (!printable || letter)) parts.push('Shift');
  parts.push(SIGNS[key] ?? key);
  return parts.join('+');
}

/** True for a chord that cannot be part of typed text (Alt and a letter is a mnemonic; where it types a sign, the sign is the key). */
export function isControlChord(chord: string): boolean {
  return chord.startsWith('Ctrl+') || /^(?:F\d+|Alt\+[A-Z])$/.test(chord);
}
