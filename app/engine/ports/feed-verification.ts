/** What a line of a recording is. */
export type WireLineKind =
  /** The venue sent it on a stream. */
  | 'Received'
  /** We sent it. */
  | 'Sent'
  /** The venue's answer to the REST request `url`. */
  | 'Answer'
  /** A connection to `url` began. */
  | 'Connected'
  /** Something about the recording itself. */
  | 'Note';

/** One line of a recording of wire messages, as it came. `line` counts from 1 within `file`. */
export interface WireLine {
  readonly file: string;
  readonly line: number;
  readonly kind: WireLineKind;
  /** When it was received or sent, UTC nanoseconds; 0 for a Note, and where the recording does not tell. */
  readonly receivedNanos: bigint;
  /** The message alone; valid as long as the line is held. */
  readonly raw: Uint8Array;
  readonly url?: string;
}

/** Something noteworthy at a place of a recording. */
export interface FeedWarning {
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A price and a quantity as decimal text. */
export type TextLevel = readonly [price: string, quantity: string];

/** The best levels of a book, best first. */
export interface TextBook {
  readonly instrument: string;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}

/** What a connector makes of a recording: the JSON document of `qd feed verify`. */
export interface FeedReport {
  readonly messages: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly trades: number;
  readonly diffs: number;
  readonly snapshots: number;
  readonly parseErrors: number;
  readonly unknownMessages: number;
  /** A gap is explained when the recording shows a new connection in it. */
  readonly gaps: { readonly explained: number; readonly unexplained: number };
  /** Books joined again after a gap. */
  readonly resyncs: number;
  /** Messages whose ids came before, in the same order. */
  readonly duplicates: number;
  /** Messages older than what was applied. */
  readonly outOfOrder: number;
  /** Diffs that a snapshot already held: normal at a join. */
  readonly staleDiffs: number;
  readonly checksums: { readonly verified: number; readonly failed: number };
  /** Times a book stood with its best bid at or above its best ask. */
  readonly crossedBooks: number;
  readonly warnings: readonly FeedWarning[];
  /** The final ten best levels of each synchronised book. */
  readonly books: readonly TextBook[];
  /** The five best levels after the update ids asked for. */
  readonly states: readonly (TextBook & { readonly at: number })[];
}

/** An instrument as a recording writes it. */
export interface RecordedShape {
  readonly symbol: string;
  /** 0..15. */
  readonly priceScale: number;
  readonly quantityScale: number;
  /** Zeros that the venue writes behind every price, and every quantity, at these scales. */
  readonly priceZeros: number;
  readonly quantityZeros: number;
}

/** A book that makes the venues' own checksums. */
export interface ChecksummedBook {
  krakenChecksum(priceZeros: number, quantityZeros: number): number;
  okxChecksum(priceScale: number, quantityScale: number): number;
}

/** Venues whose books begin with a snapshot on the stream, by the native decoder's name of their wire. */
export type StreamWire = 'kraken' | 'okx' | 'deribit' | 'coinbase' | 'bybit' | 'alpaca';

/** What a message says by itself of a level before it: that it stands in the book, or does not. */
export interface LevelClaim {
  readonly symbol: string;
  readonly side: 'Bid' | 'Ask';
  readonly price: string;
  readonly stands: boolean;
}

/** What differs between recordings of venues. */
export interface RecordedWire {
  /** In capitals, as instruments name it. */
  readonly venue: string;
  readonly wire: StreamWire;
  /** Whether levels beyond the subscribed depth are forgotten by who keeps the book. */
  readonly truncates: boolean;
  /** The depth of a subscription that names none. */
  readonly usualDepth: number;
  /** The instruments that a message names; `narrow`: numbers did not fit with the decimals that are written. */
  discover(text: string, narrow: boolean): readonly RecordedShape[];
  /** True of what the venue says beside the market. */
  isControl(text: string): boolean;
  /** The depth of a book whose subscription a message confirms. */
  subscribedDepth?(text: string): { readonly symbol: string; readonly depth: number } | undefined;
  /** Messages in the form that the decoder reads, in their order and with the digits they have; the text itself when it says nothing of the market. */
  rewrite?(text: string): readonly string[];
  /** What a message, as it was recorded, says of the levels before it, where the venue tells new ones from those that change. */
  claims?(text: string): readonly LevelClaim[];
  /** Whether the id of each trade of an instrument is that of the one before and one. */
  readonly numbersTrades?: boolean;
  /** Whether the id of each change of a book is that of the one before and one. */
  readonly numbersChanges?: boolean;
  /** The number of a message where the venue numbers those of a connection, one by one from 0, of all channels. */
  sequenceOf?(text: string): number | undefined;
  /** The venue's checksum of a book, where its messages have one. */
  checksum?(book: ChecksummedBook, shape: RecordedShape): number;
}

/** Runs recorded lines through a venue's decoding and book keeping. */
export interface FeedVerifier {
  /** Takes the next line; files of one recording follow one another. */
  add(line: WireLine): void;
  finish(): FeedReport;
}

/** True when something is wrong with the stream itself. */
export function hasFault(report: FeedReport): boolean {
  const { parseErrors, unknownMessages, gaps, duplicates, outOfOrder, checksums } = report;
  const faults =
    parseErrors + unknownMessages + gaps.unexplained + duplicates + outOfOrder + checksums.failed;
  return faults + report.crossedBooks > 0;
}
