import type { ReactNode } from 'react';

/** One 12 px grid, 1.25 px strokes. */
const PATHS = {
  lock: 'M3 5.5h6v4.5H3zM4.25 5.5V4a1.75 1.75 0 0 1 3.5 0v1.5',
  unlock: 'M3 5.5h6v4.5H3zM4.25 5.5V3.6a1.75 1.75 0 0 1 3.4-.6',
  x: 'M3 3l6 6M9 3l-6 6',
  plus: 'M6 2.5v7M2.5 6h7',
  check: 'M2.5 6.5L5 9l4.5-6',
  warn: 'M6 1.8l4.6 8.2H1.4zM6 5v2.4M6 8.7v.1',
  search: 'M5.2 8.4a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM7.6 7.6L10 10',
  caret: 'M3.5 5L6 7.5 8.5 5',
  up: 'M6 9.5v-7M3.5 5L6 2.5 8.5 5',
  down: 'M6 2.5v7M3.5 7L6 9.5 8.5 7',
  centre: 'M2 6h2.5M7.5 6H10M6 2v2.5M6 7.5V10',
  info: 'M6 10.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM6 5.6v2.6M6 3.8v.1',
  plug: 'M4.5 2v2.5M7.5 2v2.5M3 4.5h6v1.8a3 3 0 0 1-6 0zM6 9.3V11',
  clock: 'M6 10.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM6 3.6V6l1.6 1.2',
  power: 'M6 1.8v4M3.6 3.4a3.9 3.9 0 1 0 4.8 0',
  last: 'M2.5 3l3.5 3-3.5 3M9 3v6',
  picture: 'M1.8 3.6h2l.9-1.3h2.6l.9 1.3h2v5.6H1.8zM6 7.9a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z',
  play: 'M4 2.5l5.5 3.5L4 9.5z',
  pause: 'M4.2 2.5v7M7.8 2.5v7',
  keyboard: 'M1.8 3.5h8.4v5H1.8zM4 7h4M3.6 5.2h.1M6 5.2h.1M8.4 5.2h.1',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** A stroke icon in the colour of the text; decoration only, the word stands beside it. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="ic" viewBox="0 0 12 12" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
