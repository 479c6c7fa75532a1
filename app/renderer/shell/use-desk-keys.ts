import { useEffect } from 'react';
import type { CommandRegistry, KeyPlace } from '../commands/command-registry.ts';

/** Turns key presses anywhere in the window into commands. */
export function useDeskKeys(registry: CommandRegistry): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      // A held Enter presses a button once, not thirty times a second.
      if (event.repeat && event.key === 'Enter' && event.target instanceof HTMLButtonElement) {
        event.preventDefault();
        return;
      }
      const outcome = registry.press(event, placeOf(event.target));
      if (outcome !== 'ignored') event.preventDefault();
    };
    const onKeyUp = (event: KeyboardEvent): void => registry.release(event);
    const onBlur = (): void => registry.releaseAll();
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keyup', onKeyUp, { capture: true });
    window.addEventListener('blur', onBlur);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keyup', onKeyUp, { capture: true });
      window.removeEventListener('blur', onBlur);
    };
  }, [registry]);
}

function placeOf(target: EventTarget | null): KeyPlace {
  const element = target instanceof Element ? target : null;
  const field = element?.closest('input, textarea, select, [contenteditable]');
  const box = field instanceof HTMLInputElement && field.type === 'checkbox';
  return {
    panel: element?.closest<HTMLElement>('[data-panel]')?.dataset['panel'],
    inTextField: field !== null && field !== undefined && !box,
    // Wherever the focus is: what is behind a dialog takes no key.
    inDialog: document.querySelector('[aria-modal="true"]') !== null,
  };
}
