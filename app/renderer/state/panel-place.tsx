import { createContext, use, type ReactNode } from 'react';

/** Which docked panel a component belongs to: a type may be docked more than once. */
export interface PanelPlace {
  /** Unique in its workspace, also across windows. */
  readonly id: string;
  readonly type: string;
}

const PlaceContext = createContext<PanelPlace | undefined>(undefined);

/** Tells the components below which panel they are in. */
export function PanelPlaceProvider({
  place,
  children,
}: {
  readonly place: PanelPlace;
  readonly children: ReactNode;
}): ReactNode {
  return <PlaceContext value={place}>{children}</PlaceContext>;
}

/** The panel around this component; undefined in the frame of the window. */
export function usePanelPlace(): PanelPlace | undefined {
  return use(PlaceContext);
}
