const TAG = /^[\x20-\x7e]{1,32}$/;
const WRITTEN = /^(?:[\x21-\x24\x26-\x7e]|%20|%25)+$/;

/** What a tag may look like, for error messages. */
export const TAG_FORM =
  'tag= and 1 to 32 printable ASCII characters, a space written %20 and a percent sign %25';

/** Reads a tag as a word of a line; undefined when it is none. */
export function parseTag(text: string): string | undefined {
  if (!WRITTEN.test(text)) return undefined;
  const tag = text.replaceAll('%20', ' ').replaceAll('%25', '%');
  return TAG.test(tag) ? tag : undefined;
}

/** Writes a tag as `parseTag` reads it. */
export function printTag(tag: string): string {
  return tag.replaceAll('%', '%25').replaceAll(' ', '%20');
}
