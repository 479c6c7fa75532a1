/** What the operating system or a unit of the native core refused: `code` is its own or the system's (`ENOSPC`), `osError` the system's number or 0. */
export interface NativeIoError {
  readonly code: string;
  readonly osError: number;
  readonly detail: string;
}
