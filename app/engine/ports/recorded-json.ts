/** JSON whose numbers are texts too, as they are written: none goes through a float. */
export type WrittenJson =
  string | boolean | null | readonly WrittenJson[] | { readonly [key: string]: WrittenJson };

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A recorded message; undefined when it is no JSON. */
export function parseWritten(text: string): WrittenJson | undefined {
  const quoted = text.replace(STRING_OR_NUMBER, (part) => (part[0] === '"' ? part : `"${part}"`));
  try {
    return JSON.parse(quoted) as WrittenJson;
  } catch {
    return undefined;
  }
}

/** A member of an object; undefined when there is none, or no object. */
export function memberOf(value: WrittenJson | undefined, key: string): WrittenJson | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as { readonly [key: string]: WrittenJson })[key] : undefined;
}

/** The elements of a list; none for anything else. */
export function listOf(value: WrittenJson | undefined): readonly WrittenJson[] {
  return Array.isArray(value) ? (value as readonly WrittenJson[]) : [];
}

/** A string or a number as it is written; empty for anything else, which no decoder takes for a number. */
export function textOf(value: WrittenJson | undefined): string {
  return typeof value === 'string' ? value : '';
}
