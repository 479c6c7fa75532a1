import { ArmingWatch } from '../commands/arming-watch.ts';
import type { DeskActions } from '../commands/desk-actions.ts';
import type { Desk } from '../state/desk.tsx';
import { valueOf } from '../state/setting-values.ts';

const LOOK_MS = 1000;
/** Windows tell each other of a hand this often at most. */
const TELL_MS = 1000;
/** Before the host said the setting. */
const DEFAULT_MINUTES = 15;
const HANDS = ['keydown', 'pointerdown', 'wheel'] as const;

/** Disarms this window when nobody is at any window of the desk, and after a lost connection. */
export function watchArming(desk: Desk, actions: DeskActions): ArmingWatch {
  const watch = new ArmingWatch({
    now: () => Date.now(),
    limit: () => {
      const minutes = valueOf(desk.host.store.getState().settings, 'trading.disarmAfterMinutes');
      return (typeof minutes === 'number' ? minutes : DEFAULT_MINUTES) * 60_000;
    },
    disarm: (why) => actions.disarm(why),
  });
  const windows = new BroadcastChannel('quarterdeck hands');
  windows.addEventListener('message', ({ data }) => {
    if (typeof data === 'number') watch.hand(data);
  });
  let told = 0;
  const onHand = (): void => {
    watch.hand();
    const now = Date.now();
    if (Math.abs(now - told) < TELL_MS) return;
    told = now;
    windows.postMessage(now);
  };
  for (const hand of HANDS) {
    globalThis.addEventListener(hand, onHand, { capture: true, passive: true });
  }
  const look = (): void => watch.look(desk.trade.store.getState().replica);
  desk.trade.store.subscribe((state, before) => {
    if (state.replica !== before.replica) look();
  });
  setInterval(look, LOOK_MS);
  return watch;
}
