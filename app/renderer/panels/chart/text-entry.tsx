import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { DrawingPoint } from '../../charts/drawing.ts';
import { usePassKeyboard } from '../../ui/keyboard-place.ts';
import { LONGEST_TEXT } from './chart-setup.ts';

/** Where on the chart a text is written, and where that is on the screen. */
export interface PlacedText {
  readonly point: DrawingPoint;
  readonly x: number;
  readonly y: number;
}

/** A field on the chart for the words of a drawing; Enter keeps them, Escape does not. */
export function TextEntry({
  place,
  onEnd,
}: {
  readonly place: PlacedText;
  readonly onEnd: (text: string) => void;
}): ReactNode {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  usePassKeyboard(field);
  return (
    <input
      className="text-entry"
      style={{ left: place.x, top: place.y - 12 }}
      aria-label="Text on the chart"
      maxLength={LONGEST_TEXT}
      value={text}
      ref={field}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onEnd('')}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnd(text.trim());
        if (event.key === 'Escape') onEnd('');
      }}
    />
  );
}
