/** A set of keys that comes with the desk: by command, in place of its own keys. */
export interface KeyPreset {
  readonly name: string;
  readonly title: string;
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** The name of the preset that changes nothing. */
export const STANDARD = 'standard';

/** Every preset; the first is that of a new desk. */
export const KEY_PRESETS: readonly KeyPreset[] = [
  { name: STANDARD, title: 'Standard', keys: {} },
  {
    name: 'letters',
    title: 'Letters over the ladder',
    keys: {
      'ladder.sell-market': ['Q'],
      'ladder.buy-market': ['W'],
      'ladder.hit-bid': ['E'],
      'ladder.lift-ask': ['R'],
      'ladder.join-ask': ['A'],
      'ladder.join-bid': ['S'],
      'ladder.sell': ['D'],
      'ladder.buy': ['F'],
      'ladder.tick-up': ['T'],
      'ladder.tick-down': ['G'],
      'ladder.cancel-last': ['Z'],
      'ladder.next-order': ['V'],
      'ladder.cancel-bids': ['B'],
      'ladder.cancel-asks': ['N'],
    },
  },
  {
    name: 'functions',
    title: 'Function keys',
    keys: {
      'ladder.lift-ask': ['F2'],
      'ladder.buy-market': ['Shift+F2'],
      'ladder.hit-bid': ['F4'],
      'ladder.sell-market': ['Shift+F4'],
      'ladder.join-bid': ['F7'],
      'ladder.join-ask': ['F8'],
      'ladder.cancel-bids': ['Shift+F7'],
      'ladder.cancel-asks': ['Shift+F8'],
      'ladder.cancel-last': ['F9'],
      'ladder.next-order': ['F3'],
    },
  },
];
