import { useMemo } from 'react';
import { useDesk } from './desk.tsx';

/** A part of the desk's document: what was saved, and how it is saved again. */
export interface KeptPart {
  readonly saved: unknown;
  readonly onSave: (value: object) => void;
}

/** The part of this name, as it is when the caller begins. */
export function useKeptPart(name: string): KeptPart {
  const { workspaces } = useDesk();
  return useMemo(
    () => ({
      saved: workspaces.part(name),
      onSave: (value) => workspaces.setPart(name, JSON.parse(JSON.stringify(value))),
    }),
    [workspaces, name],
  );
}
