/** What stands where a secret stood. */
export const MASK = '***';

/** Shortest text that is remembered as a secret: shorter ones would mask ordinary words. */
const SHORTEST_SECRET = 8;

const NAMES =
  'signature|api[-_ ]?key|x-mbx-apikey|apca-api-(?:key-id|secret-key)|x-quarterdeck-token|secret(?:[-_ ]?key)?|token|listen[-_ ]?key|pass(?:phrase|word)|authorization|(?:set-)?cookie';
/** `name=value`, `"name":"value"`, `name: value`; the scheme of an authorization goes with its value. */
const NAMED = new RegExp(
  `(\\b(?:${NAMES})\\b["']?\\s*[=:]\\s*["']?)((?:bearer|basic)\\s+)?[^\\s"'&,;}\\])]+`,
  'gi',
);
const SECRET_NAME = new RegExp(`^(?:${NAMES})$`, 'i');

/** Takes secrets out of text: values under names that only secrets have, and every value it was told of, wherever it stands. */
export class Masker {
  readonly #secrets = new Set<string>();

  /** Remembers a secret of this process. */
  learn(secret: string): void {
    if (secret.length >= SHORTEST_SECRET) this.#secrets.add(secret);
  }

  /** The text without secrets. */
  text(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, MASK);
    return masked.replace(NAMED, `$1${MASK}`);
  }

  /** The value of a field of that name without secrets. */
  field(name: string, value: string): string {
    return SECRET_NAME.test(name) ? MASK : this.text(value);
  }
}
