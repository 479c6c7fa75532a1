import type { ReactNode } from 'react';

/** One shape for each status of anything that has a status, on a 10 px grid. */
const SHAPES: Readonly<Record<string, ReactNode>> = {
  unsent: <circle cx="5" cy="5" r="3.2" />,
  sent: <path d="M1.8 5h6.4M5.6 2.4L8.2 5 5.6 7.6" />,
  accepted: <circle cx="5" cy="5" r="3.2" strokeDasharray="1.7 1.6" />,
  trigger: <path d="M5 1.4L8.6 5 5 8.6 1.4 5z" />,
  working: <circle cx="5" cy="5" r="3.4" className="f" />,
  partial: (
    <>
      <circle cx="5" cy="5" r="3.2" />
      <path d="M5 1.8a3.2 3.2 0 0 1 0 6.4z" className="f" />
    </>
  ),
  'cancel-sent': (
    <>
      <circle cx="5" cy="5" r="3.4" />
      <path d="M3.4 6.6l3.2-3.2" />
    </>
  ),
  dead: <path d="M2.2 2.2l5.6 5.6M7.8 2.2L2.2 7.8" />,
  filled: <path d="M1.8 5.4L4.2 7.8 8.4 2.6" />,
  unknown: <path d="M3.2 3.6a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2M5 8.3v.2" />,
};

/** A status as shape, colour and word. `color` names a `--st-…` token. */
export function StatusSign({
  shape,
  color,
  label,
}: {
  readonly shape: string;
  readonly color: string;
  readonly label: string;
}): ReactNode {
  return (
    <span className="st" style={{ color: `var(--st-${color})` }}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[shape]}
      </svg>
      {label}
    </span>
  );
}
