import { NUMBER_FORMS, setNumberForm } from '../format/number-form.ts';
import { setTimeZone } from '../format/time-text.ts';
import type { Desk } from '../state/desk.tsx';
import { choiceOf } from '../state/setting-values.ts';
import { setAppearance } from '../ui/theme.ts';

/** Keeps the look of this window as the settings have it; time zone and form of numbers are those of its beginning. */
export function followAppearance(desk: Desk): void {
  let begun = false;
  desk.host.store.subscribe(({ settings }, before) => {
    if (settings === undefined || settings === before.settings) return;
    setAppearance({
      theme: choiceOf(settings, 'appearance.theme', ['system', 'dark', 'light', 'contrast']),
      density: choiceOf(settings, 'appearance.density', [
        'auto',
        'dense',
        'compact',
        'comfortable',
      ]),
      sides: choiceOf(settings, 'appearance.sides', ['green-red', 'red-green', 'blue-orange']),
    });
    // What is on the screen already would stay in the other zone or form.
    if (!begun) {
      setTimeZone(choiceOf(settings, 'appearance.timeZone', ['UTC', 'local']));
      setNumberForm(choiceOf(settings, 'appearance.numbers', NUMBER_FORMS));
    }
    begun = true;
  });
}
