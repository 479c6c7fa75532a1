/** Keeps market records as they come. */
export interface MarketRecorder {
  append(records: Uint8Array, count: number): void;
  /** A message nobody understood, kept raw. */
  unknown(raw: string): void;
  close(): void;
}
