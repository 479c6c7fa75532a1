/** Something the machine lacks or a step that failed; the message says what to do. */
export class PrepareError extends Error {}
/** SHA-256 over names and contents of files and folders (paths from the root). */
export function hashOf(inputs: readonly string[]): string;
/** Runs `build` unless `output` exists and was made from inputs with this hash. */
export function whenChanged(
  stampFile: string,
  hash: string,
  output: string,
  build: () => void,
): void;
