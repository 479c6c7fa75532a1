import type { FeedReport, FeedWarning, TextBook, WireLine } from './feed-verification.ts';

const MOST_WARNINGS = 1_000;

/** What one counts of a recording, whatever the venue. */
export class FeedTally {
  readonly counts = {
    messages: 0,
    parseErrors: 0,
    unknownMessages: 0,
    explained: 0,
    unexplained: 0,
    resyncs: 0,
    duplicates: 0,
    outOfOrder: 0,
    staleDiffs: 0,
    crossedBooks: 0,
    verified: 0,
    failed: 0,
  };
  readonly #byKind: Record<string, number> = {};
  readonly #warnings: FeedWarning[] = [];

  /** Counts a message, or an event in it, as one of a kind. */
  count(kind: string): void {
    this.#byKind[kind] = (this.#byKind[kind] ?? 0) + 1;
  }

  /** Keeps a warning, while there are not too many. */
  warn({ file, line }: WireLine, code: string, message: string): void {
    if (this.#warnings.length < MOST_WARNINGS) this.#warnings.push({ code, file, line, message });
  }

  /** Counts a message that was not decoded: `unknown` when it is legal and of no kind that is read. */
  refuse(line: WireLine, code: string, unknown: boolean, text: string): void {
    if (unknown) this.counts.unknownMessages += 1;
    else this.counts.parseErrors += 1;
    this.count(unknown ? 'unknown' : 'malformed');
    this.warn(line, code, `not decoded: ${text}`);
  }

  report(books: readonly TextBook[], states: FeedReport['states']): FeedReport {
    const {
      messages,
      parseErrors,
      unknownMessages,
      explained,
      unexplained,
      verified,
      failed,
      ...rest
    } = this.counts;
    return {
      messages,
      byKind: this.#byKind,
      trades: this.#byKind['trade'] ?? 0,
      diffs: this.#byKind['diff'] ?? 0,
      snapshots: this.#byKind['snapshot'] ?? 0,
      parseErrors,
      unknownMessages,
      gaps: { explained, unexplained },
      ...rest,
      checksums: { verified, failed },
      warnings: this.#warnings,
      books,
      states,
    };
  }
}
