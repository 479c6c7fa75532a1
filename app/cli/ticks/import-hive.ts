import { VERSION } from '../../engine/api/version.ts';
import { openDuck } from '../../engine/store/archive/duck.ts';
import { findHiveFiles, importHiveFile } from '../../engine/store/archive/hive.ts';
import { dataVersionOf } from '../../engine/store/ticks/catalogue.ts';
import { CommandFailure, printJson, printLine, WRONG_INPUT } from '../output.ts';
import type { StoreOptions } from './tick-options.ts';
import { holdTickStore } from './tick-store.ts';

/** `qd ticks import FOLDER --kind hive`: files of `qd ticks export --format …`, each whole; the first that cannot be taken ends it. */
export async function importHive(folder: string, options: StoreOptions): Promise<void> {
  const found = findHiveFiles(folder);
  if (!found.ok) throw new CommandFailure(WRONG_INPUT, found.error.message);
  using store = holdTickStore(options);
  using duck = await openDuck();
  let rows = 0;
  try {
    for (const file of found.value) {
      const origin = {
        source: `export: ${file.path}`,
        writtenBy: `quarterdeck ${VERSION}`,
        withoutSteps: true as const,
      };
      const kept = await importHiveFile(duck, store.ticks, file, origin);
      if (!kept.ok) throw new CommandFailure(WRONG_INPUT, kept.error.message);
      rows += kept.value;
    }
  } finally {
    store.catalogueAll();
  }
  const files = found.value.length;
  const dataVersion = dataVersionOf(
    found.value.flatMap(({ instrument, kind, day }) =>
      store.catalogue.entries({ instrument, kind, fromDay: day, toDay: day }),
    ),
  );
  if (options.json === true) printJson({ rows, files, dataVersion });
  else printLine(`${rows} rows of ${files} files`);
}
