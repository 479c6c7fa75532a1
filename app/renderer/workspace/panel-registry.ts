import type { ComponentType } from 'react';

/** What a panel is to the dock. */
export interface PanelDefinition {
  /** Stable name: part of saved layouts. */
  readonly name: string;
  readonly title: string;
  readonly component: ComponentType;
  /** It is linked when it is docked. */
  readonly linked: boolean;
  /** Orders can be sent or changed here: it carries the simulation mark. */
  readonly trades: boolean;
  /** It shows one instrument: its tab names it, and another can be sent to it. */
  readonly instrument: boolean;
}
