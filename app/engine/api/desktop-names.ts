/** What a page in an Electron window is given: text to main and from it, as `desktop-bridge.ts` has it. */
export interface DesktopBridge {
  ask(text: string): void;
  onTold(listener: (text: string) => void): void;
}

/** Name of the bridge in the page. */
export const BRIDGE = 'quarterdeck';
/** Member of the page's message that offers one end of a channel to a service; its value is the service. */
export const CHANNEL_OFFER = 'quarterdeckChannel';
/** The channels between preload script and main. */
export const IPC = {
  ask: 'quarterdeck:ask',
  told: 'quarterdeck:told',
  channel: 'quarterdeck:channel',
} as const;
