import type { ReactNode } from 'react';
import './sign.css';

const SHAPES = {
  ok: <circle cx="5" cy="5" r="3" className="f" />,
  warn: <path d="M5 1.6l3.9 6.8H1.1z" />,
  bad: <path d="M2.2 2.2l5.6 5.6M7.8 2.2L2.2 7.8" />,
  unknown: <circle cx="5" cy="5" r="3.2" strokeDasharray="1.7 1.6" />,
} as const;

const WORDS = {
  ok: 'in order',
  warn: 'needs a look',
  bad: 'in trouble',
  unknown: 'not known',
} as const;

/** How something does, as a shape and a colour; `why` is its tooltip. */
export function Sign({
  sign,
  why,
}: {
  readonly sign: keyof typeof SHAPES;
  readonly why?: string | undefined;
}): ReactNode {
  return (
    <span
      className={`sign ${sign}`}
      role="img"
      aria-label={why ?? WORDS[sign]}
      title={why ?? WORDS[sign]}
      data-sign={sign}
    >
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[sign]}
      </svg>
    </span>
  );
}
