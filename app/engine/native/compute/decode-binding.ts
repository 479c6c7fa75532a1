/** The native decoder. Arguments are not checked there; see `native/binding/decode.cpp`. */
export interface DecoderCore {
  /** Returns the records written, or -1 when `ends` is no rising list within `bytes`. */
  decode(
    bytes: Uint8Array,
    ends: Uint32Array,
    count: number,
    tsInitNanos: BigInt64Array,
    out: Uint8Array,
    status: Int32Array,
  ): number;
  /** Returns the records written from record `first` of `out`, or a negative status. */
  decodeSnapshot(
    bytes: Uint8Array,
    instrument: number,
    tsInitNanos: BigInt64Array,
    out: Uint8Array,
    first: number,
  ): number;
}

/** What the addon offers for decoding; a row of `numbers` is index, price scale, quantity scale; `wire` is one of `WIRES`. */
export interface DecodeBinding {
  readonly DecoderCore: new (
    symbols: readonly string[],
    numbers: Int32Array,
    wire: number,
  ) => DecoderCore;
}
