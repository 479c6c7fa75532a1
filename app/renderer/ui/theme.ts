const changed = new Set<() => void>();
/** Tokens of the theme that is on: asking the page costs as much as laying it out. */
const known = new Map<string, string>();

/** Widths below which the desk is drawn dense. */
const DENSE_BELOW_PX = 1700;

/** How the desk looks, as the settings have it. */
export interface Appearance {
  /** `system` follows the operating system while the page is open. */
  readonly theme: 'system' | 'dark' | 'light' | 'contrast';
  /** `auto` is dense in narrow windows. */
  readonly density: 'auto' | 'dense' | 'compact' | 'comfortable';
  readonly sides: 'green-red' | 'red-green' | 'blue-orange';
}

let appearance: Appearance = { theme: 'system', density: 'auto', sides: 'green-red' };
let apply = (): void => {};

/** Sets theme and density on the page and keeps them in step with the settings, the system and the window. */
export function applyTheme(page: Document): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const narrow = matchMedia(`(max-width: ${DENSE_BELOW_PX - 1}px)`);
  apply = () => {
    const { theme, density, sides } = appearance;
    const system = light.matches ? 'light' : 'dark';
    const auto = narrow.matches ? 'dense' : 'compact';
    const { dataset } = page.documentElement;
    dataset['theme'] = theme === 'system' ? system : theme;
    dataset['sides'] = sides;
    dataset['density'] = density === 'auto' ? auto : density;
    known.clear();
    for (const callback of changed) callback();
  };
  light.addEventListener('change', () => apply());
  narrow.addEventListener('change', () => apply());
  apply();
}

/** Another look, at once. */
export function setAppearance(next: Appearance): void {
  appearance = next;
  apply();
}
/** Calls back after each change of theme or density; the returned function ends it. */
export function onThemeChange(callback: () => void): () => void {
  changed.add(callback);
  return () => changed.delete(callback);
}

/** The value of a token now, as painters of canvases need it. */
export function token(name: string): string {
  const value =
    known.get(name) ??
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  // Before the styles are loaded there is none to be kept.
  if (value !== '') known.set(name, value);
  return value;
}

/** A length token in pixels. */
export function tokenPixels(name: string): number {
  return Number.parseInt(token(name), 10);
}
