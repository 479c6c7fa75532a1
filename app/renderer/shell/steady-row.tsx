import { useEffect, useRef, type ReactNode } from 'react';

/** A panel that trades, as its padlock tells, while the pointer rests on it. */
const TRADING_UNDER_POINTER = '[data-panel]:hover .padlock';

/**
 * A row of what comes and goes over the desk. It takes room and gives it back only while the pointer rests on no panel that trades: no
 * price moves under it. Until then it lies over what is below, or leaves its room empty.
 */
export function SteadyRow({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  const row = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = content;
    if (current === null) return undefined;
    let wanted = 0;
    let taken = 0;
    const settle = (): void => {
      if (wanted === taken || document.querySelector(TRADING_UNDER_POINTER) !== null) return;
      taken = wanted;
      if (row.current !== null) row.current.style.height = `${taken}px`;
    };
    const sizes = new ResizeObserver(() => {
      wanted = current.offsetHeight;
      settle();
    });
    sizes.observe(current);
    document.addEventListener('pointermove', settle, { passive: true });
    document.documentElement.addEventListener('pointerleave', settle);
    return () => {
      sizes.disconnect();
      document.removeEventListener('pointermove', settle);
      document.documentElement.removeEventListener('pointerleave', settle);
    };
  }, []);
  return (
    <div className="steady-row" ref={row}>
      <div data-testid={name} ref={content}>
        {children}
      </div>
    </div>
  );
}
