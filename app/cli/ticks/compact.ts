import { VERSION } from '../../engine/api/version.ts';
import { compactSegment } from '../../engine/store/ticks/compaction.ts';
import { printJson, printTable } from '../output.ts';
import type { StoreOptions } from './tick-options.ts';
import { holdTickStore } from './tick-store.ts';

/** `qd ticks compact`: every segment that is worth it, in larger blocks; the rows stay as they are. An engine does so by itself two days later. */
export function compactTicks(options: StoreOptions): void {
  using store = holdTickStore(options);
  store.catalogueAll();
  const compacted = store.catalogue.entries().flatMap((entry) => {
    const saved = compactSegment(store.ticks, entry, `quarterdeck ${VERSION}`);
    const { instrument, kind, day, bytes } = entry;
    return saved === 0 ? [] : [{ instrument, kind, day, before: bytes, after: bytes - saved }];
  });
  store.catalogueAll();
  if (options.json === true) {
    printJson({ compacted });
    return;
  }
  printTable(
    ['instrument', 'kind', 'day', 'bytes before', 'bytes after'],
    compacted.map((row) => Object.values(row).map(String)),
  );
}
