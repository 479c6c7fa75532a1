import { useEffect, useRef, type ReactNode } from 'react';
import type { Suggestion } from '../../../engine/language/complete.ts';
import { Keys } from '../../ui/controls.tsx';
import type { Found, PaletteItem } from './palette.ts';

/** One row under the command field: a word that goes on with the line, or something found by its name. */
export type LineOption =
  | { readonly kind: 'completion'; readonly suggestion: Suggestion }
  | { readonly kind: 'item'; readonly found: Found };

/** Id of the list, for the field that controls it. */
export const OPTIONS_ID = 'line-options';

/** Id of a row of the list. */
export function optionId(index: number): string {
  return `${OPTIONS_ID}-${index}`;
}

/** What tells a row from the others. */
export function optionKey(option: LineOption): string {
  if (option.kind === 'item') return `item ${option.found.item.id}`;
  return `${option.suggestion.text} ${option.suggestion.detail}`;
}

/** The rows under the command field; the chosen one is marked and kept in sight. */
export function LineOptions({
  options,
  chosen,
  onTake,
}: {
  readonly options: readonly LineOption[];
  readonly chosen: number | undefined;
  readonly onTake: (option: LineOption) => void;
}): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen === undefined) return;
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div
      ref={list}
      id={OPTIONS_ID}
      className="opts"
      role="listbox"
      aria-label="What can be typed or chosen"
      data-testid="line-options"
    >
      {options.map((option, index) => (
        <div
          key={optionKey(option)}
          id={optionId(index)}
          className={`opt${index === chosen ? ' on' : ''}`}
          role="option"
          aria-selected={index === chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(option);
          }}
        >
          {option.kind === 'completion' ? (
            <CompletionRow suggestion={option.suggestion} chosen={index === chosen} />
          ) : (
            <ItemRow found={option.found} chosen={index === chosen} />
          )}
        </div>
      ))}
    </div>
  );
}

function CompletionRow({
  suggestion,
  chosen,
}: {
  readonly suggestion: Suggestion;
  readonly chosen: boolean;
}): ReactNode {
  return (
    <>
      <span className="mono">{suggestion.text}</span>
      {suggestion.detail}
      {chosen && <Keys chord="Tab" />}
    </>
  );
}

function ItemRow({
  found: { item, at },
  chosen,
}: {
  readonly found: Found;
  readonly chosen: boolean;
}): ReactNode {
  return (
    <>
      <span className="name">
        <Marked text={item.text} at={at} />
      </span>
      <span className="t3 what">
        {whatWords(item)}
        {item.detail}
      </span>
      {item.plan !== undefined && <span className="sends">sends</span>}
      <span className="spacer">{item.chord !== undefined && <Keys chord={item.chord} />}</span>
      {chosen && <kbd>Enter</kbd>}
    </>
  );
}

function whatWords({ kind }: PaletteItem): string {
  return kind === 'Command' ? '' : `${kind} \u00b7 `;
}

/** A text whose found letters stand out. */
function Marked({
  text,
  at,
}: {
  readonly text: string;
  readonly at: readonly number[];
}): ReactNode {
  const marked = new Set(at);
  const parts: { text: string; on: boolean; from: number }[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const on = marked.has(index);
    const last = parts.at(-1);
    if (last?.on === on) last.text += text[index];
    else parts.push({ text: text[index] ?? '', on, from: index });
  }
  return parts.map((part) =>
    part.on ? <mark key={part.from}>{part.text}</mark> : <span key={part.from}>{part.text}</span>,
  );
}
