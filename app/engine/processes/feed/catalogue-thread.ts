// The thread of `feed` that keeps the tick catalogue: reading a day's segments takes seconds, and SQLite writes when it likes.
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { VERSION } from '../../api/version.ts';
import { openDatabase } from '../../store/database.ts';
import { Cataloguer } from '../../store/ticks/cataloguer.ts';
import { storeDay } from '../../store/ticks/downloaded-day.ts';
import { droppedTicks } from '../../store/ticks/dropped-ticks.ts';
import { SqliteQualityMarks } from '../../store/ticks/quality-marks.ts';
import { SqliteTickCatalogue } from '../../store/ticks/catalogue.ts';
import { TickHousekeeper } from '../../store/ticks/tick-housekeeper.ts';
import type {
  CatalogueAnswer,
  CatalogueRequest,
  CatalogueThreadData,
} from './catalogue-messages.ts';

const { dataFolder } = workerData as CatalogueThreadData;
const database = openDatabase(dataFolder);
const problems: string[] = [];
if (database.ok && database.value.damaged !== undefined) {
  problems.push(
    `quarterdeck.db was damaged; it lies in ${database.value.damaged}, a new one is made`,
  );
}
const catalogue = database.ok ? new SqliteTickCatalogue(database.value.sqlite) : undefined;
const quality = database.ok ? new SqliteQualityMarks(database.value.sqlite) : undefined;
const ticks = join(dataFolder, 'ticks');
const WRITTEN_BY = `quarterdeck ${VERSION}`;
const cataloguer = catalogue && new Cataloguer(ticks, catalogue);
const housekeeper = catalogue && new TickHousekeeper(ticks, catalogue, WRITTEN_BY);

function answer(request: CatalogueRequest): CatalogueAnswer {
  const { id } = request;
  // Days can be kept without a catalogue, which finds them later.
  if (request.type === 'StoreDay') {
    return { type: 'DayStored', id, rows: storeDay(ticks, WRITTEN_BY, request.told) };
  }
  if (catalogue === undefined || cataloguer === undefined || quality === undefined) {
    return { type: 'Failed', id, message: database.ok ? '' : database.error.message };
  }
  switch (request.type) {
    case 'Read':
      return { type: 'Entries', id, entries: catalogue.entries(request.filter) };
    case 'KeepQuality':
      for (const { instrument, minutes } of request.marks) quality.keep(instrument, minutes);
      return { type: 'QualityKept', id };
    case 'ReadQuality':
      return { type: 'Quality', id, minutes: quality.read(request.instrument, request.range) };
    case 'ReadDropped':
      return { type: 'Dropped', id, dropped: droppedTicks(ticks, request.instrument) };
    case 'Refresh': {
      const { nowNanos, retention } = request;
      const round = cataloguer.refresh(nowNanos);
      const kept = retention && housekeeper?.keep(retention, nowNanos);
      const said = [...problems.splice(0), ...round.problems, ...(kept?.problems ?? [])];
      return { type: 'Refreshed', id, problems: said, ...(kept && { kept }) };
    }
  }
}

parentPort?.on('message', (request: CatalogueRequest) => {
  try {
    parentPort?.postMessage(answer(request));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ type: 'Failed', id: request.id, message } satisfies CatalogueAnswer);
  }
});
