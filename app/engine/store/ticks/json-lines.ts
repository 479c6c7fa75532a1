import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';

const NEWLINE = 0x0a;

/** Adds a value as a line to a file of such lines, when asked so that it survives the loss of power; big integers as text. Throws the system's error. */
export function appendJsonLine(path: string, value: object, durable = false): void {
  const file = openSync(path, 'a+', 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    const torn = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
    const text = JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint' ? part.toString() : part,
    );
    writeSync(file, `${torn ? '\n' : ''}${text}\n`);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The lines of such a file that `read` understands, oldest first; none of a file that is not there. A line that a crash tore says nothing. */
export function readJsonLines<Value>(
  path: string,
  read: (fields: Readonly<Record<string, unknown>>) => Value | undefined,
): readonly Value[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const fields = fieldsOf(line);
      return (fields && read(fields)) ?? [];
    });
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? { ...read } : undefined;
  } catch {
    return undefined;
  }
}

/** A number of nanoseconds as such a line keeps it. */
export function nanosOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}
