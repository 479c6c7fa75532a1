import type { HostWindows, WindowPlace } from './host.ts';

/** Browser tabs and pop-up windows of the desk; which window of the workspace each is stands in its address. */
export class BrowserWindows implements HostWindows {
  readonly asked = askedWindow();
  readonly tellsPlace = true;
  readonly remember = rememberWindow;
  readonly place = pagePlace;

  open(window: string, place: WindowPlace | null): boolean {
    const address = new URL('/', location.href);
    address.searchParams.set('window', window);
    const where = place ?? { ...this.place(), left: screenX + 48, top: screenY + 48 };
    const features = (['left', 'top', 'width', 'height'] as const)
      .map((measure) => `${measure}=${Math.round(where[measure])}`)
      .join(',');
    return globalThis.open(address, '_blank', `popup,${features}`) !== null;
  }

  close(): void {
    globalThis.close();
  }
}

/** The window of the workspace that stands in the page's address. */
export function askedWindow(): string | null {
  return new URL(location.href).searchParams.get('window');
}

/** Keeps in the page's address which window of the workspace it shows. */
export function rememberWindow(window: string | null): void {
  const address = new URL(location.href);
  if (window === null) address.searchParams.delete('window');
  else address.searchParams.set('window', window);
  history.replaceState(null, '', address);
}

/** Where the page's window is, as far as a page is told. */
export function pagePlace(): WindowPlace {
  const { availLeft = 0, availTop = 0 } = screen as Screen & {
    readonly availLeft?: number;
    readonly availTop?: number;
  };
  return {
    left: Math.round(screenX),
    top: Math.round(screenY),
    width: innerWidth,
    height: innerHeight,
    display: {
      left: Math.round(availLeft),
      top: Math.round(availTop),
      width: screen.availWidth,
      height: screen.availHeight,
      scale: devicePixelRatio,
    },
  };
}
