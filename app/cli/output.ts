/** Exit status: it ran and failed, or what it verified does not hold. */
export const FAILED = 1;
/** Exit status: the command line or an input file is wrong. */
export const WRONG_INPUT = 2;

/** Ends a command with one line on standard error and an exit status. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly status: number;

  constructor(status: number, line: string) {
    super(line);
    this.status = status;
  }
}

/** Prints the one JSON document of a command; big whole numbers as decimal text. */
export function printJson(document: unknown): void {
  const text = JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  process.stdout.write(`${text}\n`);
}

/** Prints a line for people. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints rows as columns: text to the left, numbers to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const numeric = header.map((_, column) =>
    rows.every((row) => /^-?[\d.,]*$/.test(row[column] ?? '')),
  );
  for (const row of [header, ...rows]) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return numeric[column] === true ? cell.padStart(width) : cell.padEnd(width);
    });
    printLine(cells.join('  ').trimEnd());
  }
}
