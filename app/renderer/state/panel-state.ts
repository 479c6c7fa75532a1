import { useState } from 'react';
import type { Panel } from '../client/host-client.ts';
import { useDesk } from './desk.tsx';
import { usePanelPlace } from './panel-place.tsx';
import { shownWindow } from './workspaces.ts';

/** What a panel can keep. */
export type PanelJson = Panel['state'];

/** What a panel keeps under a name: it comes back with the panel, in this window or another. `read` gives a value for anything, also for what another release kept. */
export function usePanelState<T extends PanelJson>(
  name: string,
  read: (kept: unknown) => T,
): readonly [T, (next: T) => void] {
  const desk = useDesk();
  const place = usePanelPlace();
  const kept = (): Panel['state'] =>
    shownWindow(desk.workspaces.store.getState())?.panels.find(({ id }) => id === place?.id)
      ?.state ?? null;
  const [value, setValue] = useState(() => {
    const state = kept();
    return read(isRecord(state) ? state[name] : undefined);
  });
  const keep = (next: T): void => {
    setValue(next);
    if (place === undefined) return;
    const state = kept();
    const others = isRecord(state) ? state : {};
    desk.workspaces.change({
      type: 'SetPanelState',
      panel: place.id,
      state: { ...others, [name]: next },
    });
  };
  return [value, keep];
}

function isRecord(state: Panel['state']): state is { [key: string]: Panel['state'] } {
  return typeof state === 'object' && state !== null && !Array.isArray(state);
}
