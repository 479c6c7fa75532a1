const changed = new Set<() => void>();

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
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A length token in pixels. */
export function tokenPixels(name: string): number {
  return Number.parseInt(token(name), 10);
}
