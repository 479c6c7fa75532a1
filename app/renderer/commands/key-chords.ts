const NAMED = [
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  'Insert',
  'Delete',
  'Backspace',
  'Enter',
  'Escape',
  'Tab',
  'Space',
  'Plus',
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`),
];

/** A chord: modifiers in their order, then a named key, a letter, or the sign that the key types. */
const CHORD = new RegExp(
  `^(?:Ctrl\\+)?(?:Alt\\+)?(?:(?:Shift\\+)?(?:${NAMED.join('|')}|[A-Z])|[^\\sA-Za-z+])$`,
  'u',
);

/** True for the canonical name of a chord that can be bound. */
export function isChord(text: string): boolean {
  return CHORD.test(text);
}

const TAKEN: readonly (readonly [chords: readonly string[], why: string])[] = [
  [['Ctrl+W', 'Ctrl+Shift+W', 'Ctrl+F4'], 'the browser closes the tab with it'],
  [['Ctrl+Q', 'Ctrl+Shift+Q', 'Alt+F4'], 'the system closes the window with it'],
  [['Ctrl+T', 'Ctrl+Shift+T', 'Ctrl+N', 'Ctrl+Shift+N'], 'the browser opens a tab or window'],
  [['Ctrl+Tab', 'Ctrl+Shift+Tab', 'Ctrl+PageUp', 'Ctrl+PageDown'], 'the browser changes the tab'],
  [['Alt+Tab', 'Alt+Shift+Tab', 'Alt+Escape', 'Alt+Space'], 'the system changes the window'],
  [['Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home'], 'the browser leaves the page with it'],
  [['F5', 'Ctrl+F5', 'Ctrl+R', 'Ctrl+Shift+R'], 'the browser loads the page anew'],
  [['F6', 'Alt+D'], 'the browser goes to its address bar'],
  [['F11'], 'the browser fills the screen with it'],
  [['F12', 'Ctrl+Shift+I', 'Ctrl+Shift+J', 'Ctrl+Shift+C'], 'the browser opens its tools with it'],
  [['F10', 'Shift+F10'], 'the system opens a menu with it'],
  [['Ctrl+Plus', 'Ctrl+-', 'Ctrl+='], 'it scales the text'],
  [['Ctrl+A', 'Ctrl+C', 'Ctrl+V', 'Ctrl+X', 'Ctrl+Z', 'Ctrl+Shift+Z'], 'it is for text'],
  [['Tab', 'Shift+Tab'], 'it moves the focus'],
  [['Enter', 'Shift+Enter', 'Escape', 'Shift+Escape'], 'it confirms or leaves what is open'],
];
const WHY = new Map(TAKEN.flatMap(([chords, why]) => chords.map((chord) => [chord, why] as const)));

/** Why a chord cannot be bound here; undefined when it can. */
export function reservedReason(chord: string): string | undefined {
  return WHY.get(chord);
}
