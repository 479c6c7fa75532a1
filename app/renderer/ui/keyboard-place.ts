import { useLayoutEffect, type RefObject } from 'react';

/** What of a panel takes the keyboard when the panel is given it. A list's guards and the row of its heads would pass it on or keep it from the rows. */
const FIRST = 'input, .ag-header-cell, [tabindex="0"]:not(.ag-tab-guard, .ag-header-row)';

/** Gives the keyboard to a panel: to its first field or list, to the panel itself while it has none. Who is in its list stays on the row. */
export function enterPanel(panel: HTMLElement): void {
  const list = document.activeElement?.closest('[role="grid"]') ?? null;
  if (list !== null && panel.contains(list)) return;
  (panel.querySelector<HTMLElement>(FIRST) ?? panel).focus();
}

/** Remembers who has the keyboard; the answer gives it back, to what took its place in the panel when it is gone. */
export function rememberKeyboard(before = document.activeElement): () => void {
  const panel = panelOf(before);
  return () => {
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    else if (panel?.isConnected === true) enterPanel(panel);
  };
}

/** When `content` goes while it has the keyboard, what takes its place in the panel has it. */
export function usePassKeyboard(content: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = content.current;
    const panel = panelOf(element);
    return () => {
      if (panel === null || element?.contains(document.activeElement) !== true) return;
      // What replaces it is in place when this picture is whole.
      queueMicrotask(() => {
        const lost = document.activeElement === document.body;
        if (lost && panel.isConnected) enterPanel(panel);
      });
    };
  }, [content]);
}

function panelOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>('[data-panel-id]') ?? null;
}
