const changed = new Set<() => void>();
/** Tokens of the theme that is on: asking the page costs as much as laying it out. */
const known = new Map<string, string>();

/** Widths below which the desk is drawn dense. */
const DENSE_BELOW_PX = 1700;

/** Sets theme and density on the page and keeps them in step with the system and the window. */
export function applyTheme(page: Document): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const dense = matchMedia(`(max-width: ${DENSE_BELOW_PX - 1}px)`);
  const apply = (): void => {
    const { dataset } = page.documentElement;
    dataset['theme'] = light.matches ? 'light' : 'dark';
    dataset['sides'] = 'green-red';
    dataset['density'] = dense.matches ? 'dense' : 'compact';
    known.clear();
    for (const callback of changed) callback();
  };
  light.addEventListener('change', apply);
  dense.addEventListener('change', apply);
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
