/** The engine services a window talks to. */
export type ChannelName = 'feed' | 'trade' | 'host';

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

/** What the renderer knows of where it runs: a browser page or an Electron window. */
export interface Host {
  openChannel(name: ChannelName, events: ChannelEvents): Channel;
  /** Nonce that style elements need under the content security policy. */
  readonly styleNonce: string | undefined;
}
