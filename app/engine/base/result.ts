/** The outcome of something that may fail in an expected way; `E` is tagged by a stable `code`. */
export type Result<T, E> = Ok<T> | Err<E>;

/** A success. */
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** An expected failure. */
export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

/** Wraps a success. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/** Wraps an expected failure. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}
