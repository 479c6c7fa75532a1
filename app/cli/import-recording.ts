import type { Result } from '../engine/base/result.ts';
import { venueId, type VenueId } from '../engine/domain/identifiers.ts';
import type { Instrument } from '../engine/domain/instrument.ts';
import { StreamVerifier } from '../engine/market-data/stream-verifier.ts';
import type { WireRecordingError } from '../engine/market-data/wire-recording.ts';
import { MARKET_RECORD_BYTES, MarketRecords } from '../engine/native/compute/market-record.ts';
import type { RecordedShape, RecordedWire, WireLine } from '../engine/ports/feed-verification.ts';
import { instrumentFrom } from '../engine/ports/instrument-terms.ts';
import type { TickRecorder } from '../engine/store/ticks/tick-recorder.ts';
import { BinanceRecordedDecoder } from '../engine/venues/binance/recorded-decoder.ts';
import { surveyRecording } from '../engine/venues/binance/recorded-instruments.ts';

/** Reads a recording from its beginning. */
export type OpenRecording = () => AsyncIterable<Result<WireLine, WireRecordingError>>;

/** Keeps records of instruments that are numbered by their places. */
export type OpenKeeper = (
  instruments: readonly Instrument[],
) => Pick<TickRecorder, 'append' | 'flush' | 'state'> & Disposable;

/** What an import has kept. */
export interface ImportReport {
  readonly instruments: readonly Instrument[];
  readonly rows: number;
  /** Records that could not be kept, and the last reason. */
  readonly lost: number;
  readonly problem?: string;
}

/** Keeps a recording whose books begin on the stream: read once to learn its instruments, and once more for its records. Times are those of receipt. */
export async function importStream(
  wire: RecordedWire,
  open: OpenRecording,
  keeper: OpenKeeper,
): Promise<ImportReport> {
  const first = new StreamVerifier(wire);
  await readInto(open, (line) => first.add(line));
  const venue = venueId(wire.venue.replaceAll('_', '-'), 'replay');
  const instruments = first.shapes.map((shape) => instrumentOf(shape, venue));
  using recorder = keeper(instruments);
  const second = new StreamVerifier(wire, first.shapes, (records, from, to) => {
    const own = new MarketRecords(to - from);
    own.bytes.set(records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES));
    // A recording without times of receipt is kept at the venue's.
    own.moveTsInit(to - from, (at) => (at === 0n ? own.tsEventNanos(0) : at));
    recorder.append(own.bytes, to - from);
  });
  await readInto(open, (line) => second.add(line));
  return reportOf(recorder, instruments);
}

/** Keeps a recording of Binance, whose books are joined from a snapshot over REST. */
export async function importBinance(
  open: OpenRecording,
  keeper: OpenKeeper,
): Promise<ImportReport> {
  const { instruments } = await surveyRecording(open(), venueId('BINANCE', 'replay'));
  using recorder = keeper(instruments);
  const decoder = new BinanceRecordedDecoder(instruments, {
    onRecords: (bytes, count) => recorder.append(bytes, count),
    onRefused: () => undefined,
  });
  await readInto(open, (line) => decoder.add([line], line.receivedNanos));
  return reportOf(recorder, instruments);
}

async function readInto(open: OpenRecording, take: (line: WireLine) => void): Promise<void> {
  for await (const line of open()) if (line.ok) take(line.value);
}

function reportOf(
  recorder: ReturnType<OpenKeeper>,
  instruments: readonly Instrument[],
): ImportReport {
  recorder.flush();
  const { rows, lost, problem } = recorder.state;
  return { instruments, rows, lost, ...(problem === undefined ? {} : { problem }) };
}

function instrumentOf({ symbol, ...shape }: RecordedShape, venue: VenueId): Instrument {
  const [base = symbol, quote = symbol] = symbol.split(/[/_-]/);
  const none = { minQuantity: '0', maxQuantity: '0', minNotional: '0' };
  return instrumentFrom(
    {
      symbol,
      base,
      quote,
      tick: '0',
      step: '0',
      ...none,
      priceDecimals: shape.priceScale,
      quantityDecimals: shape.quantityScale,
      status: 'Closed',
    },
    venue,
  );
}
