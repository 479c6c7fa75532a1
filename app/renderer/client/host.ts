/** The engine services a window talks to. */
export type ChannelName = 'feed' | 'trade' | 'host';

/** Why a channel could not be opened: the window's session has ended, and no further attempt will succeed. */
export const SESSION_ENDED = 'the session of this window has ended';

/** What a channel tells its owner. */
export interface ChannelEvents {
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  /** The channel ended, by either side; it is never reopened. */
  readonly onClose: (reason: string) => void;
}

/** One live connection to a service; messages are JSON text in order. */
export interface Channel {
  send(text: string): void;
  close(): void;
}

/** A window on the screen, in CSS pixels, and the display it is on. */
export interface WindowPlace extends Rectangle {
  readonly display: Rectangle & { readonly scale: number };
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How a window knows itself and opens others. */
export interface HostWindows {
  /** The window of the workspace that this one was opened for; null when it was opened for none. */
  readonly asked: string | null;
  /** Keeps which window this is over a reload. */
  remember(window: string | null): void;
  /** Where this window is now. */
  place(): WindowPlace;
  /** True when it is the page that tells main where it is; otherwise main sees that itself. */
  readonly tellsPlace: boolean;
  /** Opens a further window, where it was when that is known; false when the host does not let it. */
  open(window: string, place: WindowPlace | null): boolean;
  /** Closes this window; nothing happens when the host does not let a page do that. */
  close(): void;
}

/** A command of the desk as a menu of the system shows it. */
export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  /** Shown, never bound. */
  readonly key?: string;
}

/** What only a window of the system can do. */
export interface Desktop {
  /** Tells of something when nobody looks at the desk. */
  notify(title: string, text: string): void;
  /** Gives the menu the commands there are; `onChosen` is called with the one that was chosen in this window. */
  setMenu(entries: readonly MenuEntry[]): void;
  onMenu(onChosen: (command: string) => void): void;
}

/** What the renderer knows of where it runs: a browser page or an Electron window. */
export interface Host {
  openChannel(name: ChannelName, events: ChannelEvents): Channel;
  readonly windows: HostWindows;
  /** Nonce that style elements need under the content security policy. */
  readonly styleNonce: string | undefined;
  /** Absent in a browser. */
  readonly desktop?: Desktop;
}
