import type { Instrument } from '../../domain/instrument.ts';
import { Decoder } from '../../native/compute/decode.ts';
import {
  BOOK_LIVE,
  BOOK_RESYNCING,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import { BOOK_REASON } from '../../ports/market-data-client.ts';
import type { RecordedDecoder } from '../../ports/recorded-market.ts';
import { BookSync } from './book-sync.ts';
import { discover, symbolOfSnapshot } from './recorded-message.ts';
import { FrameDecoder, type Frame } from '../../native/compute/frame-decoder.ts';

const MOST_BUFFERED = 20_000;
const SNAPSHOT_LEVELS = 10_001;
const SNAPSHOT_START = '{"lastUpdateId"';

/** Whom the records are told. */
export interface RecordedSink {
  onRecords(records: Uint8Array, count: number): void;
  onRefused(line: Uint8Array): void;
}

interface Track {
  readonly index: number;
  readonly symbol: string;
  sync: BookSync | undefined;
  buffer: Uint8Array[];
  state: number;
}

/** Binance recordings (spot, USD-M, COIN-M) as records: the continuity rule follows from whether diffs name the update before. */
export class BinanceRecordedDecoder implements RecordedDecoder {
  readonly #frames = new FrameDecoder();
  readonly #decoder: Decoder;
  readonly #tracks: readonly Track[];
  readonly #sink: RecordedSink;
  readonly #status = new MarketRecords(1);
  readonly #snapshot = new MarketRecords(SNAPSHOT_LEVELS);
  /** The newest stream message of each file: a REST snapshot does not say whose it is, its file does. */
  readonly #lastOfFile = new Map<string, Uint8Array>();

  constructor(instruments: readonly Instrument[], sink: RecordedSink) {
    this.#sink = sink;
    this.#tracks = instruments.map(({ symbol }, index) => ({
      index,
      symbol,
      sync: undefined,
      buffer: [],
      state: BOOK_RESYNCING,
    }));
    this.#decoder = new Decoder(
      instruments.map(({ symbol, priceScale, quantityScale }, index) => {
        return { symbol, index, priceScale, quantityScale };
      }),
    );
  }

  add(lines: readonly WireLine[], nowNanos: bigint): void {
    let frames: Frame[] = [];
    for (const line of lines) {
      if (line.kind !== 'Received' && line.kind !== 'Answer') continue;
      if (isSnapshot(line.raw)) {
        this.#decode(frames, nowNanos);
        frames = [];
        this.#onSnapshot(line, nowNanos);
      } else if (line.kind === 'Received') {
        this.#lastOfFile.set(line.file, line.raw);
        frames.push({ data: line.raw, receivedNanos: nowNanos });
      }
    }
    this.#decode(frames, nowNanos);
  }

  end(nowNanos: bigint): void {
    for (const track of this.#tracks) {
      this.#setState(track, BOOK_STALE, BOOK_REASON.disconnected, nowNanos);
    }
  }

  #decode(frames: readonly Frame[], nowNanos: bigint): void {
    if (frames.length === 0) return;
    this.#frames.decode(this.#decoder, frames, {
      onRecords: (records, count) => this.#onRecords(records, count, nowNanos),
      onRefused: (data) => this.#sink.onRefused(data),
    });
  }

  /** Passes records on in runs; the diffs of a book that is not joined yet wait. */
  #onRecords(records: MarketRecords, count: number, nowNanos: bigint): void {
    let runStart = 0;
    for (let row = 0; row < count; row += 1) {
      if (records.kind(row) !== KIND_DIFF_HEADER) continue;
      const end = row + records.quantity(row) + 1;
      if (!this.#takesDiff(records, row, end, nowNanos)) {
        this.#emit(records, runStart, row);
        runStart = end;
      }
      row = end - 1;
    }
    this.#emit(records, runStart, count);
  }

  #takesDiff(records: MarketRecords, from: number, to: number, nowNanos: bigint): boolean {
    const track = this.#tracks[records.instrument(from)];
    if (track === undefined) return false;
    const previous = records.price2(from);
    track.sync ??= new BookSync(previous < 0 ? 'FirstUpdate' : 'PreviousUpdate', MOST_BUFFERED);
    const verdict = track.sync.onDiff({
      first: records.price(from),
      last: records.id(from),
      ...(previous < 0 ? {} : { previous }),
    });
    if (verdict === 'Apply') return true;
    if (verdict === 'Drop') return false;
    if (verdict === 'Gap') {
      track.buffer = [];
      this.#setState(track, BOOK_RESYNCING, BOOK_REASON.gap, nowNanos);
    }
    const bytes = records.bytes.slice(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
    track.buffer.push(bytes);
    return false;
  }

  #onSnapshot(line: WireLine, nowNanos: bigint): void {
    const beside = this.#lastOfFile.get(line.file);
    const symbol = symbolOfSnapshot(line.raw, line.url) ?? (beside && discover(beside)?.symbol);
    const track = this.#tracks.find((candidate) => candidate.symbol === symbol);
    if (track?.sync === undefined) return;
    const count = this.#decoder.decodeSnapshot(line.raw, track.index, nowNanos, this.#snapshot);
    if (count < 0) {
      this.#sink.onRefused(line.raw);
      return;
    }
    const verdict = track.sync.onSnapshot(this.#snapshot.id(0));
    if (!verdict.use) return;
    this.#sink.onRecords(this.#snapshot.bytes, count);
    for (const diff of track.buffer.slice(verdict.applyFrom)) {
      this.#sink.onRecords(diff, diff.byteLength / MARKET_RECORD_BYTES);
    }
    track.buffer = [];
    this.#setState(track, BOOK_LIVE, BOOK_REASON.none, nowNanos);
  }

  #emit(records: MarketRecords, from: number, to: number): void {
    if (to <= from) return;
    const start = from * MARKET_RECORD_BYTES;
    const bytes = from === 0 ? records.bytes : records.bytes.slice(start, to * MARKET_RECORD_BYTES);
    this.#sink.onRecords(bytes, to - from);
  }

  #setState(track: Track, state: number, reason: number, nowNanos: bigint): void {
    if (track.state === state) return;
    track.state = state;
    const { index } = track;
    this.#status.set(0, KIND_BOOK_STATUS, FLAG_LAST, index, 0n, nowNanos, state, reason, 0, 0, 0);
    this.#sink.onRecords(this.#status.bytes, 1);
  }
}

function isSnapshot(raw: Uint8Array): boolean {
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(40, raw.byteLength));
  return start.toString('latin1').startsWith(SNAPSHOT_START);
}
