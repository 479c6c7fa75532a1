import { EncodedList, encodeCanonical, type Plain } from './canonical.ts';

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function isSame<Item>(left: readonly Item[], right: readonly Item[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

/** Encodes lists of records that are replaced, never changed: what was encoded once is copied from then on, and a list of which nothing changed not even that. */
export class ListEncoder<Item extends object> {
  #items: readonly Item[] = [];
  #pieces = new Map<Item, Uint8Array>();
  #list = new EncodedList(0, new Uint8Array());

  /** As a canonical list of `items`. Forgets those that are no longer among them. */
  encode(items: Iterable<Item>): EncodedList {
    const now = [...items];
    if (isSame(now, this.#items)) return this.#list;
    const pieces = new Map<Item, Uint8Array>();
    for (const item of now) {
      // Every value in a record is plain, which the encoder checks again.
      pieces.set(item, this.#pieces.get(item) ?? encodeCanonical(item as Plain));
    }
    this.#items = now;
    this.#pieces = pieces;
    this.#list = new EncodedList(pieces.size, joined([...pieces.values()]));
    return this.#list;
  }
}
