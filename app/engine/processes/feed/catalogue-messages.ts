import type { TickFilter, TickSegmentEntry } from '../../ports/tick-catalogue.ts';

/** What the catalogue's thread is started with. */
export interface CatalogueThreadData {
  readonly dataFolder: string;
}

/** What the catalogue's thread is asked; `id` comes back with the answer. */
export type CatalogueRequest =
  /** Take in what changed; days before `nowNanos`'s own are over. */
  | { readonly type: 'Refresh'; readonly id: number; readonly nowNanos: bigint }
  | { readonly type: 'Read'; readonly id: number; readonly filter: TickFilter };

/** Its answers; one thread answers one request after the other. */
export type CatalogueAnswer =
  | { readonly type: 'Refreshed'; readonly id: number; readonly problems: readonly string[] }
  | { readonly type: 'Entries'; readonly id: number; readonly entries: readonly TickSegmentEntry[] }
  | { readonly type: 'Failed'; readonly id: number; readonly message: string };
