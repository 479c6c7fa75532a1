import { overallState } from '../state/entry-gate.ts';
import { useTrade } from '../state/desk.tsx';
import { useCommands, useKeyOf } from './commands-context.tsx';

/** Whether orders of this window may add risk, in a word, and the way to change it. */
export interface Arming {
  readonly word: 'Armed' | 'Disarmed' | 'Locked';
  /** What pressing it does, with its key. */
  readonly title: string;
  readonly toggle: () => void;
}

/** The arming of this window; renders when it changes. */
export function useArming(): Arming {
  const { registry } = useCommands();
  const chord = useKeyOf('trading.arm');
  const state = useTrade(({ replica }) =>
    overallState(replica.accounts.map((account) => account.tradingState)),
  );
  const armed = useTrade(({ replica }) => replica.armed);
  const synced = useTrade(({ replica }) => replica.synced);
  const toggle = (): void => void registry.run('trading.arm');
  if (!synced || state === 'Locked' || state === 'Halted') {
    return { word: 'Locked', title: 'Unlock first: two separate acts', toggle };
  }
  const words = armed ? 'Disarm this window' : 'Arm this window';
  const title = chord === undefined ? words : `${words} (${chord})`;
  return { word: armed ? 'Armed' : 'Disarmed', title, toggle };
}
