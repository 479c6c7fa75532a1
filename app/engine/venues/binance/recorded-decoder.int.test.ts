import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { venueId } from '../../domain/identifiers.ts';
import { mergeRecordings } from '../../market-data/merged-recording.ts';
import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  KIND_BID_LEVEL,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { BinanceRecordedDecoder } from './recorded-decoder.ts';
import { surveyRecording } from './recorded-instruments.ts';

const DATA = resolve('../shared/data/ws');
const RECORDINGS = [
  { files: ['binance_spot/btcusdt_20240808', 'binance_spot/btcusdt_20240809'], common: 1000 },
  { files: ['binance_spot/ethusdt_20240808'], common: 500 },
  { files: ['binance_spot/btcusdt_20240808', 'binance_spot/ethusdt_20240808'], common: 1000 },
];
const BOOK_KINDS = new Set([
  KIND_BID_LEVEL,
  KIND_ASK_LEVEL,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
]);

/** Plays recordings through the decoder; compares the book's touch with the venue's own quote wherever both name one update. */
async function compare(paths: readonly string[]) {
  const survey = await surveyRecording(mergeRecordings(paths), venueId('BINANCE', 'replay'));
  const books = survey.instruments.map(({ tickSize }) => new L2Book({ tickSize }));
  const top = new BookTop(1);
  const states: number[][] = books.map(() => []);
  const touches = new Map<string, string>();
  const quotes = new Map<string, string>();
  const onRecords = (bytes: Uint8Array, count: number): void => {
    const records = new MarketRecords(count, bytes.slice(0, count * 64).buffer);
    for (let row = 0; row < count; row += 1) {
      const kind = records.kind(row);
      const index = records.instrument(row);
      const id = `${index} ${records.id(row)}`;
      if (kind === KIND_BOOK_STATUS) states[index]?.push(records.price(row));
      if (kind === KIND_BBO) {
        quotes.set(
          id,
          [
            records.price(row),
            records.quantity(row),
            records.price2(row),
            records.quantity2(row),
          ].join(' '),
        );
      }
      const book = books[index];
      if (!BOOK_KINDS.has(kind) || book === undefined) continue;
      book.apply(records, row, row + 1);
      book.top(top);
      touches.set(
        id,
        [top.bidPrices[0], top.bidQuantities[0], top.askPrices[0], top.askQuantities[0]].join(' '),
      );
    }
  };
  const decoder = new BinanceRecordedDecoder(survey.instruments, {
    onRecords,
    onRefused: (line) => {
      throw new Error(`refused: ${Buffer.from(line).toString().slice(0, 200)}`);
    },
  });
  for await (const line of mergeRecordings(paths)) {
    if (!line.ok) throw new Error(line.error.message);
    decoder.add([line.value], 1n);
  }
  decoder.end(2n);
  const common = [...quotes].filter(([id]) => touches.has(id));
  const different = common.filter(([id, quote]) => touches.get(id) !== quote);
  return { common: common.length, different, states };
}

describe.each(RECORDINGS)('$files', ({ files, common }) => {
  const paths = files.map((file) => `${DATA}/${file}.txt.gz`);
  test.skipIf(!paths.every((path) => existsSync(path)))(
    "the decoded book's touch is the venue's quote at every common update; it goes live once and is stale at the end",
    async () => {
      const compared = await compare(paths);
      expect(compared.common).toBeGreaterThan(common);
      expect(compared.different).toEqual([]);
      const once = compared.states.map(() => [BOOK_LIVE, BOOK_STALE]);
      expect(compared.states).toEqual(once);
    },
    60_000,
  );
});
