/** The id of the row that has the keyboard; undefined when none has. */
export function rowWithKeyboard(): string | undefined {
  return document.activeElement?.closest('.ag-row')?.getAttribute('row-id') ?? undefined;
}
